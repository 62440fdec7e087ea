import { bookTicker } from "../api/tickers.ts";
import type { Core } from "../core/core.ts";
import { type Journal, silence } from "../core/journal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import type { AggregateTrade, Trade } from "../core/tape.ts";
import { type DepthState, openDepth, type StreamDialect, sendDepth } from "./depth-events.ts";
import type { Hub } from "./hub.ts";
import { type KlineState, sendKline } from "./kline-events.ts";
import { sendAllMarkets, sendTicker } from "./ticker-events.ts";

type View = Record<string, unknown>;

/** Public streams of one exchange: real-time ones by journal, timed ones by tick. */
export type MarketEvents = Readonly<{
  journal: Journal;
  /** Sends what is due at this exchange time; called at least every 100 ms of it. */
  tick: (now: number) => void;
}>;

export function createMarketEvents(core: Core, hub: Hub, dialect: StreamDialect): MarketEvents {
  const sent = { books: new Map<Market, number>(), aggregates: new Map<Market, () => void>() };
  const timed = createTimedStreams(core, hub, dialect);

  const flushMarkets = (): void => {
    for (const market of core.markets.values()) {
      sent.aggregates.get(market)?.();
      sent.aggregates.delete(market);
      if (sent.books.get(market) === market.book.updateId) continue;
      sent.books.set(market, market.book.updateId);
      const payload = (): View => bookTickerEvent(market);
      hub.publish(streamName(market, "bookTicker"), payload);
      hub.publish("!bookTicker", payload);
    }
  };

  const onTrade: Journal["trade"] = (market, trade, aggregate) => {
    const now = core.now();
    hub.publish(streamName(market, "trade"), () => tradeEvent(market, trade, now, dialect));
    // A taker's trades at one price are one event: it is sent when the next begins or the operation ends.
    if (aggregate.firstId === trade.id) sent.aggregates.get(market)?.();
    sent.aggregates.set(market, () =>
      hub.publish(streamName(market, "aggTrade"), () =>
        aggregateEvent(market, aggregate, now, dialect),
      ),
    );
  };

  return {
    journal: {
      ...silence,
      trade: onTrade,
      // The house lays its quotes anew in many steps; nobody should watch it at work.
      settled: (touched) => {
        if ([...touched.keys()].some(({ isHouse }) => !isHouse)) flushMarkets();
      },
    },
    tick: (now) => {
      flushMarkets();
      timed(now);
    },
  };
}

const streamName = (market: Market, kind: string): string =>
  `${market.symbol.toLowerCase()}@${kind}`;

const fastDepths = new Set(["100ms", "0ms", "250ms", "500ms"]);

/** Sends the streams that go by time; answers what to call with the time. */
function createTimedStreams(core: Core, hub: Hub, dialect: StreamDialect): (now: number) => void {
  const depths = new Map<string, DepthState>();
  const candles = new Map<string, KlineState>();
  let lastSecond = 0;
  hub.onOpened((stream) => {
    const [symbol = "", kind = ""] = stream.split("@");
    const market = core.markets.get(symbol.toUpperCase());
    if (market !== undefined && kind === "depth") openDepth(market, stream, depths);
  });

  const send = (stream: string, now: number, isSecond: boolean): void => {
    const [symbol = "", kind = "", speed] = stream.split("@");
    const market = core.markets.get(symbol.toUpperCase());
    if (market === undefined) return;
    if (kind.startsWith("depth")) {
      const isDue = isSecond || fastDepths.has(speed ?? "");
      if (isDue) sendDepth(hub, market, { stream, kind, now, dialect }, depths);
    } else if (kind.startsWith("kline_")) {
      const call = { stream, interval: kind.slice(6), offset: speed, now, isSecond };
      sendKline(hub, market, call, candles);
    } else if (isSecond) sendTicker(hub, market, stream, kind, now);
  };

  return (now) => {
    const isSecond = Math.floor(now / 1000) !== lastSecond;
    lastSecond = Math.floor(now / 1000);
    for (const stream of [...hub.streams()]) {
      if (!stream.startsWith("!")) send(stream, now, isSecond);
      else if (isSecond) sendAllMarkets(core, hub, stream, now);
    }
    for (const states of [depths, candles]) forgetUnheard(hub, states);
  };
}

function forgetUnheard(hub: Hub, states: Map<string, unknown>): void {
  for (const stream of [...states.keys()]) if (!hub.isHeard(stream)) states.delete(stream);
}

const tradeEvent = (market: Market, trade: Trade, now: number, dialect: StreamDialect): View => ({
  e: "trade",
  E: now,
  s: market.symbol,
  t: trade.id,
  p: formatPrice(market, trade.ticks),
  q: formatLots(market, trade.lots),
  T: trade.at,
  m: trade.buyerIsMaker,
  ...dialect.trade,
});

const aggregateEvent = (
  market: Market,
  aggregate: AggregateTrade,
  now: number,
  dialect: StreamDialect,
): View => ({
  e: "aggTrade",
  E: now,
  s: market.symbol,
  a: aggregate.id,
  p: formatPrice(market, aggregate.ticks),
  q: formatLots(market, aggregate.lots),
  f: aggregate.firstId,
  l: aggregate.lastId,
  T: aggregate.at,
  m: aggregate.buyerIsMaker,
  ...dialect.trade,
});

const bookTickerEvent = (market: Market): View => {
  const { bidPrice, bidQty, askPrice, askQty } = bookTicker(market);
  return {
    u: market.book.updateId,
    s: market.symbol,
    b: bidPrice,
    B: bidQty,
    a: askPrice,
    A: askQty,
  };
};
