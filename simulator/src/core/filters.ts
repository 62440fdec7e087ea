import { accountMarket, balanceOf } from "./account.ts";
import type { Rejection } from "./core.ts";
import { shareOf, unitsPerOne } from "./decimal.ts";
import { collect } from "./klines.ts";
import { baseOf, worth } from "./market.ts";
import type { OrderRequest } from "./order.ts";
import type { Account, Market } from "./state.ts";

const failure = (filter: string): Rejection => ({
  code: -1013,
  message: `Filter failure: ${filter}`,
});

const averageMinutes = 5;

type Average = { minute: number; trades: number; price: bigint };
const averages = new WeakMap<Market, Average>();

/** Volume-weighted average of the last five minutes in units of quote per base; 0n without a trade. */
export function averagePrice(market: Market, now: number): bigint {
  const minute = Math.floor(now / 60_000);
  const known = averages.get(market);
  if (known !== undefined && known.minute === minute && known.trades === market.tradeCount) {
    return known.price;
  }
  const price = computeAverage(market, now);
  averages.set(market, { minute, trades: market.tradeCount, price });
  return price;
}

function computeAverage(market: Market, now: number): bigint {
  const { minutes } = market.tape;
  const from = now - (now % 60_000) - (averageMinutes - 1) * 60_000;
  const candle = collect(minutes, from, now + 1);
  if (candle !== null && candle.lots > 0) {
    return (candle.quote * unitsPerOne) / baseOf(market, candle.lots);
  }
  return BigInt(market.last) * BigInt(market.tickUnits);
}

/** The first filter an order breaks, in the order Binance lists them, or null. */
export function brokenFilter(
  account: Account,
  market: Market,
  request: OrderRequest,
  lots: number,
  now: number,
): Rejection | null {
  const broken = brokenTerms(account, market, request, lots, now);
  if (broken !== null || account.isHouse) return broken;
  return brokenCount(account, market, request, lots);
}

/** The same without the filters that count open orders: for an order that is already open. */
export function brokenTerms(
  account: Account,
  market: Market,
  request: OrderRequest,
  lots: number,
  now: number,
): Rejection | null {
  const broken = brokenRange(market, request) ?? brokenQuantity(market, request, lots);
  if (broken !== null || account.isHouse) return broken;
  return (
    brokenBand(market, request, now) ??
    (request.isClosePosition === true ? null : brokenNotional(market, request, lots, now))
  );
}

/** The filters a smaller quantity can break. */
export const brokenSize = (
  market: Market,
  request: OrderRequest,
  lots: number,
  now: number,
): Rejection | null =>
  brokenQuantity(market, request, lots) ?? brokenNotional(market, request, lots, now);

function brokenRange(market: Market, request: OrderRequest): Rejection | null {
  const { priceMin, priceMax } = market.limits;
  for (const ticks of [request.limit, request.stop]) {
    if (ticks !== 0 && (ticks < priceMin || ticks > priceMax)) return failure("PRICE_FILTER");
  }
  return null;
}

/** Prices far from the recent average are refused; the market's own accounts make that average. */
function brokenBand(market: Market, request: OrderRequest, now: number): Rejection | null {
  const { bandUp, bandDown } = market.limits;
  if (request.limit === 0) return null;
  const average = averagePrice(market, now);
  if (average === 0n) return null;
  const price = BigInt(request.limit) * BigInt(market.tickUnits);
  if (price > shareOf(average, bandUp) || price < shareOf(average, bandDown)) {
    return failure("PERCENT_PRICE_BY_SIDE");
  }
  return null;
}

function brokenQuantity(market: Market, request: OrderRequest, lots: number): Rejection | null {
  const { lotsMin, lotsMax, marketLotsMax } = market.limits;
  if (request.isClosePosition === true || request.quote > 0n) return null;
  if (lots < lotsMin || lots > lotsMax) return failure("LOT_SIZE");
  if (request.limit === 0 && lots > marketLotsMax) return failure("MARKET_LOT_SIZE");
  return null;
}

function brokenNotional(
  market: Market,
  request: OrderRequest,
  lots: number,
  now: number,
): Rejection | null {
  const { notionalMin, notionalMax } = market.limits;
  let notional: bigint;
  if (request.limit > 0) notional = worth(market, request.limit, lots);
  else if (request.quote > 0n) notional = request.quote;
  else notional = shareOf(averagePrice(market, now), baseOf(market, lots));
  if (notional < notionalMin && request.isReduceOnly !== true) return failure("NOTIONAL");
  return request.limit > 0 && notional > notionalMax ? failure("NOTIONAL") : null;
}

function brokenCount(
  account: Account,
  market: Market,
  request: OrderRequest,
  lots: number,
): Rejection | null {
  const place = accountMarket(account, market);
  const { ordersMax, algoOrdersMax, positionMax } = market.limits;
  if (place.openOrders >= ordersMax) return failure("MAX_NUM_ORDERS");
  if (request.stop > 0 && place.openAlgoOrders >= algoOrdersMax) {
    return failure("MAX_NUM_ALGO_ORDERS");
  }
  if (positionMax > 0n && request.side === "BUY") {
    const held = balanceOf(account, market.base);
    const position = held.free + held.locked + baseOf(market, place.openBuyLots + lots);
    if (position > positionMax) return failure("MAX_POSITION");
  }
  return null;
}
