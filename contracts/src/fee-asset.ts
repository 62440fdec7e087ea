/**
 * Exchanges whose spot markets take a buy's fee out of the coins bought, unless the account chose otherwise (a discount coin
 * such as BNB or BGB; OKX's fee type 1). Where that is known from: Binance, Bybit, Gate and HTX, ccxt 4.5 (`feeSide: "get"` of
 * their markets). Bitget: a real buy of 0.0538 LTC for USDT paid 0.0000538 LTC (github.com/ccxt/ccxt/pull/18070). OKX: "pay in
 * the currency received" is the default of its two fee types (`POST /api/v5/account/set-fee-type`, 0: what was obtained,
 * 1: the quote currency). The simulator does as Binance.
 */
const takingReceived: ReadonlySet<string> = new Set([
  "binance",
  "bitget",
  "bybit",
  "gate",
  "htx",
  "okx",
  "simulator",
]);

type Traded = Readonly<{ exchange: string | null; symbol: string; isPerpetual: boolean }>;

/** What a buy's fee is paid in where nobody chose: perpetuals, whose symbols name what they settle in, know only the quote currency. */
export const usualFeeAsset = ({ exchange, symbol, isPerpetual }: Traded): "quote" | "received" =>
  exchange !== null && takingReceived.has(exchange) && !isPerpetual && !symbol.includes(":")
    ? "received"
    : "quote";
