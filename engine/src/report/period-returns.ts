import { dayOf, type monthKey, type yearKey } from "./calendar.ts";

const dayMs = 86_400_000;

/** Growth of the equity within a month (`2024-01`) or a year (`2024`), UTC. */
export type PeriodReturn = Readonly<{
  key: string;
  /** Null where the equity was not above zero. */
  share: number | null;
  benchmark: number | null;
  /** False for a first or last period that the candles cover in part. */
  isWhole: boolean;
}>;

/** Equity at the end of each day, the capital first, as `dailyEquity` gives it. */
type Daily = readonly number[];

/** Growth by month or year; a day counts to the period in which it begins. */
export function periodReturns(
  keyOf: typeof monthKey | typeof yearKey,
  span: Readonly<{ firstAt: number; endAt: number }>,
  own: Daily,
  held: Daily,
): PeriodReturn[] {
  const { firstAt, endAt } = span;
  const firstDay = dayOf(firstAt);
  const periods: PeriodReturn[] = [];
  for (let from = 1; from < own.length; ) {
    const key = keyOf(firstDay + from - 1);
    let to = from;
    while (to + 1 < own.length && keyOf(firstDay + to) === key) to++;
    const beginsInside = from === 1 && (keyOf(firstDay - 1) === key || firstAt % dayMs !== 0);
    const endsInside = to + 1 === own.length && keyOf(dayOf(endAt)) === key;
    periods.push({
      key,
      share: growth(own, from, to),
      benchmark: growth(held, from, to),
      isWhole: !beginsInside && !endsInside,
    });
    from = to + 1;
  }
  return periods;
}

function growth(daily: Daily, from: number, to: number): number | null {
  const before = daily[from - 1] as number;
  const after = daily[to] as number;
  return before > 0 && after > 0 ? after / before - 1 : null;
}
