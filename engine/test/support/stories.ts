import type { Context, Order, RunResult } from "../../src/index.ts";
import { type Asked, candlesOf, type Row, run, scripted } from "./runs.ts";

/** What is done, by the number of the candle. */
export type Script = Readonly<Record<number, (context: Context) => void>>;
export type Settings = NonNullable<Asked["settings"]>;

/** A candle in which little happens. */
export const quiet: Row = [100, 101, 99, 100];

export const buy = (context: Context): Order => context.market({ side: "buy", quantity: 1 });

export const bracket = (context: Context): Order =>
  context.bracket({ side: "buy", quantity: 1, stop: 98, target: 103 });

/** Plays a script over candles of one minute. */
export const play = (
  rows: readonly Row[],
  script: Script,
  settings: Settings = {},
  more: Pick<Asked, "market"> & Readonly<{ volume?: number }> = {},
): RunResult => {
  const { volume = 1, ...rules } = more;
  const candles = { ...candlesOf(rows), volume: new Float64Array(rows.length).fill(volume) };
  return run({ strategy: scripted(script), candles, settings, ...rules });
};

/** On which candle, on which side and at what price it filled. */
export const fillsOf = (...given: Parameters<typeof play>) =>
  play(...given).fills.map(({ index, side, price }) => [index, side, price]);
