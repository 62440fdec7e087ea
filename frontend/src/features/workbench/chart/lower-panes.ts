import {
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  PriceScaleMode,
  type UTCTimestamp,
} from "lightweight-charts";
import type { ChartTheme } from "../../../ui/chart-theme.ts";
import { type ChartFormats, plotNumber } from "./chart-formats.ts";
import { type ChartResult, drawDrawdown, drawEquity, drawPlots, scaleOver } from "./draw-result.ts";
import type { Canvas } from "./layer.ts";

/** What the panes draw with; the chart that they are part of has it. */
export type Stage = Readonly<{
  result: () => ChartResult | null;
  /** First and last candle in view. */
  inView: () => readonly [first: number, last: number] | null;
  /** Draws on the pane of a series whenever there is a result. */
  addLayer: (
    series: ISeriesApi<"Line">,
    draw: (canvas: Canvas, result: ChartResult, theme: ChartTheme) => void,
  ) => void;
}>;

type Lines = (result: ChartResult) => readonly Float64Array[];
type LinePane = Readonly<{ series: ISeriesApi<"Line">; last: Lines }>;

/** Heights of the panes: the price above, then each of the strategy's own, equity and drawdown. */
const heights = { price: 0.64, plots: 0.16, equity: 0.19, drawdown: 0.17 };

/**
 * What lies below the price: lines of the strategy that have a scale of their own, equity, drawdown. Each pane has one
 * series of the library for its scale; the lines themselves are drawn from columns.
 */
export class LowerPanes {
  readonly #chart: IChartApi;
  readonly #stage: Stage;
  readonly #equity: LinePane;
  readonly #drawdown: LinePane;
  readonly #plots: LinePane[] = [];
  #formats: ChartFormats | null = null;
  #anchoredAt: number | null = null;

  constructor(chart: IChartApi, stage: Stage) {
    this.#chart = chart;
    this.#stage = stage;
    this.#equity = this.#add(1, ({ equity }) => [equity]);
    this.#drawdown = this.#add(2, ({ drawdown }) => [drawdown]);
    stage.addLayer(this.#equity.series, drawEquity);
    stage.addLayer(this.#drawdown.series, drawDrawdown);
    this.#shareHeight();
  }

  setFormats(formats: ChartFormats): void {
    this.#formats = formats;
    this.#format(this.#equity, formats.money, 0.01, ({ equity, hold, band }) => [
      equity,
      hold,
      ...(band ? [band.low, band.high] : []),
    ]);
    this.#format(
      this.#drawdown,
      formats.percent,
      formats.percentStep,
      ({ drawdown }) => [drawdown],
      true,
    );
    for (const [order, pane] of this.#plots.entries()) this.#formatPlots(pane, order + 1);
  }

  setLogScale(isLog: boolean): void {
    const mode = isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
    this.#equity.series.priceScale().applyOptions({ mode });
  }

  /** Makes room for the lines of a result. */
  fit({ plots }: ChartResult): void {
    const wanted = Math.max(0, ...plots.map(({ pane }) => pane));
    if (wanted === this.#plots.length) return;
    while (this.#plots.length < wanted) this.#addPlots(this.#plots.length + 1);
    for (const { series } of this.#plots.splice(wanted)) this.#chart.removeSeries(series);
    this.#anchoredAt = null;
    this.#shareHeight();
  }

  /**
   * Gives each pane one point of its own. Moving a point that is there costs nothing, setting one makes the library
   * sort all times again.
   */
  anchor(time: number, end: number, isFresh = false): void {
    const result = this.#stage.result();
    if (isFresh) this.#anchoredAt = null;
    for (const { series, last } of [this.#equity, this.#drawdown, ...this.#plots]) {
      const value = result ? (last(result)[0]?.[end] ?? 0) : 0;
      const point = { time: time as UTCTimestamp, value: Number.isFinite(value) ? value : 0 };
      if (result && this.#anchoredAt === time) series.update(point);
      else series.setData(result ? [point] : []);
    }
    this.#anchoredAt = result ? time : null;
  }

  /** The last value stands in the legend: on the scale it would cover a label. */
  #add(pane: number, last: Lines): LinePane {
    const series = this.#chart.addSeries(
      LineSeries,
      {
        priceLineVisible: false,
        lastValueVisible: false,
        lineVisible: false,
        crosshairMarkerVisible: false,
      },
      pane,
    );
    return { series, last };
  }

  /** A pane for lines of the strategy, right below the price and those that are there. */
  #addPlots(pane: number): void {
    const last = this.#chart.panes().length;
    const made = this.#add(last, (result) => linesOf(result, pane));
    this.#chart.panes()[last]?.moveTo(pane);
    this.#stage.addLayer(made.series, drawPlots(pane));
    this.#plots.push(made);
    this.#formatPlots(made, pane);
  }

  #formatPlots(made: LinePane, pane: number): void {
    if (this.#formats) this.#format(made, plotNumber, 1e-8, (result) => linesOf(result, pane));
  }

  #format(
    { series }: LinePane,
    formatter: (value: number) => string,
    minMove: number,
    lines: Lines,
    withZero = false,
  ): void {
    series.applyOptions({
      priceFormat: { type: "custom", formatter, minMove },
      autoscaleInfoProvider: () => {
        const result = this.#stage.result();
        const inView = this.#stage.inView();
        return result && inView && scaleOver(lines(result), ...inView, withZero);
      },
    });
  }

  #shareHeight(): void {
    const shares = [heights.price, ...this.#plots.map(() => heights.plots)];
    shares.push(heights.equity, heights.drawdown);
    for (const [order, pane] of this.#chart.panes().entries()) {
      pane.setStretchFactor(shares[order] ?? heights.plots);
    }
    // Panes are low: labels stand nearer to each other than they usually do.
    const margins = (top: number) => ({
      scaleMargins: { top, bottom: 0.08 },
      tickMarkDensity: 1.5,
    });
    this.#equity.series.priceScale().applyOptions(margins(0.28));
    for (const { series } of [this.#drawdown, ...this.#plots]) {
      series.priceScale().applyOptions(margins(0.32));
    }
  }
}

const linesOf = ({ plots }: ChartResult, pane: number) =>
  plots.filter((plot) => plot.pane === pane).map(({ values }) => values);
