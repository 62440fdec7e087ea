import { Book } from "./book.ts";
import { formatUnits, placesOf, toUnits } from "./decimal.ts";
import { createTape, type Tape } from "./tape.ts";
import { createTriggers, type Triggers } from "./triggers.ts";

/** What an operator says about a market; amounts are decimal strings. */
export type MarketSettings = Readonly<{
  symbol: string;
  base: string;
  quote: string;
  tick: string;
  lot: string;
  /** Where the market starts when no data says otherwise. */
  price: string;
  maxPrice?: string;
  maxQuantity?: string;
  maxMarketQuantity?: string;
  minNotional?: string;
  maxNotional?: string;
  /** Prices may be this many times above and below the five-minute average. */
  bandUp?: string;
  bandDown?: string;
  maxOrders?: number;
  maxAlgoOrders?: number;
  maxOrderLists?: number;
  maxPosition?: string;
  makerRate?: string;
  takerRate?: string;
  /** Perpetual future instead of spot. */
  perpetual?: boolean;
}>;

export type MarketStatus = "TRADING" | "HALT" | "BREAK" | "CANCEL_ONLY";

/** One market: its rules on its own grid, its book, its stops and its tape. */
export type Market = {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly settings: MarketSettings;
  /** Units of one tick and of one lot; quoteUnits is what one tick × one lot is worth. */
  readonly tickUnits: number;
  readonly lotUnits: number;
  readonly quoteUnits: number;
  readonly pricePlaces: number;
  readonly quantityPlaces: number;
  readonly limits: MarketLimits;
  readonly makerRate: bigint;
  readonly takerRate: bigint;
  readonly book: Book;
  /** Stops that wait for a traded price, and (futures) for the mark price. */
  readonly triggers: Triggers;
  readonly markTriggers: Triggers;
  readonly tape: Tape;
  status: MarketStatus;
  /** Ticks of the last trade, 0 before the first. */
  last: number;
  orderCount: number;
  tradeCount: number;
  aggregateCount: number;
  executionCount: number;
  preventedCount: number;
};

/** Filters on the market's grid: prices in ticks, quantities in lots, amounts in units. 0 switches a rule off. */
export type MarketLimits = Readonly<{
  priceMin: number;
  priceMax: number;
  lotsMin: number;
  lotsMax: number;
  marketLotsMax: number;
  notionalMin: bigint;
  notionalMax: bigint;
  bandUp: bigint;
  bandDown: bigint;
  ordersMax: number;
  algoOrdersMax: number;
  orderListsMax: number;
  positionMax: bigint;
}>;

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
