import type { Drawdown } from "@trading/contracts/reports";
import { Segmented } from "../../../ui/segmented.tsx";
import type { Shown } from "../result/shown.ts";
import { DrawdownList } from "./drawdown-list.tsx";
import { Excursions } from "./excursions.tsx";
import { FigureTable } from "./figure-table.tsx";
import { OverTime } from "./over-time.tsx";
import { details } from "./texts.ts";
import { TradeGroups } from "./trade-groups.tsx";

export type MetricsView = keyof typeof details.metrics.views;
const views = Object.keys(details.metrics.views) as MetricsView[];

type MetricsProps = Readonly<{
  shown: Shown;
  quote: string;
  /** What files are called after: strategy, market and timeframe. */
  fileName: string;
  view: MetricsView;
  onView: (view: MetricsView) => void;
  selected: number | null;
  onTrade: (number: number) => void;
  onDrawdown: (drawdown: Drawdown) => void;
}>;

/** Every figure, and the pictures behind them; only the one that is looked at is drawn. */
export function MetricsTab(props: MetricsProps) {
  const { view, onView } = props;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="shrink-0 overflow-x-auto border-b border-line px-3 py-1.5">
        <Segmented
          label={details.metrics.view}
          value={view}
          options={views.map((name) => ({ value: name, label: details.metrics.views[name] }))}
          onChange={onView}
        />
      </div>
      <section
        aria-label={details.metrics.views[view]}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys.
        tabIndex={0}
        className="min-h-0 flex-1 overflow-auto -outline-offset-2"
      >
        <View {...props} />
      </section>
    </div>
  );
}

function View({ shown, quote, view, ...props }: MetricsProps) {
  const { report, trades } = shown;
  const isMissing = view !== "figures" && (!report || !trades);
  if (isMissing) return <p className="p-4 text-muted">{details.overview.waiting}</p>;
  switch (view) {
    case "figures":
      return <FigureTable shown={shown} quote={quote} />;
    case "time":
      return report && <OverTime report={report} />;
    case "drawdowns":
      return (
        report && (
          <DrawdownList drawdowns={report.drawdowns} quote={quote} onOpen={props.onDrawdown} />
        )
      );
    case "excursions":
      return (
        report &&
        trades && (
          <Excursions
            trades={trades}
            distributions={report.distributions}
            selected={props.selected}
            onSelect={props.onTrade}
          />
        )
      );
    case "groups":
      return (
        report && (
          <TradeGroups groupings={report.groupings} quote={quote} fileName={props.fileName} />
        )
      );
  }
}
