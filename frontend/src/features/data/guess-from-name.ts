import { type Timeframe, timeframes } from "@trading/contracts/timeframes";

type Guess = Readonly<{ symbol: string; timeframe: Timeframe | undefined }>;

const quotes = ["USDT", "USDC", "FDUSD", "BUSD", "TUSD", "USD", "EUR", "GBP", "BTC", "ETH", "BNB"];

/** Words that look like assets but say where a file comes from. */
const exchanges = [
  "BINANCE",
  "BITFINEX",
  "BITSTAMP",
  "BITTREX",
  "BYBIT",
  "COINBASE",
  "FTX",
  "KRAKEN",
];

/** Reads market and timeframe from names such as `BTCUSDT-1h-2024-01.zip`, `BTC_USDT-5m.feather` or `eth-usd 1d.csv`. */
export function guessFromName(name: string): Guess {
  const words = name
    .replace(/\.(csv|json|gz|zip|feather|txt)\b/gi, " ")
    .split(/[\s_.\-/]+/)
    .filter(Boolean);
  const timeframe = timeframes.find((one) => words.some((word) => word.toLowerCase() === one));
  const upper = words.map((word) => word.toUpperCase());
  for (const [index, word] of upper.entries()) {
    if (exchanges.includes(word)) continue;
    const next = upper[index + 1];
    if (next === "PERP" && isAsset(word)) return { symbol: `${word}/USD`, timeframe };
    if (next !== undefined && quotes.includes(next) && isAsset(word))
      return { symbol: `${word}/${next}`, timeframe };
    const quote = quotes.find((one) => word.endsWith(one) && word.length > one.length);
    if (quote !== undefined && isAsset(word))
      return { symbol: `${word.slice(0, -quote.length)}/${quote}`, timeframe };
  }
  return { symbol: "", timeframe };
}

const isAsset = (word: string) => /^[A-Z0-9]{2,12}$/.test(word) && /[A-Z]/.test(word);
