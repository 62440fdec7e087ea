import { startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type { BrowserExplanation, CandleSet, RunProblem, RunWish, Script } from "./protocol.ts";

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Explains a run in a worker of its own, so that sliders stay free; `signal` ends it. */
export function explainInWorker(
  { set, script, wish }: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike = startBacktestWorker,
): Promise<BrowserExplanation | RunProblem> {
  const worker = start();
  const { promise, resolve, reject } = Promise.withResolvers<BrowserExplanation | RunProblem>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  worker.onerror = ({ message }) => resolve({ code: "strategy-failed", detail: message });
  worker.onmessage = ({ data }) => {
    if (data.kind === "explained") resolve(data.explained);
    if (data.kind === "failed") resolve(data.problem);
  };
  worker.postMessage({ kind: "candles", set });
  worker.postMessage({ kind: "script", script });
  worker.postMessage({ kind: "explain", id: 1, wish });
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    worker.terminate();
  });
}
