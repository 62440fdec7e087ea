import { fillSettingsOf } from "./fill-settings.ts";
import { heldAfter } from "./held-after.ts";
import type { Fill, RunResult } from "./result.ts";
import type { FillPolicy } from "./run-settings.ts";
import { type AnyInput, runAny } from "./several/any-run.ts";
import { isMarginMixed } from "./several/input.ts";
import type { MarketFill } from "./several/run-markets.ts";
import { closedOf } from "./trade-metrics.ts";

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
  /** The market of each of those, where there are several. */
  partingMarkets?: readonly string[] | undefined;
  /** What was filled in each of those: by this run first, then by each that parts from it there. */
  partingFills?: readonly (readonly PolicyFills[])[] | undefined;
}>;

/** What a run under one policy filled in a candle, in the order it happened. */
export type PolicyFills = Readonly<{
  policy: FillPolicy;
  fills: readonly Readonly<Pick<Fill, "side" | "price" | "reason">>[];
}>;

const partingListMax = 200;

/** Runs the same under the other policies; `detail` only where finer candles of every market are at hand. */
export function comparePolicies(input: AnyInput, result: RunResult): PolicyRange {
  const { capital } = input.settings;
  const own = fillSettingsOf(input.settings).fillPolicy;
  const markets = "markets" in input ? input.markets : [input];
  const isDetailed = markets.every(({ detail }) => detail !== undefined);
  const timeframes = markets.map(({ timeframe }) => timeframe);
  const isMixed = isMarginMixed(input.settings, timeframes);
  const others = policies
    .filter((policy) => policy !== own && (policy !== "detail" || isDetailed))
    .filter((policy) => policy === "detail" || !isMixed);
  const parting = new Map<string, Told>();
  const runs = others.map((fillPolicy) => {
    const other = runAny(underPolicy(input, fillPolicy));
    for (const { at, market, ours, theirs } of partingOfMarkets(result.fills, other.fills)) {
      const known = parting.get(`${at} ${market}`);
      const filled = known?.filled ?? [{ policy: own, fills: ours }];
      const differing = { policy: fillPolicy, fills: theirs };
      parting.set(`${at} ${market}`, { at, market, filled: [...filled, differing] });
    }
    return describe(fillPolicy, other, capital);
  });
  const listed = [...parting.values()].sort(inOrder).slice(0, partingListMax);
  return {
    runs: [describe(own, result, capital), ...runs],
    parting: parting.size,
    partingAt: listed.map(({ at }) => at),
    partingFills: listed.map(({ filled }) => filled.map(toldOf)),
    ...(markets.length > 1 ? { partingMarkets: listed.map(({ market }) => market) } : {}),
  };
}

/** The same under another policy; nothing of the first run is overwritten. */
function underPolicy(input: AnyInput, fillPolicy: FillPolicy): AnyInput {
  const settings = { ...input.settings, fillPolicy };
  const { onProgress: _, ...rest } = input;
  if ("markets" in rest) return { ...rest, settings, isPlotted: false };
  const { equityMemory: __, ...bare } = rest;
  return { ...bare, settings, isPlotted: false };
}

/** A candle in which runs part: its open time, and its market where there are several. */
type Place = Readonly<{ market: string; at: number }>;
type Parting = Place & Readonly<{ ours: readonly Fill[]; theirs: readonly Fill[] }>;
type Filled = Readonly<{ policy: FillPolicy; fills: readonly Fill[] }>;
type Told = Place & Readonly<{ filled: readonly Filled[] }>;

const toldOf = ({ policy, fills }: Filled): PolicyFills => ({
  policy,
  fills: fills.map(({ side, price, reason }) => ({ side, price, reason })),
});

const inOrder = (a: Place, b: Place) => a.at - b.at || (a.market < b.market ? -1 : 1);

const policies = ["pessimistic", "path", "detail"] as const;

function describe(policy: FillPolicy, result: RunResult, capital: number): PolicyRun {
  return {
    policy,
    finalEquity: result.finalEquity,
    netProfitShare: result.finalEquity / capital - 1,
    maxDrawdown: deepest(result.equity, capital),
    closedTrades: closedOf(result.trades).length,
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

/** The fills of a run by market; one without a name where the run has only one. */
const byMarket = (fills: readonly (Fill & Partial<MarketFill>)[]) =>
  Map.groupBy(fills, ({ market = "" }) => market);

function partingOfMarkets(ours: readonly Fill[], theirs: readonly Fill[]): Parting[] {
  const mine = byMarket(ours);
  const others = byMarket(theirs);
  const names = new Set([...mine.keys(), ...others.keys()]);
  return [...names].flatMap((market) =>
    partingOf(mine.get(market) ?? [], others.get(market) ?? []).map((one) => ({ market, ...one })),
  );
}

/** The candles in which two runs that stood on the same side fill differently, by their open times. */
function partingOf(ours: readonly Fill[], theirs: readonly Fill[]) {
  const found: Omit<Parting, "market">[] = [];
  let a = startOf(ours);
  let b = startOf(theirs);
  while (a.opensAt < Number.POSITIVE_INFINITY || b.opensAt < Number.POSITIVE_INFINITY) {
    const opensAt = Math.min(a.opensAt, b.opensAt);
    const isSame = Math.sign(a.held) === Math.sign(b.held);
    const mine = a.opensAt === opensAt ? takeCandle(ours, a) : { words: "", next: a };
    const other = b.opensAt === opensAt ? takeCandle(theirs, b) : { words: "", next: b };
    if (isSame && mine.words !== other.words)
      found.push({
        at: opensAt,
        ours: ours.slice(a.place, mine.next.place),
        theirs: theirs.slice(b.place, other.next.place),
      });
    a = mine.next;
    b = other.next;
  }
  return found;
}

/** Where the reading of fills stands: when the next candle opens that has any, and what is held before it. */
type Reading = Readonly<{ place: number; opensAt: number; held: number }>;

const startOf = (fills: readonly Fill[]): Reading => ({
  place: 0,
  opensAt: timeOf(fills, 0),
  held: 0,
});
const timeOf = (fills: readonly Fill[], place: number) =>
  fills[place]?.at ?? Number.POSITIVE_INFINITY;

/** The fills of one candle in words: sides and prices, not quantities, which differ for ever once equities do. */
function takeCandle(fills: readonly Fill[], { place, opensAt, held }: Reading) {
  let words = "";
  let after = held;
  let next = place;
  for (; timeOf(fills, next) === opensAt; next++) {
    const { side, price, quantity } = fills[next] as Fill;
    words += `${side} ${price};`;
    after = heldAfter(after, side === "buy" ? quantity : -quantity);
  }
  return { words, next: { place: next, opensAt: timeOf(fills, next), held: after } };
}
