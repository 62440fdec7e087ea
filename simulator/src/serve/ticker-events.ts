import {
  averageView,
  bookTicker,
  changePercent,
  type Statistics,
  statistics,
  weightedAverage,
} from "../api/tickers.ts";
import type { Core } from "../core/core.ts";
import { formatUnits } from "../core/decimal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import type { Hub } from "./hub.ts";

type View = Record<string, unknown>;
const hour = 3_600_000;
const day = 24 * hour;
const windows: Readonly<Record<string, number>> = { "1h": hour, "4h": 4 * hour, "1d": day };

/** One market's timed streams: tickers and the average price. */
export function sendTicker(
  hub: Hub,
  market: Market,
  stream: string,
  kind: string,
  now: number,
): void {
  if (kind === "miniTicker") hub.publish(stream, () => miniTicker(market, now));
  else if (kind === "ticker") hub.publish(stream, () => ticker(market, now, "24hrTicker", day));
  else if (kind === "avgPrice") hub.publish(stream, () => averageEvent(market, now));
  else if (kind.startsWith("ticker_")) {
    const length = windows[kind.slice(7)];
    if (length !== undefined)
      hub.publish(stream, () => ticker(market, now, `${kind.slice(7)}Ticker`, length));
  }
}

/** Streams about all markets at once. */
export function sendAllMarkets(core: Core, hub: Hub, stream: string, now: number): void {
  const markets = [...core.markets.values()];
  if (stream === "!miniTicker@arr")
    hub.publish(stream, () => markets.map((one) => miniTicker(one, now)));
  else if (stream === "!ticker@arr") {
    hub.publish(stream, () => markets.map((one) => ticker(one, now, "24hrTicker", day)));
  } else if (stream.startsWith("!ticker_")) {
    const size = stream.slice(8, stream.indexOf("@"));
    const length = windows[size];
    if (length !== undefined) {
      hub.publish(stream, () => markets.map((one) => ticker(one, now, `${size}Ticker`, length)));
    }
  }
}

function averageEvent(market: Market, now: number): View {
  const { price, closeTime } = averageView(market, now);
  return { e: "avgPrice", E: now, s: market.symbol, i: "5m", w: price, T: closeTime };
}

function miniTicker(market: Market, now: number): View {
  const stats = statistics(market, now, day);
  return { e: "24hrMiniTicker", E: now, s: market.symbol, ...prices(stats) };
}

function prices({ market, candle }: Statistics): View {
  return {
    c: formatPrice(market, candle?.close ?? market.last),
    o: formatPrice(market, candle?.open ?? market.last),
    h: formatPrice(market, candle?.high ?? market.last),
    l: formatPrice(market, candle?.low ?? market.last),
    v: formatLots(market, candle?.lots ?? 0),
    q: formatUnits(candle?.quote ?? 0n),
  };
}

function ticker(market: Market, now: number, event: string, lengthMs: number): View {
  const stats = statistics(market, now, lengthMs);
  const { candle } = stats;
  const open = candle?.open ?? market.last;
  const close = candle?.close ?? market.last;
  return {
    e: event,
    E: now,
    s: market.symbol,
    p: formatPrice(market, close - open),
    P: changePercent(open, close),
    w: weightedAverage(stats),
    ...(event === "24hrTicker" ? bookFields(stats) : {}),
    ...prices(stats),
    O: stats.openAt,
    C: stats.closeAt,
    F: candle?.firstId ?? -1,
    L: candle?.lastId ?? -1,
    n: candle?.trades ?? 0,
  };
}

function bookFields({ market, before }: Statistics): View {
  const { bidPrice, bidQty, askPrice, askQty } = bookTicker(market);
  return {
    x: formatPrice(market, before),
    Q: formatLots(market, market.tape.trades.at(-1)?.lots ?? 0),
    b: bidPrice,
    B: bidQty,
    a: askPrice,
    A: askQty,
  };
}
