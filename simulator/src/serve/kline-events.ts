import type { Candle } from "../core/candle-store.ts";
import { formatUnits } from "../core/decimal.ts";
import { collect, intervals, nextOpenTime, openTime } from "../core/klines.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import type { Hub } from "./hub.ts";

type View = Record<string, unknown>;
const hour = 3_600_000;

export type KlineState = { open: number; sentAt: number; trades: number };
type KlineCall = Readonly<{
  stream: string;
  interval: string;
  offset: string | undefined;
  now: number;
  isSecond: boolean;
}>;

/** A candle's close is sent as soon as its time is over; its growth every second or two. */
export function sendKline(
  hub: Hub,
  market: Market,
  call: KlineCall,
  states: Map<string, KlineState>,
): void {
  const { stream, interval, now } = call;
  if (!intervals.has(interval)) return;
  const offsetMs = call.offset === "+08:00" ? 8 * hour : 0;
  const store = interval === "1s" ? market.tape.seconds : market.tape.minutes;
  store.roll(now);
  const open = openTime(interval, now, offsetMs);
  const state = states.get(stream) ?? { open, sentAt: 0, trades: -1 };
  states.set(stream, state);
  const send = (from: number, isClosed: boolean): void => {
    const end = nextOpenTime(interval, from, offsetMs);
    const candle = collect(store, from, end);
    if (candle === null) return;
    hub.publish(stream, () => klineEvent(market, interval, candle, end - 1, isClosed, now));
  };
  while (state.open < open) {
    send(state.open, true);
    state.open = nextOpenTime(interval, state.open, offsetMs);
    state.sentAt = 0;
  }
  const every = interval === "1s" ? 1000 : 2000;
  if (call.isSecond && now - state.sentAt >= every) {
    send(open, false);
    state.sentAt = now - (now % 1000);
  }
}

function klineEvent(
  market: Market,
  interval: string,
  candle: Candle,
  endAt: number,
  isClosed: boolean,
  now: number,
): View {
  return {
    e: "kline",
    E: now,
    s: market.symbol,
    k: {
      t: candle.time,
      T: endAt,
      s: market.symbol,
      i: interval,
      f: candle.firstId,
      L: candle.lastId,
      o: formatPrice(market, candle.open),
      c: formatPrice(market, candle.close),
      h: formatPrice(market, candle.high),
      l: formatPrice(market, candle.low),
      v: formatLots(market, candle.lots),
      n: candle.trades,
      x: isClosed,
      q: formatUnits(candle.quote),
      V: formatLots(market, candle.takerLots),
      Q: formatUnits(candle.takerQuote),
      B: "0",
    },
  };
}
