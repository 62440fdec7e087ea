import { BarChart } from "../../../ui/charts/bar-chart.tsx";
import { LineChart } from "../../../ui/charts/line-chart.tsx";
import { Part } from "../../../ui/facts.tsx";
import { instantText, number, percent } from "../../../ui/format.ts";
import type { ShownReport } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { details } from "./texts.ts";

/** How the result came about over the months, and whether the pace of it held. */
export function OverTime({ report }: { report: ShownReport }) {
  const t = details.metrics;
  const { windowDays, time, sharpe } = report.rollingSharpe;
  const share = (value: number | null) => percent(value, { sign: true });
  return (
    <div className="grid gap-x-8 gap-y-5 p-4 text-sm xl:grid-cols-2">
      <Part title={t.rollingSharpe(windowDays)}>
        {time.length > 1 ? (
          <LineChart
            label={t.rollingSharpe(windowDays)}
            values={sharpe.map((one) => one ?? Number.NaN)}
            format={(value) => number(value)}
            wordsAt={(at) => instantText(time[at], "UTC", "day")}
          />
        ) : (
          <p className="text-muted">{t.tooShort(windowDays)}</p>
        )}
      </Part>
      <Part title={details.overview.months}>
        {report.months.every(({ share: moved }) => !moved) ? (
          <p className="text-muted">{t.noMonth}</p>
        ) : (
          <BarChart
            label={details.overview.months}
            format={(value) => percent(value, { decimals: 0 })}
            bars={report.months.map(({ key, share: value, benchmark }) => ({
              key,
              label: key,
              to: value ?? 0,
              text: `${share(value)}, ${texts.figures.hold(share(benchmark))}`,
            }))}
          />
        )}
      </Part>
    </div>
  );
}
