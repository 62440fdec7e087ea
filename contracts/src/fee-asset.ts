/** Exchanges whose spot markets take a buy's fee out of the coins bought, as their fee schedules say; the simulator is one of them. */
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
