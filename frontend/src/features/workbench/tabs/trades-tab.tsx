import { lazy, memo, Suspense, useMemo, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/feedback.tsx";
import { duration, instantText, number, percent, priceDecimals } from "../../../ui/format.ts";
import { type Column, DataTable } from "../../../ui/table.tsx";
import { tone } from "../../../ui/tone.ts";
import type { RunTrade } from "../result/shown.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";
import { quantityDecimals } from "./quantity-decimals.ts";
import { reasonText } from "./reason-text.ts";
import type { TradeList } from "./trade-list.ts";
import type { TradeUnits } from "./trade-units.ts";

// Only once a trade is chosen.
const TradeFills = lazy(() =>
  import("./trade-fills.tsx").then((module) => ({ default: module.TradeFills })),
);

type TradesProps = Readonly<{
  workbench: Workbench;
  list: TradeList;
  /** What stands here where there are none. */
  empty: string;
  units: TradeUnits;
  hidden: readonly string[];
  selected: number | null;
  onSelect: (number: number) => void;
}>;

/** Every round trip; opening one brings it into view on the chart. */
export const TradesTab = memo(function TradesTab({
  workbench,
  list,
  empty,
  units,
  hidden,
  selected,
  onSelect,
}: TradesProps) {
  const t = texts.tradesTable;
  const { sorted, sort, setSort, filter, setFilter } = list;
  const isFiltered = Object.keys(filter).length > 0;
  const columns = useMemo(() => tradeColumns(units), [units]);
  const [closed, setClosed] = useState<number | null>(null);
  const opened = sorted?.find((trade) => trade.number === selected);
  const table = (
    <DataTable
      label={t.label}
      columns={columns}
      rows={sorted ?? undefined}
      rowKey={(trade) => String(trade.number)}
      phoneRow={(trade) => <PhoneTrade trade={trade} units={units} />}
      empty={
        isFiltered ? (
          <EmptyState action={<Button onClick={() => setFilter({})}>{t.clearFilter}</Button>}>
            {t.noMatch}
          </EmptyState>
        ) : (
          <EmptyState>{empty}</EmptyState>
        )
      }
      sort={sort}
      onSort={setSort}
      onOpen={(trade) => {
        setClosed(null);
        onSelect(trade.number);
      }}
      selected={selected === null ? undefined : String(selected)}
      hidden={hidden}
      primary
      dense
      className="h-full flex-1"
    />
  );
  if (!opened || closed === opened.number) return table;
  return (
    <div className="flex h-full flex-col">
      {table}
      <Suspense>
        <TradeFills
          workbench={workbench}
          trade={opened}
          units={units}
          onClose={() => setClosed(opened.number)}
        />
      </Suspense>
    </div>
  );
});

/** The columns of a trade list in the units of its market. */
export function tradeColumns({
  base,
  quote,
  tick,
  isDaily,
  isPerpetual,
  hasMarkets,
  hasSeveral,
}: TradeUnits): Column<RunTrade>[] {
  const t = texts.tradesTable;
  const price = (value: number) => number(value, { decimals: priceDecimals(tick, value) });
  const time = (at: number) => instantText(at, "UTC", isDaily ? "day" : "minute");
  const right = { align: "right", width: "minmax(84px,1fr)" } as const;
  const when = { width: isDaily ? "92px" : "128px" };
  return [
    {
      id: "number",
      header: t.number,
      width: "48px",
      pinned: true,
      sort: "number",
      hidable: false,
      cell: ({ number: n }) => <span className="text-muted">{n}</span>,
    },
    ...(hasMarkets
      ? [
          {
            id: "market",
            header: t.market,
            width: "86px",
            pinned: true,
            cell: ({ market }: RunTrade) => market,
          },
        ]
      : []),
    ...(hasSeveral ? [fillsColumn] : []),
    { id: "side", header: t.side, width: "46px", cell: ({ side }) => t[side] },
    {
      id: "entryAt",
      header: t.entry,
      ...when,
      sort: "entryAt",
      cell: ({ entryAt }) => time(entryAt),
    },
    { id: "exitAt", header: t.exit, ...when, sort: "exitAt", cell: ({ exitAt }) => time(exitAt) },
    {
      id: "reason",
      header: t.reason,
      width: "minmax(84px,1fr)",
      cell: (trade) => <Reason trade={trade} />,
    },
    {
      id: "quantity",
      header: t.quantity(base),
      ...right,
      width: "minmax(86px,1fr)",
      cell: ({ quantity }) => number(quantity, { decimals: quantityDecimals(quantity) }),
    },
    {
      id: "entryPrice",
      header: t.entryPrice(quote),
      ...right,
      cell: ({ entryPrice, entries }) => <Averaged of={entries}>{price(entryPrice)}</Averaged>,
    },
    {
      id: "exitPrice",
      header: t.exitPrice(quote),
      ...right,
      cell: ({ exitPrice, exits }) => <Averaged of={exits}>{price(exitPrice)}</Averaged>,
    },
    {
      id: "fees",
      header: t.fees(quote),
      ...right,
      width: "minmax(70px,.8fr)",
      cell: ({ fees }) => <span className="text-muted">{number(fees)}</span>,
    },
    {
      id: "pnl",
      header: t.pnl(quote),
      ...right,
      width: "minmax(78px,1fr)",
      sort: "pnl",
      cell: ({ pnl }) => <span className={tone(pnl)}>{number(pnl, { sign: true })}</span>,
    },
    {
      id: "pnlShare",
      header: t.pnlShare,
      ...right,
      width: "minmax(56px,.7fr)",
      sort: "pnlShare",
      cell: ({ pnlShare }) => (
        <span className={tone(pnlShare)}>
          {percent(pnlShare, { decimals: 2, sign: true, unit: false })}
        </span>
      ),
    },
    ...(isPerpetual ? perpetualColumns(quote) : []),
    {
      id: "held",
      header: t.held,
      ...right,
      width: "84px",
      sort: "candles",
      cell: ({ entryAt, exitAt }) => (
        <span className="text-muted">{heldText({ entryAt, exitAt })}</span>
      ),
    },
  ];
}

const fillsColumn: Column<RunTrade> = {
  id: "fills",
  header: texts.tradesTable.fills,
  width: "46px",
  align: "right",
  cell: ({ entries, exits }) =>
    entries !== null &&
    exits !== null && (
      <span className="text-muted" title={texts.tradesTable.fillsHelp(entries, exits)}>
        {entries + exits}
      </span>
    ),
};

/** What only perpetuals have. */
function perpetualColumns(quote: string): Column<RunTrade>[] {
  const t = texts.tradesTable;
  return [
    {
      id: "funding",
      header: t.funding(quote),
      align: "right",
      width: "minmax(86px,.8fr)",
      cell: ({ funding }) => <span className="text-muted">{number(funding, { sign: true })}</span>,
    },
    {
      id: "liquidation",
      header: t.liquidation,
      align: "right",
      width: "minmax(64px,.7fr)",
      cell: (trade) => (
        <span className="text-muted">
          {percent(trade.liquidationDistance, { decimals: 2, unit: false })}
        </span>
      ),
    },
  ];
}

type AveragedProps = Readonly<{
  /** How many fills it is the average of; null where nobody knows. */
  of: number | null;
  children: string;
}>;

/** A price that says so where it is the average of several. */
function Averaged({ of, children }: AveragedProps) {
  if (of === null || of < 2) return children;
  return (
    <>
      <abbr title={texts.tradesTable.averageOf(of)} className="text-muted no-underline">
        ⌀
      </abbr>{" "}
      {children}
    </>
  );
}

function Reason({ trade }: { trade: RunTrade }) {
  return (
    <span className="text-muted">
      {reasonText(trade.exitReason)}
      {trade.touchedGap && (
        <span
          role="img"
          aria-label={texts.tradesTable.gap}
          title={texts.tradesTable.gap}
          className="ml-1.5 inline-block size-2 rounded-full bg-amber"
        />
      )}
    </span>
  );
}

/** How long a trade was open; one that ended in its first candle was open for less than a candle. */
const heldText = ({ entryAt, exitAt }: Pick<RunTrade, "entryAt" | "exitAt">): string =>
  exitAt === entryAt ? texts.tradesTable.sameCandle : duration(exitAt - entryAt);

function PhoneTrade({ trade, units }: { trade: RunTrade; units: TradeUnits }) {
  const price = (value: number) => number(value, { decimals: priceDecimals(units.tick, value) });
  return (
    <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3">
      <span className="truncate text-base">
        {units.hasMarkets && `${trade.market} `}
        {texts.tradesTable[trade.side]}{" "}
        <Averaged of={trade.entries}>{price(trade.entryPrice)}</Averaged>
        {" → "}
        <Averaged of={trade.exits}>{price(trade.exitPrice)}</Averaged>
      </span>
      <span className={cx("text-right text-base", tone(trade.pnl))}>
        {number(trade.pnl, { sign: true })}
      </span>
      <span className="truncate text-muted">
        {instantText(trade.entryAt, "UTC", units.isDaily ? "day" : "minute")} UTC ·{" "}
        {heldText(trade)} · {reasonText(trade.exitReason)}
      </span>
      <span className={cx("text-right", tone(trade.pnl))}>
        {percent(trade.pnlShare, { decimals: 2, sign: true })}
      </span>
    </div>
  );
}
