import type { StrategyCheck } from "@trading/engine";
import { startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type {
  BrowserExplanation,
  CandleSet,
  FromWorker,
  RunProblem,
  RunWish,
  Script,
} from "./protocol.ts";

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Explains a run in a worker of its own, so that sliders stay free; `signal` ends it. */
export const explainInWorker = (
  inputs: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike = startBacktestWorker,
): Promise<BrowserExplanation | RunProblem> =>
  askInWorker("explain", inputs, signal, start, (data) =>
    data.kind === "explained" ? data.explained : null,
  );

/** Checks the strategy of a run in a worker of its own; `signal` ends it. */
export const checkInWorker = (
  inputs: Inputs,
  signal: AbortSignal,
): Promise<StrategyCheck | RunProblem> =>
  askInWorker("check", inputs, signal, startBacktestWorker, (data) =>
    data.kind === "checked" ? data.check : null,
  );

function askInWorker<Answer>(
  kind: "explain" | "check",
  { set, script, wish }: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike,
  answerOf: (data: FromWorker) => Answer | null,
): Promise<Answer | RunProblem> {
  const worker = start();
  const { promise, resolve, reject } = Promise.withResolvers<Answer | RunProblem>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort);
  worker.onerror = ({ message }) => resolve({ code: "strategy-failed", detail: message });
  worker.onmessage = ({ data }) => {
    const answer = data.kind === "failed" ? data.problem : answerOf(data);
    if (answer !== null) resolve(answer);
  };
  worker.postMessage({ kind: "candles", set });
  worker.postMessage({ kind: "script", script });
  worker.postMessage({ kind, id: 1, wish });
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    worker.terminate();
  });
}
