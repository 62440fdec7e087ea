import type { BacktestResult, Trade } from "@trading/contracts/backtests";
import { type Cell, money, shown, signed, table } from "./report-parts.ts";
import {
  number,
  priceDigits,
  quantityDigits,
  signedNumber,
  signedPercent,
} from "./report-words.ts";

const tradesMax = 5_000;

/** Every trade, as far as a page can hold them; a column that says nothing of any of them is left out. */
export function tradesTable(all: readonly Trade[], { data, markets }: BacktestResult): string {
  if (all.length === 0) return "<p>No trades.</p>";
  const trades = all.slice(0, tradesMax);
  const tick = (markets?.length ?? 1) > 1 ? null : data.rules?.tick;
  const columns = columnsOf(trades, tick).filter(({ isTold = true }) => isTold);
  const cut =
    all.length > tradesMax
      ? `<p>The first ${number(tradesMax)} of ${number(all.length)} trades; the CSV holds all.</p>`
      : "";
  const rows = trades.map((trade) => columns.map(({ cell }) => cell(trade)));
  const heads = columns.map(({ head }) => head);
  return `${cut}${table(heads, rows)}`;
}

type Column = Readonly<{ head: string; cell: (trade: Trade) => Cell; isTold?: boolean }>;

function columnsOf(trades: readonly Trade[], tick: number | null | undefined): Column[] {
  const prices = trades.flatMap(({ entryPrice, exitPrice }) => [entryPrice, exitPrice]);
  const priceDecimals = priceDigits(prices, tick);
  const quantityDecimals = quantityDigits(trades.map(({ quantity }) => quantity));
  const price = (value: number) => shown(number(value, priceDecimals));
  return [
    { head: "#", cell: (trade) => shown(number(trade.number)) },
    {
      head: "Market",
      cell: ({ market }) => market,
      isTold: trades.some(({ market }) => market !== trades[0]?.market),
    },
    { head: "Side", cell: ({ side }) => side },
    { head: "Entry (UTC)", cell: ({ entryAt }) => ({ at: Date.parse(entryAt) }) },
    { head: "Exit (UTC)", cell: ({ exitAt }) => ({ at: Date.parse(exitAt) }) },
    {
      head: "Fills",
      cell: ({ entries, exits }) =>
        shown(entries === null || exits === null ? "–" : `${entries} + ${exits}`),
      isTold: trades.some(({ entries, exits }) => (entries ?? 0) > 1 || (exits ?? 0) > 1),
    },
    { head: "Why it began", cell: ({ entryReason }) => entryReason },
    { head: "Why it ended", cell: ({ exitReason }) => exitReason },
    { head: "Quantity", cell: ({ quantity }) => shown(number(quantity, quantityDecimals)) },
    { head: "Entry price", cell: ({ entryPrice }) => price(entryPrice) },
    { head: "Exit price", cell: ({ exitPrice }) => price(exitPrice) },
    { head: "Fees", cell: ({ fees }) => shown(number(fees, 2)) },
    {
      head: "Funding",
      cell: ({ funding }) => shown(signedNumber(funding, 2)),
      isTold: trades.some(({ funding }) => funding !== 0),
    },
    { head: "Profit", cell: ({ pnl }) => signed(pnl, money) },
    { head: "Profit, share", cell: ({ pnlShare }) => signed(pnlShare, signedPercent) },
    {
      head: "Nearest to liquidation",
      cell: ({ liquidationDistance: distance }) =>
        shown(distance === null ? "–" : `${number(distance * 100, 2)} %`),
      isTold: trades.some(({ liquidationDistance }) => liquidationDistance !== null),
    },
    {
      head: "Gap",
      cell: ({ touchedGap }) => (touchedGap ? "yes" : ""),
      isTold: trades.some(({ touchedGap }) => touchedGap),
    },
  ];
}
