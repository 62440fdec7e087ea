import { runBacktest } from "./backtest.ts";
import { describeRun, type RunDescription } from "./describe-run.ts";
import type { RunResult } from "./result.ts";
import type { AnyInput } from "./several/any-run.ts";
import { describeMarkets } from "./several/describe-markets.ts";
import { type MarketsResult, runMarkets } from "./several/run-markets.ts";

export type Played = Readonly<{
  result: RunResult & Partial<Pick<MarketsResult, "moments">>;
  describe: () => RunDescription;
}>;

/** Runs what it is given, in one market or in several, and measures it once it is asked to. */
export function play(input: AnyInput): Played {
  if (!("markets" in input)) {
    const result = runBacktest(input);
    return { result, describe: () => describeRun(input, result) };
  }
  const result = runMarkets(input);
  return { result, describe: () => describeMarkets(input, result) };
}
