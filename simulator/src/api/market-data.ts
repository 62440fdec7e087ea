import { formatUnits } from "../core/decimal.ts";
import { intervals, klines, nextOpenTime } from "../core/klines.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import { type AggregateTrade, firstIndexFrom, lowerBound, type Trade } from "../core/tape.ts";
import { chosenMarkets } from "./general.ts";
import { type Call, type Operation, requiredMarket } from "./operation.ts";
import type { Parameters } from "./parameters.ts";
import { Problem } from "./problem.ts";
import {
  average,
  bookTicker,
  dayTicker,
  readOffset,
  tradingDayTicker,
  windowTicker,
} from "./tickers.ts";

type View = Record<string, unknown>;

/** Weight of a call that names one symbol, several, or (dearest) none. */
const bySymbols =
  (one: number, all: number) =>
  (parameters: Parameters): number =>
    parameters.has("symbol") ? one : all;

const countSymbols = (parameters: Parameters): number =>
  (parameters.text("symbols") ?? "").split(",").length;

const perSymbol = (parameters: Parameters): number => Math.min(200, 4 * countSymbols(parameters));

/** Up to 20 named symbols are cheap, more are dearer, all are dearest. */
function dayTickerWeight(parameters: Parameters): number {
  if (!(parameters.has("symbol") || parameters.has("symbols"))) return 80;
  const count = countSymbols(parameters);
  if (count > 100) return 80;
  return count > 20 ? 40 : 2;
}

/** Public market data. */
export const marketDataOperations: readonly Operation[] = [
  data("depth", "depth", depthWeight, ["symbol", "limit", "symbolStatus"], depth),
  data("trades", "trades.recent", 25, ["symbol", "limit"], recentTrades),
  data("historicalTrades", "trades.historical", 25, ["symbol", "limit", "fromId"], recentTrades),
  data(
    "aggTrades",
    "trades.aggregate",
    4,
    ["symbol", "fromId", "startTime", "endTime", "limit"],
    aggregateTrades,
  ),
  data("klines", "klines", 2, klineParameters(), klineList),
  data("uiKlines", "uiKlines", 2, klineParameters(), klineList),
  data("avgPrice", "avgPrice", 2, ["symbol"], average),
  data("ticker/24hr", "ticker.24hr", dayTickerWeight, tickerParameters(), (call) =>
    each(call, (market) => dayTicker(call, market)),
  ),
  data(
    "ticker/tradingDay",
    "ticker.tradingDay",
    perSymbol,
    [...tickerParameters(), "timeZone"],
    (call) => each(named(call), (market) => tradingDayTicker(call, market)),
  ),
  data("ticker", "ticker", perSymbol, [...tickerParameters(), "windowSize"], (call) =>
    each(named(call), (market) => windowTicker(call, market)),
  ),
  data("ticker/price", "ticker.price", bySymbols(2, 4), symbolParameters(), (call) =>
    each(call, (market) => ({ symbol: market.symbol, price: formatPrice(market, market.last) })),
  ),
  data("ticker/bookTicker", "ticker.book", bySymbols(2, 4), symbolParameters(), (call) =>
    each(call, bookTicker),
  ),
];

function data(
  path: string,
  socket: string,
  weight: Operation["weight"],
  parameters: readonly string[],
  run: Operation["run"],
): Operation {
  return { rest: `GET /api/v3/${path}`, socket, security: "NONE", weight, parameters, run };
}

function symbolParameters(): string[] {
  return ["symbol", "symbols", "symbolStatus"];
}

function tickerParameters(): string[] {
  return [...symbolParameters(), "type"];
}

function klineParameters(): string[] {
  return ["symbol", "interval", "startTime", "endTime", "timeZone", "limit"];
}

/** One answer for one symbol, a list otherwise. */
function each(call: Call, view: (market: Market) => View): View | View[] {
  const markets = chosenMarkets(call);
  const [first] = markets;
  return call.parameters.has("symbol") && first !== undefined ? view(first) : markets.map(view);
}

function named(call: Call): Call {
  const { parameters } = call;
  if (!(parameters.has("symbol") || parameters.has("symbols"))) {
    throw new Problem(-1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!");
  }
  return call;
}

function depthWeight(parameters: Parameters): number {
  const limit = Number(parameters.text("limit") ?? 100);
  if (limit > 1000) return 250;
  if (limit > 500) return 50;
  return limit > 100 ? 25 : 5;
}

function depth(call: Call): View {
  const market = requiredMarket(call);
  const status = call.parameters.text("symbolStatus");
  if (status !== null && status !== market.status) {
    throw new Problem(-1220, "The symbol's status does not match the requested symbolStatus.");
  }
  return depthView(market, call.parameters.limit("limit", 100, 5000));
}

export function depthView(market: Market, limit: number): View {
  const side = (name: "BUY" | "SELL"): string[][] =>
    market.book
      .top(name, limit)
      .map(({ ticks, lots }) => [formatPrice(market, ticks), formatLots(market, lots)]);
  return { lastUpdateId: market.book.updateId, bids: side("BUY"), asks: side("SELL") };
}

function recentTrades(call: Call): View[] {
  const market = requiredMarket(call);
  const limit = call.parameters.limit("limit", 500, 1000);
  const { trades } = market.tape;
  const fromId = call.parameters.integer("fromId");
  const start =
    fromId === null ? Math.max(0, trades.length - limit) : firstIndexFrom(trades, fromId);
  return trades.slice(start, start + limit).map((trade) => tradeView(market, trade));
}

const tradeView = (market: Market, trade: Trade): View => ({
  id: trade.id,
  price: formatPrice(market, trade.ticks),
  qty: formatLots(market, trade.lots),
  quoteQty: formatUnits(trade.quote),
  time: trade.at,
  isBuyerMaker: trade.buyerIsMaker,
  isBestMatch: true,
});

function aggregateTrades(call: Call): View[] {
  const market = requiredMarket(call);
  const { parameters } = call;
  const limit = parameters.limit("limit", 500, 1000);
  const all = market.tape.aggregates;
  const fromId = parameters.integer("fromId");
  const from = parameters.time("startTime");
  const to = parameters.time("endTime") ?? Number.POSITIVE_INFINITY;
  if (fromId !== null && from !== null) {
    throw new Problem(-1128, "Combination of optional parameters invalid.");
  }
  const end = lowerBound(all, (trade) => trade.at <= to);
  let start = Math.max(0, end - limit);
  if (fromId !== null) start = firstIndexFrom(all, fromId);
  else if (from !== null) start = lowerBound(all, (trade) => trade.at < from);
  return all
    .slice(start, Math.min(end, start + limit))
    .map((trade) => aggregateView(market, trade));
}

const aggregateView = (market: Market, trade: AggregateTrade): View => ({
  a: trade.id,
  p: formatPrice(market, trade.ticks),
  q: formatLots(market, trade.lots),
  f: trade.firstId,
  l: trade.lastId,
  T: trade.at,
  m: trade.buyerIsMaker,
  M: true,
});

function klineList(call: Call): unknown[] {
  return klineRows(call, 1000);
}

/** Candles as both venues write them; futures answer more at once. */
export function klineRows(call: Call, most: number): unknown[] {
  const market = requiredMarket(call);
  const { parameters, venue } = call;
  const interval = parameters.required("interval");
  if (!intervals.has(interval)) throw new Problem(-1120, "Invalid interval.");
  const offsetMs = readOffset(parameters);
  const start = parameters.time("startTime");
  const end = parameters.time("endTime");
  const limit = parameters.limit("limit", 500, most);
  const query = { interval, start, end, limit, offsetMs };
  return klines(market.tape, query, venue.core.now()).map((candle) => [
    candle.time,
    formatPrice(market, candle.open),
    formatPrice(market, candle.high),
    formatPrice(market, candle.low),
    formatPrice(market, candle.close),
    formatLots(market, candle.lots),
    nextOpenTime(interval, candle.time, offsetMs) - 1,
    formatUnits(candle.quote),
    candle.trades,
    formatLots(market, candle.takerLots),
    formatUnits(candle.takerQuote),
    "0",
  ]);
}
