import type { StrategyCheck } from "@trading/engine";
import { startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type { BrowserExplanation, CandleSet, RunProblem, RunWish, Script } from "./protocol.ts";

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Explains a run in a worker of its own, so that sliders stay free; `signal` ends it. */
export const explainInWorker = (
  inputs: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike = startBacktestWorker,
) => askInWorker("explain", inputs, signal, start) as Promise<BrowserExplanation | RunProblem>;

/** Checks the strategy of a run in a worker of its own; `signal` ends it. */
export const checkInWorker = (inputs: Inputs, signal: AbortSignal) =>
  askInWorker("check", inputs, signal, startBacktestWorker) as Promise<StrategyCheck | RunProblem>;

function askInWorker(
  kind: "explain" | "check",
  { set, script, wish }: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike,
): Promise<BrowserExplanation | StrategyCheck | RunProblem> {
  const worker = start();
  const { promise, resolve, reject } = Promise.withResolvers<
    BrowserExplanation | StrategyCheck | RunProblem
  >();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  worker.onerror = ({ message }) => resolve({ code: "strategy-failed", detail: message });
  worker.onmessage = ({ data }) => {
    if (data.kind === "explained") resolve(data.explained);
    if (data.kind === "checked") resolve(data.check);
    if (data.kind === "failed") resolve(data.problem);
  };
  worker.postMessage({ kind: "candles", set });
  worker.postMessage({ kind: "script", script });
  worker.postMessage({ kind, id: 1, wish });
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    worker.terminate();
  });
}
