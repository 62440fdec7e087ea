import type { Verdict } from "@trading/contracts/reports";
import { BrowserRun, startBacktestWorker, type WorkerLike } from "./browser-run.ts";
import type { CandleSet, RunProblem, RunWish, Script } from "./protocol.ts";

/** What a result was made from and what came out; inputs are unknown of results from before there were reports. */
export type Receipt = Readonly<{
  engineVersion: string;
  strategyVersion: string;
  inputs: string | null;
  dataRevision: string;
  fingerprint: string;
}>;

/** Why two results are not the same: the first of their inputs that differs. */
export function verdictOf(before: Receipt, now: Receipt): Verdict {
  if (before.fingerprint === now.fingerprint) return "same";
  if (before.dataRevision !== now.dataRevision) return "data-changed";
  if (before.strategyVersion !== now.strategyVersion) return "strategy-changed";
  if (before.inputs !== null && before.inputs !== now.inputs) return "inputs-changed";
  if (before.engineVersion !== now.engineVersion) return "other-engine";
  return "different";
}

type Inputs = Readonly<{ set: CandleSet; script: Script; wish: RunWish }>;

/** Runs once in a worker that ran nothing before, and is gone afterwards. */
export function runAfresh(
  { set, script, wish }: Inputs,
  start: () => WorkerLike = startBacktestWorker,
): Promise<Receipt | RunProblem> {
  return new Promise((resolve) => {
    const run = new BrowserRun({
      start,
      onOutcome: (outcome) => {
        run.dispose();
        resolve(
          outcome.kind === "done" ? outcome.result.description.report.receipt : outcome.problem,
        );
      },
    });
    run.takeCandles(set);
    run.takeScript(script);
    run.run(wish);
  });
}
