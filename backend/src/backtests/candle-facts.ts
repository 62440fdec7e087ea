import type { DataUsed } from "@trading/contracts/backtests";
import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { type Columns, certify } from "@trading/engine";

const names = ["rows", "first", "last", "gaps", "missing", "impossible", "jumps"] as const;

/** What the candles of a run alone decide of what is told about them. */
export type CandleFacts = Pick<DataUsed, (typeof names)[number]>;

export function candleFactsOf(columns: Columns, timeframe: Timeframe): CandleFacts {
  const { gaps, missing, impossible, jumps } = certify(columns, timeframeMs[timeframe]);
  const at = (ms: number | undefined) => new Date(ms ?? 0).toISOString();
  const { time } = columns;
  const [first, last] = [at(time[0]), at(time.at(-1))];
  return { rows: time.length, first, last, gaps, missing, impossible, jumps };
}

/** Those of all that was told about candles; what was not told is left out. */
export const factsAmong = (told: Readonly<Record<string, unknown>>): Partial<CandleFacts> =>
  Object.fromEntries(names.flatMap((name) => (name in told ? [[name, told[name]]] : [])));
