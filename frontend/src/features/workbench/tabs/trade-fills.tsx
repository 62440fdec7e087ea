import { type DescribedFill, type FillTable, fillsIn } from "@trading/engine";
import { X } from "lucide-react";
import { useMemo } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { instantText, number, priceDecimals } from "../../../ui/format.ts";
import { PlainTable } from "../../../ui/plain-table.tsx";
import type { Column } from "../../../ui/table.tsx";
import { tone } from "../../../ui/tone.ts";
import { texts } from "../texts.ts";
import { quantityDecimals } from "./quantity-decimals.ts";
import { reasonText } from "./reason-text.ts";
import { tradeTexts } from "./trade-texts.ts";
import type { TradeUnits } from "./trade-units.ts";

type FillsProps = Readonly<{
  trade: number;
  fills: FillTable;
  units: TradeUnits;
  onClose: () => void;
}>;

/** Each entry and exit of a trade that has several, beside the list or below it on a phone. */
export function TradeFills({ trade, fills, units, onClose }: FillsProps) {
  const rows = useMemo(() => fillsIn(fills, trade), [fills, trade]);
  const columns = useMemo(() => fillColumns(units), [units]);
  return (
    <aside
      aria-label={tradeTexts.fillsOf(trade)}
      className="flex max-h-full w-112 shrink-0 flex-col border-l border-line max-sm:max-h-1/2 max-sm:w-full max-sm:border-t max-sm:border-l-0"
    >
      <header className="flex h-7 shrink-0 items-center justify-between gap-2 border-b border-line pr-1 pl-3 text-xs font-medium text-muted">
        {tradeTexts.fillsOf(trade)}
        <IconButton small label={tradeTexts.closeFills} onClick={onClose}>
          <X size={13} />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-auto px-3">
        <PlainTable
          label={tradeTexts.fillsOf(trade)}
          columns={columns}
          rows={rows}
          rowKey={(fill) => String(fill.number)}
        />
      </div>
    </aside>
  );
}

function fillColumns({ tick, base, quote, isDaily }: TradeUnits): Column<DescribedFill>[] {
  const t = texts.tradesTable;
  return [
    {
      id: "at",
      header: tradeTexts.at,
      cell: ({ at }) => instantText(at, "UTC", isDaily ? "day" : "minute"),
    },
    {
      id: "side",
      header: t.side,
      cell: ({ side }) => (
        <span className={tone(side === "buy" ? 1 : -1)}>{tradeTexts.sides[side]}</span>
      ),
    },
    {
      id: "quantity",
      header: t.quantity(base),
      align: "right",
      cell: ({ quantity }) => number(quantity, { decimals: quantityDecimals(quantity) }),
    },
    {
      id: "price",
      header: tradeTexts.price(quote),
      align: "right",
      cell: ({ price }) => number(price, { decimals: priceDecimals(tick, price) }),
    },
    {
      id: "reason",
      header: t.reason,
      cell: ({ reason }) => <span className="text-muted">{reasonText(reason)}</span>,
    },
  ];
}
