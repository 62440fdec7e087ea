import type { MarketSettings } from "./core/market-settings.ts";

/** What the exchange trades when nobody says otherwise. */
export const defaultMarkets: readonly MarketSettings[] = [
  { symbol: "BTCUSDT", base: "BTC", quote: "USDT", tick: "0.01", lot: "0.00001", price: "64000" },
  { symbol: "ETHUSDT", base: "ETH", quote: "USDT", tick: "0.01", lot: "0.0001", price: "3100" },
  { symbol: "BNBUSDT", base: "BNB", quote: "USDT", tick: "0.01", lot: "0.001", price: "580" },
  {
    symbol: "SOLUSDT",
    base: "SOL",
    quote: "USDT",
    tick: "0.01",
    lot: "0.001",
    price: "145",
    maxQuantity: "900000",
  },
  {
    symbol: "XRPUSDT",
    base: "XRP",
    quote: "USDT",
    tick: "0.0001",
    lot: "0.1",
    price: "0.52",
    maxPrice: "10000",
    maxQuantity: "9000000",
  },
  {
    symbol: "ETHBTC",
    base: "ETH",
    quote: "BTC",
    tick: "0.00001",
    lot: "0.001",
    price: "0.0484",
    minNotional: "0.0001",
    maxPrice: "922",
  },
];

/** Markets of the futures venue, all margined in USDT. */
export const defaultFutures: readonly MarketSettings[] = [
  future("BTCUSDT", "BTC", "0.1", "0.001", "64000", "1000"),
  future("ETHUSDT", "ETH", "0.01", "0.001", "3100", "10000"),
  future("SOLUSDT", "SOL", "0.01", "0.01", "145", "100000"),
];

function future(
  symbol: string,
  base: string,
  tick: string,
  lot: string,
  price: string,
  maxQuantity: string,
): MarketSettings {
  return {
    symbol,
    base,
    quote: "USDT",
    tick,
    lot,
    price,
    maxQuantity,
    perpetual: true,
    makerRate: "0.0002",
    takerRate: "0.0005",
    bandUp: "1.05",
    bandDown: "0.95",
    maxAlgoOrders: 100,
  };
}

const knownQuotes = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD", "BTC", "ETH", "BNB", "EUR"];

/**
 * Settings of a market that only its symbol and a typical price are known of: a tick of about a
 * hundred-thousandth of the price, and lots worth at most a few cents. Throws for a symbol without a known quote.
 */
export function marketFor(symbol: string, price: number): MarketSettings {
  const known = defaultMarkets.find((market) => market.symbol === symbol);
  if (known !== undefined) return known;
  const quote = knownQuotes.find((one) => symbol.endsWith(one) && symbol.length > one.length);
  if (quote === undefined) throw new RangeError(`${symbol}: end the symbol with its quote asset`);
  const tickPlaces = Math.max(0, Math.min(8, 5 - Math.floor(Math.log10(price))));
  const lotPlaces = Math.max(0, Math.min(8 - tickPlaces, 2 + Math.floor(Math.log10(price))));
  const step = (places: number): string => (places === 0 ? "1" : `0.${"1".padStart(places, "0")}`);
  const isStable = quote.includes("USD") || quote === "EUR";
  return {
    symbol,
    base: symbol.slice(0, -quote.length),
    quote,
    tick: step(tickPlaces),
    lot: step(lotPlaces),
    price: price.toFixed(8),
    maxPrice: "90000000",
    maxQuantity: "90000000",
    minNotional: isStable ? "5" : "0.0001",
  };
}
