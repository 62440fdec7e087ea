import { Book } from "./book.ts";
import { formatUnits, placesOf, toUnits } from "./decimal.ts";
import type { MarketSettings } from "./market-settings.ts";
import type { Market, MarketLimits } from "./state.ts";
import { createTape } from "./tape.ts";
import { createTriggers } from "./triggers.ts";

/** Makes an empty market. Throws when tick and lot together are finer than eight decimals. */
export function createMarket(settings: MarketSettings): Market {
  const tickUnits = Number(toUnits(settings.tick));
  const lotUnits = Number(toUnits(settings.lot));
  const quoteUnits = (tickUnits * lotUnits) / 100_000_000;
  if (!(Number.isInteger(quoteUnits) && quoteUnits > 0)) {
    throw new RangeError(`${settings.symbol}: tick × lot must be a whole number of 0.00000001`);
  }
  return {
    symbol: settings.symbol,
    base: settings.base,
    quote: settings.quote,
    settings,
    tickUnits,
    lotUnits,
    quoteUnits,
    pricePlaces: placesOf(tickUnits),
    quantityPlaces: placesOf(lotUnits),
    limits: limitsOf(settings, tickUnits, lotUnits),
    makerRate: toUnits(settings.makerRate ?? "0.001"),
    takerRate: toUnits(settings.takerRate ?? "0.001"),
    book: new Book(),
    triggers: createTriggers(),
    markTriggers: createTriggers(),
    tape: createTape(),
    status: "TRADING",
    last: 0,
    orderCount: 0,
    tradeCount: 0,
    aggregateCount: 0,
    executionCount: 0,
    preventedCount: 0,
  };
}

function limitsOf(settings: MarketSettings, tickUnits: number, lotUnits: number): MarketLimits {
  const ticks = (text: string): number => Number(toUnits(text) / BigInt(tickUnits));
  const lots = (text: string): number => Number(toUnits(text) / BigInt(lotUnits));
  return {
    priceMin: 1,
    priceMax: ticks(settings.maxPrice ?? "1000000"),
    lotsMin: 1,
    lotsMax: lots(settings.maxQuantity ?? "9000"),
    marketLotsMax: lots(settings.maxMarketQuantity ?? settings.maxQuantity ?? "9000"),
    notionalMin: toUnits(settings.minNotional ?? "5"),
    notionalMax: toUnits(settings.maxNotional ?? "9000000"),
    bandUp: toUnits(settings.bandUp ?? "5"),
    bandDown: toUnits(settings.bandDown ?? "0.2"),
    ordersMax: settings.maxOrders ?? 200,
    algoOrdersMax: settings.maxAlgoOrders ?? 5,
    orderListsMax: settings.maxOrderLists ?? 20,
    positionMax: toUnits(settings.maxPosition ?? "0"),
  };
}

/** Exact worth of lots at a price, in units of the quote asset. */
export function worth(market: Market, ticks: number, lots: number): bigint {
  const product = ticks * lots * market.quoteUnits;
  if (product <= Number.MAX_SAFE_INTEGER) return BigInt(product);
  return BigInt(ticks) * BigInt(lots) * BigInt(market.quoteUnits);
}

/** Exact base amount of lots, in units. */
export function baseOf(market: Market, lots: number): bigint {
  const product = lots * market.lotUnits;
  return product <= Number.MAX_SAFE_INTEGER
    ? BigInt(product)
    : BigInt(lots) * BigInt(market.lotUnits);
}

/** A price as Binance writes it: eight decimals on spot. */
export const formatPrice = (market: Market, ticks: number): string =>
  formatUnits(product(ticks, market.tickUnits));

export const formatLots = (market: Market, lots: number): string =>
  formatUnits(product(lots, market.lotUnits));

/** Exact, and a plain number whenever that is enough. */
function product(count: number, units: number): bigint | number {
  const value = count * units;
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : BigInt(count) * BigInt(units);
}
