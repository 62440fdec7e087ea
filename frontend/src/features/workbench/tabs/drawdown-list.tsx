import type { Drawdown } from "@trading/contracts/reports";
import { useMemo } from "react";
import { EmptyState } from "../../../ui/feedback.tsx";
import { duration, instantText, number, percent } from "../../../ui/format.ts";
import { type Column, DataTable } from "../../../ui/table.tsx";
import { details } from "./texts.ts";

type DrawdownsProps = Readonly<{
  drawdowns: readonly Drawdown[];
  quote: string;
  onOpen: (drawdown: Drawdown) => void;
}>;

/** The deepest falls from a peak; opening one brings it into view on the chart. */
export function DrawdownList({ drawdowns, quote, onOpen }: DrawdownsProps) {
  const t = details.drawdowns;
  const columns = useMemo(() => columnsOf(quote), [quote]);
  return (
    <DataTable
      label={t.label}
      columns={columns}
      rows={drawdowns}
      rowKey={({ startAt }) => String(startAt)}
      phoneRow={(drawdown) => <PhoneDrawdown drawdown={drawdown} />}
      empty={<EmptyState>{t.none}</EmptyState>}
      onOpen={onOpen}
      className="h-full"
    />
  );
}

const dayMs = 86_400_000;
const day = (at: number) => instantText(at, "UTC", "day");
const lasted = (days: number) => duration(days * dayMs);
const fall = ({ depth }: Drawdown) => percent(-depth, { decimals: 2 });

function columnsOf(quote: string): Column<Drawdown>[] {
  const t = details.drawdowns;
  const right = { align: "right", width: "minmax(92px,1fr)" } as const;
  const when = { width: "minmax(96px,1fr)" };
  return [
    {
      id: "depth",
      header: t.depth,
      ...right,
      cell: (one) => <span className="text-down">{fall(one)}</span>,
    },
    { id: "money", header: t.money(quote), ...right, cell: ({ money }) => number(-money) },
    { id: "peak", header: t.peak, ...when, cell: ({ startAt }) => day(startAt) },
    { id: "trough", header: t.trough, ...when, cell: ({ troughAt }) => day(troughAt) },
    { id: "recovered", header: t.recovered, ...when, cell: (one) => <Recovered drawdown={one} /> },
    { id: "days", header: t.lasted, ...right, cell: ({ days }) => lasted(days) },
    { id: "daysToTrough", header: t.toTrough, ...right, cell: (one) => lasted(one.daysToTrough) },
  ];
}

const Recovered = ({ drawdown: { recoveredAt } }: { drawdown: Drawdown }) =>
  recoveredAt === null ? (
    <span className="text-amber">{details.drawdowns.lasts}</span>
  ) : (
    day(recoveredAt)
  );

const PhoneDrawdown = ({ drawdown }: { drawdown: Drawdown }) => (
  <div className="grid h-full grid-cols-[1fr_auto] content-center gap-x-3">
    <span className="text-base">
      {day(drawdown.startAt)} → {day(drawdown.troughAt)}
    </span>
    <span className="text-right text-base text-down">{fall(drawdown)}</span>
    <span className="truncate text-muted">
      {details.drawdowns.recovered}: <Recovered drawdown={drawdown} />
    </span>
    <span className="text-right text-muted">{lasted(drawdown.days)}</span>
  </div>
);
