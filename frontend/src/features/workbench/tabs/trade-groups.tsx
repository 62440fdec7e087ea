import { csv } from "@trading/contracts/csv";
import type { TradeGroup } from "@trading/contracts/reports";
import { regimeConvention } from "@trading/engine";
import { useState } from "react";
import { BarChart } from "../../../ui/charts/bar-chart.tsx";
import { Select } from "../../../ui/field.tsx";
import { count, duration, number, percent } from "../../../ui/format.ts";
import { PlainTable } from "../../../ui/plain-table.tsx";
import { saveText } from "../../../ui/save-text.ts";
import { Segmented } from "../../../ui/segmented.tsx";
import type { Column } from "../../../ui/table.tsx";
import { CsvButton } from "../../../ui/table-tools.tsx";
import { tone } from "../../../ui/tone.ts";
import type { ShownReport } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { reasonText } from "./reason-text.ts";
import { details } from "./texts.ts";

type Groupings = ShownReport["groupings"];

type GroupsProps = Readonly<{
  groupings: Groupings;
  quote: string;
  /** What files are called after: strategy, market and timeframe. */
  fileName: string;
}>;

type Grouping = keyof Groupings;
const names = Object.keys(details.groups.by) as Grouping[];
const measures = ["net", "trades", "winShare", "average"] as const;
type Measure = (typeof measures)[number];

const barsMax = 48;

/** Closed trades by what they have in common, as bars and as a table. */
export function TradeGroups({ groupings, quote, fileName }: GroupsProps) {
  const t = details.groups;
  const [by, setBy] = useState<Grouping>("exitReason");
  const [measure, setMeasure] = useState<Measure>("net");
  const groups = groupings[by] ?? [];
  return (
    <div className="grid gap-4 p-4 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <Select
          aria-label={t.label}
          className="w-44!"
          value={by}
          options={names
            .filter((name) => groupings[name] !== undefined)
            .map((name) => ({ value: name, label: t.by[name] }))}
          onChange={setBy}
        />
        <Segmented
          label={t.measure}
          value={measure}
          options={measures.map((name) => ({ value: name, label: t.measures[name] }))}
          onChange={setMeasure}
        />
        <span className="ml-auto">
          <CsvButton
            onSave={() => saveText(`${fileName}_by-${by}.csv`, csv(csvFields, csvRows(groups)))}
          />
        </span>
      </div>
      {by === "regime" && <p className="max-w-prose text-muted">{regimeConvention}</p>}
      {groups.length === 0 ? (
        <p className="text-muted">{texts.tradesTable.none}</p>
      ) : (
        <>
          <BarChart
            label={`${t.by[by]}: ${t.measures[measure]}`}
            bars={groups.slice(0, barsMax).map((group) => barOf(group, by, measure, quote))}
            format={formats[measure]}
            height={128}
          />
          <PlainTable
            label={t.by[by]}
            columns={columnsOf(by, quote)}
            rows={groups}
            rowKey={({ key }) => key}
          />
        </>
      )}
    </div>
  );
}

const formats: Readonly<Record<Measure, (value: number) => string>> = {
  net: (value) => number(value, { decimals: 0, sign: true }),
  trades: (value) => count(value),
  winShare: (value) => percent(value, { decimals: 0 }),
  average: (value) => number(value, { sign: true }),
};

function barOf(group: TradeGroup, by: Grouping, measure: Measure, quote: string) {
  const value = group[measure];
  const isMoney = measure === "net" || measure === "average";
  return {
    key: group.key,
    label: groupName(by, group.key),
    to: value ?? 0,
    text:
      value === null ? texts.missing : `${formats[measure](value)}${isMoney ? ` ${quote}` : ""}`,
    ...(!isMoney && { tone: "plain" as const }),
  };
}

/** What a group is called on screens; the report names it for machines. */
function groupName(by: Grouping, key: string): string {
  switch (by) {
    case "side":
      return key === "long" || key === "short" ? texts.tradesTable[key] : key;
    case "entryReason":
    case "exitReason":
      return reasonText(key);
    case "entryAndExit":
      return key.split(" → ").map(reasonText).join(" → ");
    case "hour":
      return key.padStart(2, "0");
    case "regime":
      return details.groups.regimes[key] ?? key;
    case "weekday":
      return details.groups.weekdays[Number(key) - 1] ?? key;
    case "market":
    case "month":
    case "year":
      return key;
  }
}

function columnsOf(by: Grouping, quote: string): Column<TradeGroup>[] {
  const t = details.groups.columns;
  const money = (value: number) => (
    <span className={tone(value)}>{number(value, { sign: true })}</span>
  );
  return [
    { id: "key", header: details.groups.by[by], cell: ({ key }) => groupName(by, key) },
    { id: "trades", header: t.trades, align: "right", cell: ({ trades }) => count(trades) },
    { id: "won", header: t.won, align: "right", cell: ({ won }) => count(won) },
    {
      id: "winShare",
      header: t.winShare,
      align: "right",
      cell: ({ winShare }) => percent(winShare, { unit: false }),
    },
    { id: "net", header: t.net(quote), align: "right", cell: ({ net }) => money(net) },
    { id: "average", header: t.average(quote), align: "right", cell: (one) => money(one.average) },
    {
      id: "averageShare",
      header: t.averageShare,
      align: "right",
      cell: (one) => percent(one.averageShare, { decimals: 2, sign: true, unit: false }),
    },
    {
      id: "profitFactor",
      header: t.profitFactor,
      align: "right",
      cell: ({ profitFactor }) => number(profitFactor),
    },
    { id: "best", header: t.best(quote), align: "right", cell: ({ best }) => money(best) },
    { id: "worst", header: t.worst(quote), align: "right", cell: ({ worst }) => money(worst) },
    { id: "fees", header: t.fees(quote), align: "right", cell: ({ fees }) => number(fees) },
    {
      id: "averageDays",
      header: t.held,
      align: "right",
      cell: ({ averageDays }) => duration(averageDays * 86_400_000),
    },
  ];
}

const csvFields = [
  "key",
  "trades",
  "won",
  "lost",
  "net",
  "fees",
  "winShare",
  "profitFactor",
  "average",
  "averageShare",
  "best",
  "worst",
  "averageDays",
] as const satisfies readonly (keyof TradeGroup)[];

const csvRows = (groups: readonly TradeGroup[]) =>
  groups.map((group) => csvFields.map((field) => group[field]));
