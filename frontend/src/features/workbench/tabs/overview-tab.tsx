import type { TradeGroup } from "@trading/contracts/reports";
import { type MetricName, metricConventions } from "@trading/engine";
import { Fact, Facts, Part } from "../../../ui/facts.tsx";
import { count, number } from "../../../ui/format.ts";
import { metricText } from "../../../ui/metric-text.ts";
import { PlainTable } from "../../../ui/plain-table.tsx";
import type { Column } from "../../../ui/table.tsx";
import { tone } from "../../../ui/tone.ts";
import type { Shown, ShownReport } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { MonthsTable } from "./months-table.tsx";
import { noTrades } from "./no-trades.ts";
import { reasonText } from "./reason-text.ts";
import { details } from "./texts.ts";

const keyFigures = [
  "winRate",
  "profitFactor",
  "averageTradeShare",
  "bestTrade",
  "worstTrade",
  "exposure",
  "volatility",
  "maxDrawdownDays",
] as const satisfies readonly MetricName[];

type OverviewProps = Readonly<{ shown: Shown; report: ShownReport; quote: string }>;

/** Where the result came from: months, how trades ended, and the figures most asked for. */
export function OverviewTab({ shown, report, quote }: OverviewProps) {
  const t = details.overview;
  const { exitReason } = report.groupings;
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 text-sm xl:grid-cols-[minmax(0,2fr)_minmax(260px,1fr)]">
      <Part title={t.months} className="xl:row-span-2">
        <MonthsTable months={report.months} years={report.years} />
      </Part>
      <Part title={t.exits}>
        {exitReason.length === 0 ? (
          <p className="text-muted">{noTrades(shown)}</p>
        ) : (
          <PlainTable
            label={t.exits}
            columns={exitColumns(quote)}
            rows={exitReason}
            rowKey={({ key }) => key}
          />
        )}
      </Part>
      <Facts title={t.keys}>
        {keyFigures.map((name) => {
          const { label, unit, convention } = metricConventions[name];
          const value = shown.metrics[name] ?? null;
          return (
            <Fact key={name} name={label} title={shown.metricReasons[name] ?? convention}>
              {value === null ? texts.missing : metricText(value, unit)}
              {value !== null && unit === "money" && ` ${quote}`}
            </Fact>
          );
        })}
      </Facts>
    </div>
  );
}

function exitColumns(quote: string): Column<TradeGroup>[] {
  const t = details.overview;
  return [
    { id: "reason", header: t.reason, cell: ({ key }) => reasonText(key) },
    { id: "trades", header: t.count, align: "right", cell: ({ trades }) => count(trades) },
    { id: "won", header: t.won, align: "right", cell: ({ won }) => count(won) },
    {
      id: "net",
      header: t.pnl(quote),
      align: "right",
      cell: ({ net }) => <span className={tone(net)}>{number(net, { sign: true })}</span>,
    },
  ];
}
