import { X } from "lucide-react";
import { useMemo } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/feedback.tsx";
import { instantText, number, priceDecimals } from "../../../ui/format.ts";
import { type Column, DataTable } from "../../../ui/table.tsx";
import { CsvButton } from "../../../ui/table-tools.tsx";
import type { RunFill, RunTrade } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { useFills } from "../use-fills.ts";
import type { Workbench } from "../use-workbench.ts";
import { quantityDecimals } from "./quantity-decimals.ts";
import { reasonText } from "./reason-text.ts";
import { saveFills } from "./save-trades.ts";
import { tradeTexts } from "./trade-texts.ts";
import type { TradeUnits } from "./trade-units.ts";

type FillsProps = Readonly<{
  workbench: Workbench;
  trade: RunTrade;
  units: TradeUnits;
  onClose: () => void;
}>;

/** Every fill of the trade that is chosen. */
export function TradeFills({ workbench, trade, units, onClose }: FillsProps) {
  const t = tradeTexts;
  const { number: shownTrade } = trade;
  const { fills, problem } = useFills(workbench, shownTrade);
  const columns = useMemo(
    () => fillColumns(shownTrade, units, costText(fills ?? [])),
    [shownTrade, units, fills],
  );
  return (
    <section
      aria-label={t.fillsOf(trade.number)}
      className="flex max-h-[55%] min-h-0 flex-col border-t border-line"
    >
      <header className="flex shrink-0 items-center gap-3 bg-panel pl-3 text-sm">
        <h3 className="font-medium">{t.fillsOf(trade.number)}</h3>
        <span className="min-w-0 flex-1 truncate text-muted">
          {trade.entries !== null && t.counted(trade.entries, trade.exits ?? 0)}
        </span>
        <CsvButton label={t.allFills} help={t.allFillsHelp} onSave={() => saveFills(workbench)} />
        <IconButton label={t.closeFills} onClick={onClose}>
          <X size={14} />
        </IconButton>
      </header>
      {problem !== null ? (
        <p className="px-3 pb-2 text-sm text-muted">{problem}</p>
      ) : (
        <DataTable
          label={t.fillsOf(trade.number)}
          columns={columns}
          rows={fills}
          rowKey={(fill) => String(fill.number)}
          phoneRow={(fill) => <PhoneFill fill={fill} trade={trade.number} units={units} />}
          empty={<EmptyState>{t.noFills}</EmptyState>}
          dense
        />
      )}
    </section>
  );
}

type CostText = (value: number) => string;

/** Costs of single fills are often below a cent: then all of them have more decimals. */
function costText(fills: readonly RunFill[]): CostText {
  const most = fills.reduce((high, { fee, slippage }) => Math.max(high, fee, slippage), 0);
  const decimals = most < 0.01 ? 6 : most < 10 ? 4 : 2;
  return (value) => number(value, { decimals });
}

/** Which of the two a fill was to a trade; one that turned the position left one trade and entered the next. */
const deedOf = (fill: RunFill, trade: number): string =>
  tradeTexts.parts[fill.enters === trade ? "entry" : "exit"];

function fillColumns(
  trade: number,
  { base, quote, tick, isDaily }: TradeUnits,
  cost: CostText,
): Column<RunFill>[] {
  const t = tradeTexts;
  const price = (value: number) => number(value, { decimals: priceDecimals(tick, value) });
  const right = { align: "right", width: "minmax(84px,1fr)" } as const;
  return [
    {
      id: "at",
      header: t.at,
      width: isDaily ? "92px" : "128px",
      cell: ({ at }) => instantText(at, "UTC", isDaily ? "day" : "minute"),
    },
    { id: "part", header: t.part, width: "52px", cell: (fill) => deedOf(fill, trade) },
    {
      id: "side",
      header: texts.tradesTable.side,
      width: "46px",
      cell: ({ side }) => t.sides[side],
    },
    {
      id: "quantity",
      header: texts.tradesTable.quantity(base),
      ...right,
      cell: ({ quantity }) => number(quantity, { decimals: quantityDecimals(quantity) }),
    },
    { id: "price", header: t.price(quote), ...right, cell: (fill) => price(fill.price) },
    {
      id: "fee",
      header: t.fee(quote),
      ...right,
      cell: ({ fee }) => <span className="text-muted">{cost(fee)}</span>,
    },
    {
      id: "liquidity",
      header: t.liquidity,
      width: "64px",
      cell: ({ liquidity }) => t.liquidities[liquidity],
    },
    {
      id: "slippage",
      header: t.slippage(quote),
      ...right,
      cell: ({ slippage }) => <span className="text-muted">{cost(slippage)}</span>,
    },
    {
      id: "reason",
      header: texts.tradesTable.reason,
      width: "minmax(96px,1fr)",
      cell: ({ reason }) => <span className="text-muted">{reasonText(reason)}</span>,
    },
  ];
}

type PhoneProps = Readonly<{ fill: RunFill; trade: number; units: TradeUnits }>;

function PhoneFill({ fill, trade, units: { tick, isDaily, base } }: PhoneProps) {
  const t = tradeTexts;
  const { quantity, price, fee, at, liquidity, reason } = fill;
  return (
    <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3">
      <span className="truncate text-base">
        {t.sides[fill.side]} {number(quantity, { decimals: quantityDecimals(quantity) })} {base}
        <span className="text-muted"> · {reasonText(reason)}</span>
      </span>
      <span className="text-right text-base">
        {number(price, { decimals: priceDecimals(tick, price) })}
      </span>
      <span className="truncate text-muted">
        {instantText(at, "UTC", isDaily ? "day" : "minute")} UTC · {deedOf(fill, trade)}
      </span>
      <span className="text-right text-muted">
        {t.liquidities[liquidity]}, {t.feeOf(costText([fill])(fee))}
      </span>
    </div>
  );
}
