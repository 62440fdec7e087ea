import { klineRows, marketDataOperations } from "../api/market-data.ts";
import { type Call, findMarket, type Operation } from "../api/operation.ts";
import type { Parameters } from "../api/parameters.ts";
import { Problem } from "../api/problem.ts";
import { formatUnits } from "../core/decimal.ts";
import { intervals, klines, nextOpenTime } from "../core/klines.ts";
import type { Market } from "../core/state.ts";
import { type FuturesCall, futuresOperation, price, quantity } from "./call.ts";

type View = Record<string, unknown>;

/** Spot's market data calls that futures have in the same form, under their own path. */
const shared = new Set([
  "trades",
  "historicalTrades",
  "aggTrades",
  "ticker/24hr",
  "ticker/price",
  "ticker/bookTicker",
]);

const reused: readonly Operation[] = marketDataOperations
  .filter(({ rest }) => shared.has((rest ?? "").slice("GET /api/v3/".length)))
  .map((operation) => ({
    ...operation,
    rest: (operation.rest ?? "").replace("/api/v3", "/fapi/v1"),
    run: (call: Call) => stamped(operation.run(call), call.venue.core.now()),
  }));

/** Futures tickers carry a time. */
function stamped(view: unknown, now: number): unknown {
  if (Array.isArray(view)) return view.map((one) => stamped(one, now));
  const isTicker = typeof view === "object" && view !== null && "symbol" in view;
  return isTicker ? { ...view, time: now } : view;
}

const depthOfSpot = marketDataOperations.find(({ rest }) => rest === "GET /api/v3/depth");

/** Public data of the futures venue. */
export const futuresData: readonly Operation[] = [
  ...reused,
  ...reused
    .filter(({ rest }) => rest === "GET /fapi/v1/ticker/price")
    .map((operation) => ({ ...operation, socket: null, rest: "GET /fapi/v2/ticker/price" })),
  open("GET /fapi/v1/ping", [], () => ({}), "ping"),
  open("GET /fapi/v1/time", [], ({ venue }) => ({ serverTime: venue.faults.clock() }), "time"),
  open("GET /fapi/v1/exchangeInfo", [], exchangeInfo),
  open("GET /fapi/v1/depth", ["symbol", "limit"], depth, "depth"),
  open("GET /fapi/v1/premiumIndex", ["symbol"], (call) =>
    each(call, (market) => premium(call, market)),
  ),
  open("GET /fapi/v1/fundingRate", ["symbol", "startTime", "endTime", "limit"], fundingRates),
  open("GET /fapi/v1/fundingInfo", [], ({ venue }) =>
    [...venue.core.markets.values()].map(({ symbol }) => ({
      symbol,
      adjustedFundingRateCap: "0.03000000",
      adjustedFundingRateFloor: "-0.03000000",
      fundingIntervalHours: 8,
      disclaimer: false,
    })),
  ),
  open("GET /fapi/v1/openInterest", ["symbol"], openInterest),
  futuresOperation("GET /fapi/v1/klines", "NONE", klineWeight, klineNames("symbol"), (call) =>
    klineRows(call, mostKlines),
  ),
  open("GET /fapi/v1/markPriceKlines", klineNames("symbol"), (call) => priceKlines(call, "symbol")),
  open("GET /fapi/v1/indexPriceKlines", klineNames("pair"), (call) => priceKlines(call, "pair")),
];

function open(
  rest: string,
  parameters: string[],
  run: (call: FuturesCall) => unknown,
  socket?: string,
): Operation {
  return futuresOperation(rest, "NONE", 1, parameters, run, socket ?? null);
}

const mostKlines = 1500;

function klineWeight(parameters: Parameters): number {
  const limit = Number(parameters.text("limit") ?? 500);
  if (limit > 1000) return 10;
  if (limit >= 500) return 5;
  return limit >= 100 ? 2 : 1;
}

function klineNames(symbol: string): string[] {
  return [symbol, "interval", "startTime", "endTime", "limit"];
}

function each(call: FuturesCall, view: (market: Market) => View): View | View[] {
  const symbol = call.parameters.text("symbol");
  return symbol === null
    ? [...call.venue.core.markets.values()].map(view)
    : view(findMarket(call.venue, symbol));
}

function depth(call: FuturesCall): View {
  const now = call.venue.core.now();
  return { ...(depthOfSpot?.run(call) as View), E: now, T: now };
}

function exchangeInfo({ venue }: FuturesCall): View {
  return {
    timezone: "UTC",
    serverTime: venue.faults.clock(),
    futuresType: "U_MARGINED",
    rateLimits: venue.limits.views(),
    exchangeFilters: [],
    assets: [{ asset: "USDT", marginAvailable: true, autoAssetExchange: "0" }],
    symbols: [...venue.core.markets.values()].map(symbolView),
  };
}

function symbolView(market: Market): View {
  const { limits } = market;
  return {
    symbol: market.symbol,
    pair: market.symbol,
    contractType: "PERPETUAL",
    deliveryDate: 4_133_404_800_000,
    onboardDate: 1_569_398_400_000,
    status: market.status === "TRADING" ? "TRADING" : "SETTLING",
    maintMarginPercent: "0.4000",
    requiredMarginPercent: "1.0000",
    baseAsset: market.base,
    quoteAsset: market.quote,
    marginAsset: market.quote,
    pricePrecision: market.pricePlaces,
    quantityPrecision: market.quantityPlaces,
    baseAssetPrecision: 8,
    quotePrecision: 8,
    underlyingType: "COIN",
    underlyingSubType: [],
    triggerProtect: "0.0500",
    liquidationFee: "0.000000",
    marketTakeBound: "0.05",
    filters: [
      {
        filterType: "PRICE_FILTER",
        minPrice: price(market, limits.priceMin),
        maxPrice: price(market, limits.priceMax),
        tickSize: price(market, 1),
      },
      {
        filterType: "LOT_SIZE",
        minQty: quantity(market, limits.lotsMin),
        maxQty: quantity(market, limits.lotsMax),
        stepSize: quantity(market, 1),
      },
      {
        filterType: "MARKET_LOT_SIZE",
        minQty: quantity(market, limits.lotsMin),
        maxQty: quantity(market, limits.marketLotsMax),
        stepSize: quantity(market, 1),
      },
      { filterType: "MAX_NUM_ORDERS", limit: limits.ordersMax },
      { filterType: "MAX_NUM_ALGO_ORDERS", limit: limits.algoOrdersMax },
      { filterType: "MIN_NOTIONAL", notional: formatUnits(limits.notionalMin) },
      {
        filterType: "PERCENT_PRICE",
        multiplierUp: formatUnits(limits.bandUp),
        multiplierDown: formatUnits(limits.bandDown),
        multiplierDecimal: "4",
      },
    ],
    orderTypes: ["LIMIT", "MARKET", "STOP", "STOP_MARKET", "TAKE_PROFIT", "TAKE_PROFIT_MARKET"],
    timeInForce: ["GTC", "IOC", "FOK", "GTX"],
  };
}

function premium({ venue }: FuturesCall, market: Market): View {
  const risk = venue.risk.of(market);
  return {
    symbol: market.symbol,
    markPrice: price(market, risk.mark),
    indexPrice: price(market, risk.index),
    estimatedSettlePrice: price(market, risk.index),
    lastFundingRate: formatUnits(risk.rate),
    interestRate: "0.00010000",
    nextFundingTime: risk.nextFundingAt,
    time: venue.core.now(),
  };
}

function fundingRates(call: FuturesCall): View[] {
  const { parameters, venue } = call;
  const symbol = parameters.text("symbol");
  const start = parameters.time("startTime") ?? 0;
  const end = parameters.time("endTime") ?? Number.POSITIVE_INFINITY;
  const markets = symbol === null ? [...venue.core.markets.values()] : [findMarket(venue, symbol)];
  const views = markets.flatMap((market) =>
    venue.risk
      .of(market)
      .past.filter(({ at }) => at >= start && at <= end)
      .map(({ at, rate, mark }) => ({
        symbol: market.symbol,
        fundingTime: at,
        fundingRate: formatUnits(rate),
        markPrice: price(market, mark),
      })),
  );
  return views.slice(-parameters.limit("limit", 100, 1000));
}

function openInterest({ venue, parameters }: FuturesCall): View {
  const market = findMarket(venue, parameters.required("symbol"));
  let lots = 0;
  for (const account of venue.positions.accounts())
    lots += Math.max(0, venue.positions.of(account, market).lots);
  return { symbol: market.symbol, openInterest: quantity(market, lots), time: venue.core.now() };
}

/** The mark follows the index, and the index is the traded price: one history serves both. */
function priceKlines(call: FuturesCall, name: string): unknown[] {
  const { parameters, venue } = call;
  const market = findMarket(venue, parameters.required(name));
  const interval = parameters.required("interval");
  if (!intervals.has(interval)) throw new Problem(-1120, "Invalid interval.");
  const query = {
    interval,
    start: parameters.time("startTime"),
    end: parameters.time("endTime"),
    limit: parameters.limit("limit", 500, mostKlines),
  };
  return klines(market.tape, query, venue.core.now()).map((candle) => [
    candle.time,
    price(market, candle.open),
    price(market, candle.high),
    price(market, candle.low),
    price(market, candle.close),
    "0",
    nextOpenTime(interval, candle.time) - 1,
    "0",
    candle.trades,
    "0",
    "0",
    "0",
  ]);
}
