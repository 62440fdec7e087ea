import type { StrategyCheck } from "@trading/engine";
import { startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type {
  BrowserExplanation,
  CandleSet,
  FromWorker,
  RunProblem,
  RunWish,
  Script,
  ToWorker,
} from "./protocol.ts";

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Explains a run in a worker of its own, so that sliders stay free; `signal` ends it. */
export const explainInWorker = (
  inputs: Inputs,
  signal: AbortSignal,
  start: () => WorkerLike = startBacktestWorker,
): Promise<BrowserExplanation | RunProblem> =>
  askInWorker({ kind: "explain", id: 1, wish: inputs.wish }, inputs, signal, start, (data) =>
    data.kind === "explained" ? data.explained : null,
  );

/** Checks the strategy of a run after so many moments, in a worker of its own; `signal` ends it. */
export function checkInWorker(
  inputs: Inputs,
  moments: number,
  signal: AbortSignal,
): Promise<StrategyCheck | RunProblem> {
  const wish = { kind: "check", id: 1, wish: inputs.wish, moments } as const;
  return askInWorker(wish, inputs, signal, startBacktestWorker, (data) =>
    data.kind === "checked" ? data.check : null,
  );
}

function askInWorker<Answer>(
  asked: ToWorker,
  { set, script }: Inputs,
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
  worker.postMessage(asked);
  return promise.finally(() => {
    signal.removeEventListener("abort", abort);
    worker.terminate();
  });
}
