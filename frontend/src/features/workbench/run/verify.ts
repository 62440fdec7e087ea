import type { RunDescription } from "@trading/engine";
import { BrowserRun, startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type { CandleSet, RunProblem, RunWish, Script } from "./protocol.ts";

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Runs once in a worker that ran nothing before, and is gone afterwards. */
export function runAfresh(
  { set, script, wish }: Inputs,
  start: () => WorkerLike = startBacktestWorker,
): Promise<RunDescription | RunProblem> {
  return new Promise((resolve) => {
    const run = new BrowserRun({
      start,
      onOutcome: (outcome) => {
        run.dispose();
        resolve(outcome.kind === "done" ? outcome.result.description : outcome.problem);
      },
    });
    run.takeCandles(set);
    run.takeScript(script);
    run.run(wish);
  });
}
