import type { Fill } from "../result.ts";
import { type AnyInput, lengthsOf, marketsOf } from "../several/any-run.ts";
import type { Decision, Tape } from "./tape.ts";

/** Something that was decided or filled in a run, in a form in which runs are held against each other. */
export type Act = Readonly<{
  market: string;
  /** The moment: the close of the candle on which it was decided, or in which it filled. */
  at: number;
  /** Equal for what is the same in every number. */
  exactly: string;
  /** Such as `market buy`; null for a fill. */
  words: string | null;
}>;

/** The first act in which two runs differ; null where one of them did nothing. */
export type Difference = Readonly<{
  market: string;
  at: number;
  one: Act | null;
  other: Act | null;
}>;

export const decidedIn = (tape: Tape): Act[] =>
  tape.map(({ market, at, action, said }) => ({
    market,
    at,
    exactly: JSON.stringify([action, said]),
    words: wordsOf(action, said),
  }));

type NamedFill = Fill & Readonly<{ market?: string }>;

export function filledIn(input: AnyInput, fills: readonly NamedFill[]): Act[] {
  const only = marketsOf(input)[0]?.market.symbol ?? "";
  const lengthOf = lengthsOf(input);
  return fills.map(({ market = only, at, side, quantity, price, fee }) => ({
    market,
    at: at + lengthOf(market),
    exactly: [side, quantity, price, fee].join(),
    words: null,
  }));
}

/** Compares every number. */
export const exactly = ({ exactly: one }: Act): string => one;

/** Compares what was done, not how much of it. */
export const roughly = ({ words }: Act): string => words ?? "";

/** The first thing that one run did and the other did not; null where both did the same. */
export function firstDifference(
  ones: readonly Act[],
  others: readonly Act[],
  keyOf: (act: Act) => string,
): Difference | null {
  for (let i = 0; i < Math.max(ones.length, others.length); i++) {
    const one = ones[i] ?? null;
    const other = others[i] ?? null;
    if (one !== null && other !== null && keyOf(one) === keyOf(other) && areTogether(one, other))
      continue;
    return differenceOf(one, other);
  }
  return null;
}

/** What comes later in one run was not done where the first of both was. */
function differenceOf(one: Act | null, other: Act | null): Difference {
  const first = (comesFirst(one, other) ? one : other) as Act;
  const here = (act: Act | null) => (act !== null && areTogether(act, first) ? act : null);
  return { market: first.market, at: first.at, one: here(one), other: here(other) };
}

const areTogether = (one: Act, other: Act) => one.at === other.at && one.market === other.market;

function comesFirst(one: Act | null, other: Act | null): boolean {
  if (one === null || other === null) return other === null;
  return one.at === other.at ? one.market < other.market : one.at < other.at;
}

function wordsOf(action: Decision["action"], [wish]: readonly unknown[]): string {
  const side = typeof wish === "object" && wish !== null && "side" in wish ? ` ${wish.side}` : "";
  return `${action}${side}`;
}
