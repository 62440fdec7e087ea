import { runBacktest } from "../backtest.ts";
import type { Columns } from "../columns.ts";
import type { Fill } from "../result.ts";
import type { RunInput } from "../run.ts";
import { settledParameters } from "../strategy-hooks.ts";
import { IndicatorValues } from "./indicator-values.ts";
import { poisoned, startingAt } from "./poison.ts";
import { type Decision, recorded, type Tape } from "./tape.ts";

/**
 * `repeat`: the same run again decides the same. `declared`: asked on every candle it decides the same. `future`: what comes after a candle does not change what was decided until
 * then. `start`: where the history begins does not change what is decided much later.
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
  candles: number;
  decisions: number;
  /** Runs by test. */
  runs: Readonly<Record<CheckKind, number>>;
  findings: readonly CheckFinding[];
}>;

const momentsMax = 12;
const seed = 20_240_229;

/** What a run decided and what came of it. */
type Seen = Readonly<{ tape: Tape; fills: readonly Fill[]; candles: Columns }>;

/** Runs a strategy several times and tells where it decides what it could not know, or decides by chance. */
export function checkStrategy(
  given: RunInput,
  onProgress: (share: number) => void = () => {},
): StrategyCheck {
  const parameters = settledParameters(given);
  const input: RunInput = { ...given, parameters, isPlotted: false, onProgress: () => {} };
  const first = see(input, input.candles);
  const moments = momentsOf(first);
  const starts = startsOf(input.candles.time.length);
  const declared = input.strategy.decidesOn ? 1 : 0;
  const all = 2 + declared + moments.length + starts.length;
  let done = 1;
  const findings: CheckFinding[] = [];
  const compare = (finding: CheckFinding | null) => {
    onProgress(++done / all);
    // One finding of a kind says it all; the earliest is the most telling.
    if (finding === null) return;
    const known = findings.findIndex(({ kind }) => kind === finding.kind);
    if (known < 0) findings.push(finding);
    else if (finding.at < (findings[known] as CheckFinding).at) findings[known] = finding;
  };
  compare(findRepeat(input, first));
  if (declared > 0) compare(findDeclared(input, first));
  for (const [i, moment] of moments.entries()) compare(findFuture(input, first, moment, seed + i));
  for (const start of starts) compare(findStart(input, first, start));
  return {
    candles: input.candles.time.length,
    decisions: first.tape.length,
    runs: { repeat: 1, declared, future: moments.length, start: starts.length },
    findings,
  };
}

function see(input: RunInput, candles: Columns): Seen {
  const tape: Tape = [];
  const strategy = recorded(input.strategy, tape);
  const { fills } = runBacktest({ ...input, candles, strategy });
  return { tape, fills, candles };
}

/** Candles to poison after: right on decisions, where looking one candle ahead shows, and some between. */
function momentsOf({ tape, candles }: Seen): number[] {
  const rows = candles.time.length;
  const decided = spread(
    tape.map(({ index }) => index),
    momentsMax - 4,
  );
  const between = [0.2, 0.45, 0.7, 0.95].map((share) => Math.floor(share * rows));
  const all = new Set([...decided, ...between].filter((index) => index < rows - 1));
  return [...all].sort((a, b) => a - b);
}

function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values];
  const step = (values.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => values[Math.round(i * step)] as number);
}

/** Histories that begin later, so that the last half lies in all of them. */
const startsOf = (rows: number): number[] =>
  [0.1, 0.2, 0.3].map((share) => Math.floor(share * rows)).filter((first) => first > 0);

function findRepeat(input: RunInput, first: Seen): CheckFinding | null {
  const again = see(input, input.candles);
  const last = input.candles.time.length - 1;
  return differenceOf(input, first, again, { kind: "repeat", last, otherRun: "the same again" });
}

function findDeclared(input: RunInput, first: Seen): CheckFinding | null {
  const strategy = { ...input.strategy, decidesOn: undefined };
  const asked = see({ ...input, strategy }, input.candles);
  const last = input.candles.time.length - 1;
  const otherRun = "asked on every candle, not only where it says that it decides";
  return differenceOf(input, first, asked, { kind: "declared", last, otherRun });
}

function findFuture(
  input: RunInput,
  first: Seen,
  last: number,
  garbage: number,
): CheckFinding | null {
  const other = see(input, poisoned(input.candles, last, garbage));
  return differenceOf(input, first, other, {
    kind: "future",
    last,
    otherRun: `every candle after number ${last} replaced by garbage`,
  });
}

type Question = Readonly<{ kind: Exclude<CheckKind, "start">; last: number; otherRun: string }>;

/** The first thing that was decided, or filled, differently up to a candle; null where nothing was. */
function differenceOf(
  input: RunInput,
  first: Seen,
  other: Seen,
  { kind, last, otherRun }: Question,
): CheckFinding | null {
  const decided = firstDifference(
    first.tape.filter(({ index }) => index <= last),
    other.tape.filter(({ index }) => index <= last),
    exactly,
  );
  const filled = firstDifference(
    first.fills.filter(({ index }) => index <= last),
    other.fills.filter(({ index }) => index <= last),
    ({ index, side, quantity, price }) => [index, side, quantity, price].join(),
  );
  const index = Math.min(
    decided?.index ?? Number.POSITIVE_INFINITY,
    filled?.index ?? Number.POSITIVE_INFINITY,
  );
  if (!Number.isFinite(index)) return null;
  const values = new IndicatorValues(input, first.candles);
  const others = new IndicatorValues(input, other.candles);
  return {
    kind,
    severity: "failure",
    market: input.market.symbol,
    index,
    at: input.candles.time[index] as number,
    did: decided?.one ? wordsOf(decided.one) : null,
    didOtherwise: decided?.other ? wordsOf(decided.other) : null,
    indicator: values.firstThatDiffers(others, index, 0),
    otherRun,
  };
}

function findStart(input: RunInput, first: Seen, start: number): CheckFinding | null {
  const { time } = input.candles;
  const other = see(input, startingAt(input.candles, start));
  // Half of the data later, both have seen enough to agree; amounts differ with the equity and are not compared.
  const from = Math.max(Math.floor(time.length / 2), start);
  const difference = firstDifference(
    first.tape.filter(({ index }) => index >= from),
    other.tape
      .map((one) => ({ ...one, index: one.index + start }))
      .filter(({ index }) => index >= from),
    (one) => `${one.index} ${wordsOf(one)}`,
  );
  if (difference === null) return null;
  const { index } = difference;
  const values = new IndicatorValues(input, first.candles);
  const others = new IndicatorValues(input, other.candles);
  return {
    kind: "start",
    severity: "warning",
    market: input.market.symbol,
    index,
    at: time[index] as number,
    did: difference.one ? wordsOf(difference.one) : null,
    didOtherwise: difference.other ? wordsOf(difference.other) : null,
    indicator: values.firstThatDiffers(others, index, start),
    otherRun: `a history that begins ${start} candles later`,
  };
}

type Difference<Item> = Readonly<{ index: number; one: Item | null; other: Item | null }>;

function firstDifference<Item extends Readonly<{ index: number }>>(
  ones: readonly Item[],
  others: readonly Item[],
  keyOf: (item: Item) => string,
): Difference<Item> | null {
  for (let i = 0; i < Math.max(ones.length, others.length); i++) {
    const one = ones[i] ?? null;
    const other = others[i] ?? null;
    if (one !== null && other !== null && keyOf(one) === keyOf(other)) continue;
    const index = Math.min(
      one?.index ?? Number.POSITIVE_INFINITY,
      other?.index ?? Number.POSITIVE_INFINITY,
    );
    // What comes later in one run was not decided on this candle.
    const here = (item: Item | null) => (item?.index === index ? item : null);
    return { index, one: here(one), other: here(other) };
  }
  return null;
}

const exactly = ({ index, action, said }: Decision): string =>
  JSON.stringify([index, action, said]);

/** Such as `market buy`. */
function wordsOf({ action, said }: Decision): string {
  const [wish] = said;
  const side = typeof wish === "object" && wish !== null && "side" in wish ? ` ${wish.side}` : "";
  return `${action}${side}`;
}
