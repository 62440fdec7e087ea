import { exchangeCatalogue } from "../../exchanges/catalogue.ts";

const quotes = [
  "USDT",
  "USDC",
  "FDUSD",
  "BUSD",
  "TUSD",
  "USD",
  "EUR",
  "GBP",
  "JPY",
  "TRY",
  "DAI",
  "BTC",
  "ETH",
  "BNB",
];
const base = /^[A-Z0-9]{2,12}$/;
const joined = new RegExp(`^([A-Z0-9]{2,12}?)(${quotes.join("|")})$`);
const notBases = new Set(exchangeCatalogue.map(({ id }) => id.toUpperCase()));

/**
 * The market that a file's name speaks of, such as `BTC/USDT` from `BTCUSDT-1m-2024-01.zip` or
 * `binance_BTC-USDT_4h.csv`; null if it speaks of none.
 */
export function guessSymbol(fileName: string): string | null {
  const words = fileName.toUpperCase().split(/[^A-Z0-9]+/);
  for (const [index, word] of words.entries()) {
    const [next = "", afterNext = ""] = words.slice(index + 1, index + 3);
    if (!base.test(word) || notBases.has(word)) continue;
    if (next === "PERP") return `${word}/USD:USD`;
    if (!quotes.includes(next) || afterNext === "PERP") continue;
    return `${word}/${next}${quotes.includes(afterNext) ? `:${afterNext}` : ""}`;
  }
  for (const word of words) {
    const pair = joined.exec(word);
    if (pair !== null) return `${pair[1]}/${pair[2]}`;
  }
  return null;
}
