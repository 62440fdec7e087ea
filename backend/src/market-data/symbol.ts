import { PlatformError } from "../platform/errors.ts";

/** How a market is called, as ccxt writes it: `BTC/USDT`, `BTC/USDT:USDT` for a perpetual. */
export type MarketName = Readonly<{ symbol: string; base: string; quote: string }>;

const pair = /^([A-Z0-9.]{1,20})[/_-]([A-Z0-9.]{1,20})(?::([A-Z0-9.]{1,20}))?$/;
const joined = /^([A-Z0-9]{2,12}?)(USDT|USDC|FDUSD|BUSD|TUSD|USD|EUR|GBP|JPY|TRY|DAI|BTC|ETH|BNB)$/;

/** Reads what a user typed: `btc/usdt`, `BTC-USDT` and `BTCUSDT` are one market. Throws `validation-failed`. */
export function readSymbol(text: string): MarketName {
  const upper = text.trim().toUpperCase();
  const match = pair.exec(upper) ?? joined.exec(upper);
  const [, base, quote, settle] = match ?? [];
  if (base === undefined || quote === undefined) {
    throw new PlatformError(
      "validation-failed",
      "The symbol must name base and quote, such as BTC/USDT.",
      {
        errors: [{ where: "symbol", message: "must be like BTC/USDT" }],
      },
    );
  }
  const symbol = `${base}/${quote}${settle === undefined ? "" : `:${settle}`}`;
  return { symbol, base, quote };
}
