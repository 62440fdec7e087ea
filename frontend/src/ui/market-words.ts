import type { BacktestDetail } from "@trading/contracts/backtests";

type Known = Pick<BacktestDetail, "candles" | "timeframe"> &
  Readonly<{ result?: Pick<NonNullable<BacktestDetail["result"]>, "markets"> | null }>;

/** The further markets of a wallet, such as "ETH/USDT, SOL/USDT 4h"; null where there are none. */
export function furtherMarketsText({ candles, timeframe, result }: Known): string | null {
  const { others = [] } = candles;
  if (others.length === 0) return null;
  const names = others.map((other, i) => {
    const known = other.kind === "market" ? other.symbol : result?.markets?.[i + 1]?.symbol;
    const own = other.timeframe === undefined || other.timeframe === timeframe;
    return `${known ?? `+ ${i + 1}`}${own ? "" : ` ${other.timeframe}`}`;
  });
  return names.join(", ");
}
