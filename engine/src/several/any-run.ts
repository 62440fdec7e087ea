import { runBacktest } from "../backtest.ts";
import type { RunResult } from "../result.ts";
import type { RunInput } from "../run.ts";
import type { MarketsInput } from "./input.ts";
import { runMarkets } from "./run-markets.ts";

/** A run over one market, or over several in one wallet. */
export type AnyInput = RunInput | MarketsInput;

/** Runs what it is given, in one market or in several; throws what `runBacktest` throws. */
export const runAny = (input: AnyInput): RunResult =>
  "markets" in input ? runMarkets(input) : runBacktest(input);
