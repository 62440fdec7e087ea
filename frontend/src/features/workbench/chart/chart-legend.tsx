import type { Columns } from "@trading/engine";
import { Maximize2 } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { instantText } from "../../../ui/format.ts";
import { texts } from "../texts.ts";
import { type ChartFormats, plotNumber } from "./chart-formats.ts";
import type { ChartResult } from "./draw-result.ts";
import type { TradingChart } from "./trading-chart.ts";

type LegendProps = Readonly<{
  chart: TradingChart;
  title: string;
  quote: string;
  candles: Columns;
  result: ChartResult | null;
  formats: ChartFormats;
  /** The candle under the crosshair; null shows the last one. */
  index: number | null;
  isLog: boolean;
  onLog: (isLog: boolean) => void;
}>;

/** Keeps words readable where a line of the chart runs behind them. */
const halo = "[text-shadow:0_0_2px_var(--ground),0_0_4px_var(--ground)]";

/** What stands over the panes: names, the values at the crosshair, and the switches of the chart. */
export function ChartLegend(props: LegendProps) {
  const { chart, candles, result, formats, isLog, onLog } = props;
  const tops = usePaneTops(chart, Math.max(0, ...(result?.plots.map(({ pane }) => pane) ?? [])));
  const index = Math.min(props.index ?? Number.POSITIVE_INFINITY, candles.time.length - 1);
  const row = `pointer-events-none absolute left-3 right-24 z-3 text-xs text-muted ${halo}`;
  const money = (values: Float64Array | undefined) => formats.money(values?.[index] ?? Number.NaN);
  return (
    <>
      <div className={`${row} max-sm:flex max-sm:flex-wrap max-sm:gap-x-2`} style={{ top: 6 }}>
        <p className="flex flex-wrap gap-x-2 max-sm:contents">
          <b className="font-semibold text-text">{props.title}</b>
          <Candle candles={candles} index={index} formats={formats} />
          <span className="max-sm:hidden">{instantText(candles.time[index] ?? 0, "UTC")} UTC</span>
        </p>
        <p className="flex flex-wrap gap-x-3 max-sm:contents">
          <PlotValues {...props} index={index} pane={0} format={formats.price} />
        </p>
      </div>
      <div
        className="absolute right-24 z-3 flex items-center gap-1"
        style={{ top: (tops[1] ?? 40) - 30 }}
      >
        <button
          type="button"
          aria-pressed={isLog}
          title={texts.chart.logHelp}
          onClick={() => onLog(!isLog)}
          className={`h-6 rounded px-1.5 text-xs pointer-coarse:h-8 hover:bg-hover ${isLog ? "bg-hover text-accent" : "text-muted"}`}
        >
          {texts.chart.log}
        </button>
        <IconButton small label={texts.chart.showAll} onClick={() => chart.showAll()}>
          <Maximize2 size={13} />
        </IconButton>
      </div>
      {result && (
        <>
          {tops.slice(1, -2).map((top, at) => (
            <p key={top} className={`${row} flex flex-wrap gap-x-3`} style={{ top: top + 4 }}>
              <PlotValues {...props} index={index} pane={at + 1} format={plotNumber} />
            </p>
          ))}
          <p className={row} style={{ top: (tops.at(-2) ?? 0) + 4 }}>
            {texts.chart.equity(props.quote)}{" "}
            <b className="font-medium text-text">{money(result.equity)}</b>
            <span className="mx-1.5">·</span>
            {texts.chart.hold} {money(result.hold)}
            {result.band && <Band low={money(result.band.low)} high={money(result.band.high)} />}
          </p>
          <p className={row} style={{ top: (tops.at(-1) ?? 0) + 4 }}>
            {texts.chart.drawdown}{" "}
            <b className="font-medium text-text">
              {formats.percent(result.drawdown[index] ?? Number.NaN)}
            </b>
          </p>
        </>
      )}
    </>
  );
}

/** What other ways to read a candle make of the run, where that is another amount. */
const Band = ({ low, high }: { low: string; high: string }) =>
  low !== high && (
    <span className="text-amber">
      <span className="mx-1.5">·</span>
      {texts.chart.band(low, high)}
    </span>
  );

type PlotValuesProps = Pick<LegendProps, "chart" | "result"> &
  Readonly<{ index: number; pane: number; format: (value: number) => string }>;

/** The strategy's lines of one pane, each in its colour with its value. */
const PlotValues = ({ chart, result, index, pane, format }: PlotValuesProps) =>
  result?.plots.map(
    (plot, order) =>
      plot.pane === pane && (
        <span key={plot.name}>
          <span style={{ color: chart.colourOfPlot(order) }}>{plot.name}</span>{" "}
          {format(plot.values[index] ?? Number.NaN)}
        </span>
      ),
  );

function Candle({
  candles,
  index,
  formats,
}: Pick<LegendProps, "candles" | "formats"> & { index: number }) {
  const { open, high, low, close } = candles;
  const rose = (close[index] ?? 0) >= (open[index] ?? 0);
  return Object.entries({ O: open, H: high, L: low, C: close }).map(([letter, values]) => (
    <span key={letter} className={rose ? "text-up" : "text-down"}>
      <span className="text-muted">{letter}</span> {formats.price(values[index] ?? Number.NaN)}
    </span>
  ));
}

/** Where the panes begin; they move with the size of the chart and when a user drags their borders. */
function usePaneTops(chart: TradingChart, plotPanes: number): number[] {
  const [tops, setTops] = useState(() => chart.paneTops());
  // biome-ignore lint/correctness/useExhaustiveDependencies: other panes are watched anew.
  useEffect(() => chart.onLayout(() => setTops(chart.paneTops())), [chart, plotPanes]);
  return tops;
}
