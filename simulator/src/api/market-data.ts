import type { Candle } from "../core/candle-store.ts";
import { formatUnits, unitsPerOne } from "../core/decimal.ts";
import { averagePrice } from "../core/filters.ts";
import { collect, intervals, klines, nextOpenTime, openTime } from "../core/klines.ts";
import { baseOf, formatLots, formatPrice, type Market } from "../core/market.ts";
import { type AggregateTrade, firstIndexFrom, lowerBound, type Trade } from "../core/tape.ts";
import { chosenMarkets } from "./general.ts";
import { type Call, type Operation, requiredMarket } from "./operation.ts";
import type { Parameters } from "./parameters.ts";
import { illegal, invalidData, missing, Problem } from "./problem.ts";

type View = Record<string, unknown>;
const day = 86_400_000;

/** Weight of a call that names one symbol, several, or (dearest) none. */
const bySymbols =
  (one: number, all: number) =>
  (parameters: Parameters): number =>
    parameters.has("symbol") ? one : all;

const perSymbol = (parameters: Parameters): number =>
  Math.min(200, 4 * ((parameters.text("symbols") ?? "").split(",").length || 1));

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
  data("ticker/24hr", "ticker.24hr", bySymbols(2, 80), tickerParameters(), (call) =>
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
  const market = requiredMarket(call);
  const { parameters, venue } = call;
  const interval = parameters.required("interval");
  if (!intervals.has(interval)) throw new Problem(-1120, "Invalid interval.");
  const offsetMs = readOffset(parameters);
  const start = parameters.time("startTime");
  const end = parameters.time("endTime");
  const limit = parameters.limit("limit", 500, 1000);
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

/** Minutes east of UTC from "8", "-1:00" or "05:45", in ms. */
function readOffset(parameters: Parameters): number {
  const text = parameters.text("timeZone");
  if (text === null) return 0;
  const match = /^([+-]?)(\d{1,2})(?::(\d{2}))?$/.exec(text);
  if (match === null) throw illegal("timeZone", "^[+-]?[0-9]{1,2}(:[0-9]{2})?$");
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = match[1] === "-" ? -minutes : minutes;
  if (offset < -720 || offset > 840) throw invalidData("timeZone");
  return offset * 60_000;
}

function average(call: Call): View {
  const market = requiredMarket(call);
  return averageView(market, call.venue.core.now());
}

export function averageView(
  market: Market,
  now: number,
): { mins: number; price: string; closeTime: number } {
  return {
    mins: 5,
    price: formatUnits(averagePrice(market, now)),
    closeTime: market.tape.trades.at(-1)?.at ?? 0,
  };
}

export function bookTicker(market: Market): View {
  const bid = market.book.best("BUY");
  const ask = market.book.best("SELL");
  return {
    symbol: market.symbol,
    bidPrice: formatPrice(market, bid?.ticks ?? 0),
    bidQty: formatLots(market, bid?.lots ?? 0),
    askPrice: formatPrice(market, ask?.ticks ?? 0),
    askQty: formatLots(market, ask?.lots ?? 0),
  };
}

/** Sums of a window, and the price before it. */
export type Statistics = Readonly<{
  market: Market;
  candle: Candle | null;
  before: number;
  openAt: number;
  closeAt: number;
}>;

export function statistics(market: Market, now: number, lengthMs: number): Statistics {
  const openAt = now - lengthMs;
  const from = openAt - (openAt % 60_000);
  market.tape.minutes.roll(now);
  const candle = collect(market.tape.minutes, from, now + 1);
  const { candles } = market.tape.minutes;
  const before =
    candles[market.tape.minutes.indexAt(from) - 1]?.close ?? candle?.open ?? market.last;
  return { market, candle, before, openAt, closeAt: now };
}

/** Price change in percent with three decimals, from whole ticks. */
export function changePercent(open: number, close: number): string {
  if (open === 0) return "0.000";
  const thousandths = Math.round(((close - open) / open) * 100_000);
  return (thousandths / 1000).toFixed(3);
}

export function weightedAverage({ market, candle }: Statistics): string {
  if (candle === null || candle.lots === 0) return formatUnits(0n);
  return formatUnits((candle.quote * unitsPerOne) / baseOf(market, candle.lots));
}

function tickerView(call: Call, stats: Statistics): View {
  const { market, candle } = stats;
  const open = candle?.open ?? market.last;
  const close = candle?.close ?? market.last;
  const mini = {
    openPrice: formatPrice(market, open),
    highPrice: formatPrice(market, candle?.high ?? market.last),
    lowPrice: formatPrice(market, candle?.low ?? market.last),
    lastPrice: formatPrice(market, close),
    volume: formatLots(market, candle?.lots ?? 0),
    quoteVolume: formatUnits(candle?.quote ?? 0n),
    openTime: stats.openAt,
    closeTime: stats.closeAt,
    firstId: candle?.firstId ?? -1,
    lastId: candle?.lastId ?? -1,
    count: candle?.trades ?? 0,
  };
  const kind = call.parameters.choice(
    "type",
    ["FULL", "MINI"],
    () => new Problem(-1139, "Invalid ticker type."),
  );
  if (kind === "MINI") return { symbol: market.symbol, ...mini };
  return {
    symbol: market.symbol,
    priceChange: formatPrice(market, close - open),
    priceChangePercent: changePercent(open, close),
    weightedAvgPrice: weightedAverage(stats),
    ...mini,
  };
}

function dayTicker(call: Call, market: Market): View {
  const stats = statistics(market, call.venue.core.now(), day);
  const view = tickerView(call, stats);
  if (call.parameters.text("type") === "MINI") return view;
  const { symbol: _, ...book } = bookTicker(market);
  return {
    ...view,
    prevClosePrice: formatPrice(market, stats.before),
    lastQty: formatLots(market, market.tape.trades.at(-1)?.lots ?? 0),
    ...book,
  };
}

function tradingDayTicker(call: Call, market: Market): View {
  const now = call.venue.core.now();
  const open = openTime("1d", now, readOffset(call.parameters));
  const stats = statistics(market, now, now - open);
  return tickerView(call, { ...stats, openAt: open, closeAt: open + day - 1 });
}

const windowUnits: Readonly<Record<string, readonly [number, number]>> = {
  m: [60_000, 59],
  h: [3_600_000, 23],
  d: [day, 7],
};

function windowTicker(call: Call, market: Market): View {
  const text = call.parameters.text("windowSize") ?? "1d";
  const match = /^(\d{1,2})([mhd])$/.exec(text);
  const [unit, most] = windowUnits[match?.[2] ?? ""] ?? [0, 0];
  const count = Number(match?.[1] ?? 0);
  if (unit === 0) throw missing("windowSize");
  if (count < 1 || count > most) throw invalidData("windowSize");
  const now = call.venue.core.now();
  const openAt = now - count * unit;
  const stats = statistics(market, now, count * unit);
  return tickerView(call, { ...stats, openAt: openAt - (openAt % 60_000) });
}
