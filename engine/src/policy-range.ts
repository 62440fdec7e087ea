import { heldAfter } from "./account.ts";
import { runBacktest } from "./backtest.ts";
import { fillSettingsOf } from "./fill-settings.ts";
import type { Fill, RunResult } from "./result.ts";
import type { RunInput } from "./run.ts";
import type { FillPolicy } from "./run-settings.ts";

/** What a run comes to under one policy. */
export type PolicyRun = Readonly<{
  policy: FillPolicy;
  finalEquity: number;
  netProfitShare: number;
  /** Fraction of the highest equity before, at most 0. */
  maxDrawdown: number;
  closedTrades: number;
  ambiguousCandles: number;
  fingerprint: string;
}>;

/**
 * The same run under every policy, its own first. Taking the worse inside each candle is no bound on the end: a stop that was
 * spared can lead to a worse trade later. Only the runs themselves tell how far apart they end.
 */
export type PolicyRange = Readonly<{
  runs: readonly PolicyRun[];
  /** Candles in which runs part: the position was on the same side, the fills are not the same. */
  parting: number;
  /** Open times of the first of them, ms since epoch. */
  partingAt: readonly number[];
}>;

const partingListMax = 200;

/** Runs the same under the other policies; `detail` only where finer candles are at hand. */
export function comparePolicies(input: RunInput, result: RunResult): PolicyRange {
  const { capital } = input.settings;
  const own = fillSettingsOf(input.settings).fillPolicy;
  const parting = new Set<number>();
  const others = policies.filter(
    (policy) => policy !== own && (policy !== "detail" || input.detail),
  );
  const runs = others.map((fillPolicy) => {
    const { onProgress: _, equityMemory: __, ...rest } = input;
    const settings = { ...input.settings, fillPolicy };
    const other = runBacktest({ ...rest, settings, isPlotted: false });
    for (const index of partingOf(result.fills, other.fills)) parting.add(index);
    return describe(fillPolicy, other, capital);
  });
  const indices = [...parting].sort((a, b) => a - b).slice(0, partingListMax);
  return {
    runs: [describe(own, result, capital), ...runs],
    parting: parting.size,
    partingAt: indices.map((index) => input.candles.time[index] as number),
  };
}

const policies = ["pessimistic", "path", "detail"] as const;

function describe(policy: FillPolicy, result: RunResult, capital: number): PolicyRun {
  return {
    policy,
    finalEquity: result.finalEquity,
    netProfitShare: result.finalEquity / capital - 1,
    maxDrawdown: deepest(result.equity, capital),
    closedTrades: result.trades.filter(({ exitReason }) => exitReason !== "end-of-data").length,
    ambiguousCandles: result.ambiguousCandles,
    fingerprint: result.fingerprint,
  };
}

function deepest(equity: Float64Array, capital: number): number {
  let highest = capital;
  let lowest = 0;
  for (const value of equity) {
    if (value > highest) highest = value;
    lowest = Math.min(lowest, value / highest - 1);
  }
  return lowest;
}

/** Candles in which two runs that stood on the same side fill differently. */
function partingOf(ours: readonly Fill[], theirs: readonly Fill[]): readonly number[] {
  const found: number[] = [];
  let a = startOf(ours);
  let b = startOf(theirs);
  while (a.index < Number.POSITIVE_INFINITY || b.index < Number.POSITIVE_INFINITY) {
    const index = Math.min(a.index, b.index);
    const isSame = Math.sign(a.held) === Math.sign(b.held);
    const mine = a.index === index ? takeCandle(ours, a) : nothing;
    const other = b.index === index ? takeCandle(theirs, b) : nothing;
    if (isSame && mine.words !== other.words) found.push(index);
    a = mine === nothing ? a : mine.next;
    b = other === nothing ? b : other.next;
  }
  return found;
}

/** Where the reading of fills stands: the next candle that has any, and what is held before it. */
type Place = Readonly<{ at: number; index: number; held: number }>;

const startOf = (fills: readonly Fill[]): Place => ({ at: 0, index: indexAt(fills, 0), held: 0 });
const indexAt = (fills: readonly Fill[], at: number) =>
  fills[at]?.index ?? Number.POSITIVE_INFINITY;
const nothing = { words: "", next: { at: 0, index: 0, held: 0 } };

/** The fills of one candle in words: sides and prices, not quantities, which differ for ever once equities do. */
function takeCandle(fills: readonly Fill[], { at, index, held }: Place) {
  let words = "";
  let after = held;
  let next = at;
  for (; indexAt(fills, next) === index; next++) {
    const { side, price, quantity } = fills[next] as Fill;
    words += `${side} ${price};`;
    after = heldAfter(after, side === "buy" ? quantity : -quantity);
  }
  return { words, next: { at: next, index: indexAt(fills, next), held: after } };
}
