import {
  type MetricGroup,
  type MetricName,
  metricConventions,
  metricGroups,
} from "@trading/engine";
import { metricText } from "../../../ui/metric-text.ts";
import type { Shown } from "../result/shown.ts";
import { texts } from "../texts.ts";
import { details } from "./texts.ts";

const groups = Object.keys(metricGroups) as MetricGroup[];
const names = Object.keys(metricConventions) as MetricName[];

/** Every metric with its unit, the benchmark's beside it, and how it is computed. */
export function FigureTable({ shown, quote }: { shown: Shown; quote: string }) {
  const t = details.metrics;
  return (
    <table className="w-full border-collapse text-sm">
      <thead>
        <tr className="sticky top-0 z-1 h-7 bg-ground text-left text-xs text-muted">
          <th className="px-3 font-medium">{t.metric}</th>
          <th className="px-3 text-right font-medium">{t.result}</th>
          <th className="px-3 text-right font-medium">{t.hold}</th>
          <th className="px-3 font-medium max-sm:hidden">{t.convention}</th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group}>
          <tr className="h-8 border-t border-line">
            <th scope="rowgroup" colSpan={4} className="px-3 pt-2 text-left font-semibold">
              {metricGroups[group]}
            </th>
          </tr>
          {names
            .filter(
              (name) =>
                metricConventions[name].group === group && shown.metrics[name] !== undefined,
            )
            .map((name) => (
              <MetricRow key={name} name={name} shown={shown} quote={quote} />
            ))}
        </tbody>
      ))}
    </table>
  );
}

function MetricRow({ name, shown, quote }: { name: MetricName; shown: Shown; quote: string }) {
  const { label, unit, convention } = metricConventions[name];
  const value = shown.metrics[name] ?? null;
  const hold = shown.benchmark[name];
  const reason = shown.metricReasons[name];
  return (
    <tr className="h-7 border-t border-line hover:bg-hover">
      <th scope="row" className="px-3 text-left font-normal whitespace-nowrap" title={convention}>
        {label}
        {unit === "money" && <span className="text-muted"> {quote}</span>}
      </th>
      <td className="px-3 text-right font-medium whitespace-nowrap">
        {value === null ? (
          <span className="font-normal text-muted">{texts.missing}</span>
        ) : (
          metricText(value, unit)
        )}
      </td>
      <td className="px-3 text-right whitespace-nowrap text-muted">
        {hold === undefined || hold === null ? "" : metricText(hold, unit)}
      </td>
      <td className="px-3 text-muted max-sm:hidden">
        {reason !== undefined && <span className="text-amber">{reason}. </span>}
        {convention}
      </td>
    </tr>
  );
}
