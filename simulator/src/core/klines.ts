import { type Candle, type CandleStore, merge } from "./candle-store.ts";
import type { Tape } from "./tape.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const week = 7 * day;

/** Interval names of Binance (case-sensitive) and their length; months have none of their own. */
export const intervals: ReadonlyMap<string, number> = new Map([
  ["1s", 1000],
  ["1m", minute],
  ["3m", 3 * minute],
  ["5m", 5 * minute],
  ["15m", 15 * minute],
  ["30m", 30 * minute],
  ["1h", hour],
  ["2h", 2 * hour],
  ["4h", 4 * hour],
  ["6h", 6 * hour],
  ["8h", 8 * hour],
  ["12h", 12 * hour],
  ["1d", day],
  ["3d", 3 * day],
  ["1w", week],
  ["1M", 0],
]);

/** 1970-01-05 was a Monday: weeks open there. */
const firstMonday = 4 * day;

/** Open time of the candle that holds an instant; offsetMs shifts the clock east of UTC. */
export function openTime(interval: string, at: number, offsetMs = 0): number {
  const local = at + offsetMs;
  const length = intervals.get(interval) ?? minute;
  if (length === 0) {
    const date = new Date(local);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) - offsetMs;
  }
  const anchor = interval === "1w" ? firstMonday : 0;
  return local - ((((local - anchor) % length) + length) % length) - offsetMs;
}

/** When the candle that opens at a time ends: the open time of the next. */
export function nextOpenTime(interval: string, open: number, offsetMs = 0): number {
  const length = intervals.get(interval) ?? minute;
  if (length > 0) return open + length;
  const date = new Date(open + offsetMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1) - offsetMs;
}

export type KlineQuery = Readonly<{
  interval: string;
  start: number | null;
  end: number | null;
  limit: number;
  offsetMs?: number;
}>;

/** Candles of an interval, oldest first, as documented for startTime, endTime and limit. */
export function klines(tape: Tape, query: KlineQuery, now: number): Candle[] {
  const store = query.interval === "1s" ? tape.seconds : tape.minutes;
  store.roll(now);
  const end = Math.min(query.end ?? now, now);
  if (query.start !== null) return forward(store, query, openAtOrAfter(query, query.start), end);
  return backward(store, query, end);
}

function openAtOrAfter(query: KlineQuery, at: number): number {
  const open = openTime(query.interval, at, query.offsetMs);
  return open < at ? nextOpenTime(query.interval, open, query.offsetMs) : open;
}

function forward(store: CandleStore, query: KlineQuery, start: number, end: number): Candle[] {
  const result: Candle[] = [];
  let open = Math.max(start, firstOpen(store, query));
  while (result.length < query.limit && open <= end) {
    const candle = collect(store, open, nextOpenTime(query.interval, open, query.offsetMs));
    if (candle !== null) result.push(candle);
    open = nextOpenTime(query.interval, open, query.offsetMs);
  }
  return result;
}

function backward(store: CandleStore, query: KlineQuery, end: number): Candle[] {
  const result: Candle[] = [];
  const first = firstOpen(store, query);
  let open = openTime(query.interval, end, query.offsetMs);
  while (result.length < query.limit && open >= first) {
    const candle = collect(store, open, nextOpenTime(query.interval, open, query.offsetMs));
    if (candle !== null) result.push(candle);
    open = openTime(query.interval, open - 1, query.offsetMs);
  }
  return result.reverse();
}

function firstOpen(store: CandleStore, query: KlineQuery): number {
  const first = store.candles[0];
  if (first === undefined) return Number.POSITIVE_INFINITY;
  return openTime(query.interval, first.time, query.offsetMs);
}

/** One candle out of all steps in [from, to), or null when there are none. */
export function collect(store: CandleStore, from: number, to: number): Candle | null {
  const candles = store.candles;
  let index = store.indexAt(from);
  let candle: Candle | null = null;
  for (let step = candles[index]; step !== undefined && step.time < to; step = candles[index]) {
    if (candle === null) candle = { ...step, time: from };
    else merge(candle, step);
    index += 1;
  }
  return candle;
}
