import { type AnyInput, lengthsOf, marketsOf, runAny, settled } from "../several/any-run.ts";
import type { MarketInput } from "../several/input.ts";
import { settledParameters } from "../strategy-hooks.ts";
import {
  type Act,
  type Difference,
  decidedIn,
  exactly,
  filledIn,
  firstDifference,
  roughly,
} from "./acts.ts";
import { IndicatorValues } from "./indicator-values.ts";
import { beginningAt, closedBy, closesOf, poisonedAfter } from "./other-worlds.ts";
import { recorded, type Tape } from "./tape.ts";

/**
 * `repeat`: the same run again decides the same. `declared`: asked on every candle it decides the same. `future`: what comes
 * after a candle does not change what was decided until then. `start`: where the history begins does not change what is decided
 * much later.
 */
export type CheckKind = "repeat" | "declared" | "future" | "start";

export type CheckFinding = Readonly<{
  kind: CheckKind;
  /** A strategy that remembers much may depend on where its history begins: that is a warning. */
  severity: "failure" | "warning";
  market: string;
  /** The first candle on which the strategy decided differently, and its open time in ms. */
  index: number;
  at: number;
  /** What it did there, and what it did in the other run, such as `market buy`; null for nothing. */
  did: string | null;
  didOtherwise: string | null;
  /** The declared indicator whose value differs there, where one does. */
  indicator: string | null;
  /** What was different in the other run, in words. */
  otherRun: string;
}>;

export type StrategyCheck = Readonly<{
  /** Of all markets together. */
  candles: number;
  decisions: number;
  /** Runs by test. */
  runs: Readonly<Record<CheckKind, number>>;
  findings: readonly CheckFinding[];
}>;

export type CheckOptions = Readonly<{
  /**
   * After how many moments the future is replaced by garbage. Each takes a run over the candles up to there and 500 more of each
   * market, half a run on average. Left out: 12.
   */
  moments?: number;
  /** Hears the share done, 0 to 1. */
  onProgress?: (share: number) => void;
}>;

/** How many moments are taken where nobody asks for more, and how many at most. */
export const checkMoments = { usual: 12, most: 1_000 } as const;

const seed = 20_240_229;

/** A run, what was decided in it and what came of that. */
type Seen = Readonly<{ input: AnyInput; decided: readonly Act[]; filled: readonly Act[] }>;

/** Runs a strategy several times and tells where it decides what it could not know, or decides by chance. */
export function checkStrategy(given: AnyInput, options: CheckOptions = {}): StrategyCheck {
  const { moments: momentsMax = checkMoments.usual, onProgress } = options;
  const parameters = settledParameters(given);
  const input: AnyInput = settled({
    ...given,
    parameters,
    isPlotted: false,
    // Each run computes for itself, lest one repeats the mistakes of another.
    indicatorMemory: undefined,
    onProgress: () => {},
  });
  const first = see(input);
  const closes = closesOf(input);
  const moments = momentsOf(first, closes, momentsMax);
  const starts = startsOf(closes);
  const declared = input.strategy.decidesOn ? 1 : 0;
  const all = 2 + declared + moments.length + starts.length;
  let done = 1;
  const findings: CheckFinding[] = [];
  const compare = (finding: CheckFinding | null) => {
    onProgress?.(++done / all);
    // One finding of a kind says it all; the earliest is the most telling.
    if (finding === null) return;
    const known = findings.findIndex(({ kind }) => kind === finding.kind);
    if (known < 0) findings.push(finding);
    else if (finding.at < (findings[known] as CheckFinding).at) findings[known] = finding;
  };
  compare(findRepeat(first));
  if (declared > 0) compare(findDeclared(first));
  for (const [i, moment] of moments.entries()) compare(findFuture(first, moment, seed + i));
  const half = closes[closes.length >> 1] ?? 0;
  for (const start of starts) compare(findStart(first, start, half));
  return {
    candles: closes.length,
    decisions: first.decided.length,
    runs: { repeat: 1, declared, future: moments.length, start: starts.length },
    findings,
  };
}

function see(input: AnyInput): Seen {
  const tape: Tape = [];
  const strategy = recorded(input.strategy, tape, lengthsOf(input));
  const { fills } = runAny({ ...input, strategy });
  return { input, decided: decidedIn(tape), filled: filledIn(input, fills) };
}

/** Moments to poison after: two thirds right on decisions, where looking one candle ahead shows, and some between. */
function momentsOf({ decided }: Seen, closes: Float64Array, most: number): number[] {
  const betweenCount = Math.max(1, Math.floor(most / 3));
  const between = Array.from(
    { length: betweenCount },
    (_, i) => closes[Math.floor(((i + 1) / (betweenCount + 1)) * closes.length)] as number,
  );
  const onDecisions = spread(
    decided.map(({ at }) => at),
    most - betweenCount,
  );
  const end = closes.at(-1) as number;
  const all = new Set([...onDecisions, ...between].filter((at) => at < end));
  return [...all].sort((a, b) => a - b);
}

/** Values that are evenly apart in a list. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const step = (values.length - 1) / Math.max(1, most - 1);
  return Array.from({ length: most }, (_, i) => values[Math.round(i * step)] as number);
}

/** Histories that begin later, so that the last half lies in all of them. */
const startsOf = (closes: Float64Array): number[] =>
  [0.1, 0.2, 0.3]
    .map((share) => closes[Math.floor(share * closes.length)] as number)
    .filter((start) => start > (closes[0] as number));

function findRepeat(first: Seen): CheckFinding | null {
  const again = see(first.input);
  const found = differenceOf(first, again, Number.POSITIVE_INFINITY);
  return found && findingOf("repeat", found, { first, again, otherRun: "the same again" });
}

function findDeclared(first: Seen): CheckFinding | null {
  const { input } = first;
  const again = see({ ...input, strategy: { ...input.strategy, decidesOn: undefined } });
  const found = differenceOf(first, again, Number.POSITIVE_INFINITY);
  const otherRun = "asked on every candle, not only where it says that it decides";
  return found && findingOf("declared", found, { first, again, otherRun });
}

function findFuture(first: Seen, moment: number, garbage: number): CheckFinding | null {
  const again = see(poisonedAfter(first.input, moment, garbage));
  const found = differenceOf(first, again, moment);
  if (found === null) return null;
  const last = closedBy(marketNamed(first.input, found.market), moment) - 1;
  const others = marketsOf(first.input).length > 1 ? ", and all of the others from then on," : "";
  const otherRun = `every candle after number ${last}${others} replaced by garbage`;
  return findingOf("future", found, { first, again, otherRun });
}

/** The first thing that was decided, or filled, differently up to a moment; null where nothing was. */
function differenceOf(first: Seen, again: Seen, last: number): Difference | null {
  const until = (acts: readonly Act[]) => acts.filter(({ at }) => at <= last);
  const decided = firstDifference(until(first.decided), until(again.decided), exactly);
  const filled = firstDifference(until(first.filled), until(again.filled), exactly);
  if (decided === null || filled === null) return decided ?? filled;
  return filled.at < decided.at ? filled : decided;
}

function findStart(first: Seen, start: number, half: number): CheckFinding | null {
  const again = see(beginningAt(first.input, start));
  // Half of the data later, both have seen enough to agree; amounts differ with the equity and are not compared.
  const late = ({ decided }: Seen) => decided.filter(({ at }) => at >= half);
  const found = firstDifference(late(first), late(again), roughly);
  if (found === null) return null;
  const missing = closesOf(first.input).length - closesOf(again.input).length;
  const otherRun = `a history without its first ${missing} candles`;
  return findingOf("start", found, { first, again, otherRun });
}

type Runs = Readonly<{ first: Seen; again: Seen; otherRun: string }>;

function findingOf(kind: CheckKind, found: Difference, runs: Runs): CheckFinding {
  const { at, one, other } = found;
  const market = marketNamed(runs.first.input, found.market);
  const index = closedBy(market, at) - 1;
  return {
    kind,
    severity: kind === "start" ? "warning" : "failure",
    market: market.market.symbol,
    index,
    at: market.candles.time[index] as number,
    did: one?.words ?? null,
    didOtherwise: other?.words ?? null,
    indicator: indicatorThatDiffers(found, runs, kind === "start"),
    otherRun: runs.otherRun,
  };
}

/** The declared indicator that differs: of the market that was decided on, else of the first one that has such. */
function indicatorThatDiffers(
  { market, at }: Difference,
  { first, again }: Runs,
  isShorter: boolean,
): string | null {
  const markets = marketsOf(first.input).toSorted((a, b) => rank(a, market) - rank(b, market));
  for (const one of markets) {
    const other = marketsOf(again.input).find((its) => its.market.symbol === one.market.symbol);
    if (other === undefined) continue;
    const missing = isShorter ? one.candles.time.length - other.candles.time.length : 0;
    const values = new IndicatorValues(first.input, one);
    const others = new IndicatorValues(again.input, other);
    const name = values.firstThatDiffers(others, closedBy(one, at) - 1, missing);
    if (name !== null)
      return one.market.symbol === market ? name : `${name} of ${one.market.symbol}`;
  }
  return null;
}

const rank = (one: MarketInput, first: string) => (one.market.symbol === first ? 0 : 1);

/** A market by its symbol; the first one for what was said to a market that the run does not have. */
const marketNamed = (input: AnyInput, symbol: string): MarketInput =>
  marketsOf(input).find(({ market }) => market.symbol === symbol) ??
  (marketsOf(input)[0] as MarketInput);
