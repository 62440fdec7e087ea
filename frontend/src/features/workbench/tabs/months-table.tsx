import type { PeriodReturn } from "@trading/contracts/reports";
import { cx } from "../../../ui/cx.ts";
import { percent } from "../../../ui/format.ts";
import { texts } from "../texts.ts";
import { details } from "./texts.ts";

type MonthsProps = Readonly<{
  months: readonly PeriodReturn[];
  years: readonly PeriodReturn[];
}>;

/** Years down, months across; the depth of the ground follows the size of the return. */
export function MonthsTable({ months, years }: MonthsProps) {
  const t = details.overview;
  const byKey = new Map(months.map((month) => [month.key, month]));
  const largest = Math.max(0.01, ...months.map(({ share }) => Math.abs(share ?? 0)));
  return (
    <section
      aria-label={t.months}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
      tabIndex={0}
      className="overflow-x-auto -outline-offset-2"
    >
      <table className="w-full border-separate border-spacing-px">
        <thead>
          <tr className="h-6 text-xs text-muted">
            <th scope="col" className="sticky left-0 bg-ground pr-2 text-left font-medium">
              {t.year}
            </th>
            {t.monthNames.map((name) => (
              <th key={name} scope="col" className="px-1 text-right font-medium">
                {name}
              </th>
            ))}
            <th scope="col" className="px-1 text-right font-medium">
              {t.total}
            </th>
          </tr>
        </thead>
        <tbody>
          {years.map((year) => (
            <tr key={year.key} className="h-7">
              <th
                scope="row"
                className="sticky left-0 bg-ground pr-2 text-left font-normal text-muted"
              >
                {year.key}
              </th>
              {t.monthNames.map((name, at) => (
                <MonthCell
                  key={name}
                  month={byKey.get(`${year.key}-${String(at + 1).padStart(2, "0")}`)}
                  largest={largest}
                />
              ))}
              <td
                title={holdTitle(year)}
                className={cx(
                  "px-1.5 text-right font-medium",
                  (year.share ?? 0) > 0 && "text-up",
                  (year.share ?? 0) < 0 && "text-down",
                )}
              >
                {percent(year.share, { sign: true, unit: false })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What holding gave over the same period, and whether the candles cover it. */
const holdTitle = ({ benchmark, isWhole }: PeriodReturn): string =>
  [
    texts.figures.hold(percent(benchmark, { sign: true })),
    ...(isWhole ? [] : [details.overview.inPart]),
  ].join(" · ");

function MonthCell({ month, largest }: { month: PeriodReturn | undefined; largest: number }) {
  const share = month?.share ?? null;
  if (month === undefined || share === null) return <td />;
  const depth = Math.round(6 + 38 * (Math.abs(share) / largest));
  const colour = share >= 0 ? "var(--up)" : "var(--down)";
  const background = `color-mix(in srgb, ${colour} ${depth}%, transparent)`;
  return (
    <td
      title={holdTitle(month)}
      className="rounded px-1.5 text-right"
      {...(share !== 0 && { style: { background } })}
    >
      {percent(share, { sign: true, unit: false })}
    </td>
  );
}
