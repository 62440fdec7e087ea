import type { Columns } from "@trading/engine";
import {
  CandlestickSeries,
  createChart,
  type IChartApi,
  type ISeriesApi,
  LineSeries,
  type Logical,
  type MouseEventParams,
  PriceScaleMode,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { ChartTheme } from "../../../ui/chart-theme.ts";
import { behaviour, lookOf } from "./chart-options.ts";
import { type Gap, gapsOf } from "./curves.ts";
import {
  type ChartResult,
  drawDrawdown,
  drawEquity,
  drawGaps,
  drawPlots,
  plotColour,
  scaleOver,
} from "./draw-result.ts";
import { drawTrades, tradeAt } from "./draw-trades.ts";
import { type Canvas, Layer } from "./layer.ts";
import {
  barOf,
  barsOf,
  candleOf,
  isOutgrown,
  type ViewWindow,
  wholeWindow,
  windowAround,
} from "./view-window.ts";

export type ChartFormats = Readonly<{
  price: (value: number) => string;
  money: (value: number) => string;
  percent: (fraction: number) => string;
}>;

export type ChartEvents = Readonly<{
  /** The candle under the crosshair, or null when it has left the chart. */
  onHover: (index: number | null) => void;
  onTradeClick: (number: number) => void;
}>;

/**
 * Candles with what a run made of them: plots and trades over the price, equity against buy and hold, drawdown.
 * One library chart with three panes, so crosshair, time scale and price-scale widths are one.
 */
export class TradingChart {
  readonly #chart: IChartApi;
  readonly #price: ISeriesApi<"Candlestick">;
  readonly #equity: ISeriesApi<"Line">;
  readonly #drawdown: ISeriesApi<"Line">;
  readonly #layers: Layer[] = [];
  readonly #tradeLayer: Layer;
  readonly #events: ChartEvents;
  #theme: ChartTheme;
  #candles: Columns | null = null;
  #gaps: readonly Gap[] = [];
  #window: ViewWindow = wholeWindow(0);
  #result: ChartResult | null = null;
  #selected: number | null = null;
  #rewindow = 0;
  #anchoredAt: number | null = null;

  constructor(element: HTMLElement, theme: ChartTheme, formats: ChartFormats, events: ChartEvents) {
    this.#theme = theme;
    this.#events = events;
    this.#chart = createChart(element, behaviour);
    const noLabels = { priceLineVisible: false, lastValueVisible: false };
    this.#price = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    const anchor = { ...noLabels, lineVisible: false, crosshairMarkerVisible: false };
    this.#equity = this.#chart.addSeries(LineSeries, { ...anchor, lastValueVisible: true }, 1);
    this.#drawdown = this.#chart.addSeries(LineSeries, anchor, 2);
    this.#tradeLayer = this.#addLayers();
    this.#shareHeight();
    this.setTheme(theme);
    this.setFormats(formats);
    this.#chart.subscribeCrosshairMove((event) => events.onHover(this.#candleAt(event)));
    this.#chart.subscribeClick((event) => this.#click(event));
    this.#chart.timeScale().subscribeVisibleLogicalRangeChange(() => this.#watchWindow());
  }

  /** Shows other candles; the result of the old ones goes away with them. */
  setCandles(candles: Columns, timeframeMs: number): void {
    this.#candles = candles;
    this.#gaps = gapsOf(candles.time, timeframeMs);
    this.#result = null;
    this.#selected = null;
    this.#load(wholeWindow(candles.time.length));
    this.showAll();
  }

  /** Shows a run over the candles that are shown, or none. */
  setResult(result: ChartResult | null): void {
    const rows = this.#candles?.time.length ?? 0;
    this.#result = result?.equity.length === rows ? result : null;
    this.#anchor();
    this.#redraw();
  }

  setTheme(theme: ChartTheme): void {
    this.#theme = theme;
    const { up, down, accent } = theme;
    this.#chart.applyOptions(lookOf(theme));
    this.#price.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
    this.#equity.applyOptions({ color: accent });
    this.#redraw();
  }

  setFormats(formats: ChartFormats): void {
    const { price, money, percent } = formats;
    const custom = (formatter: (value: number) => string, minMove: number) => ({
      priceFormat: { type: "custom" as const, formatter, minMove },
    });
    this.#price.applyOptions(custom(price, 1e-8));
    this.#equity.applyOptions({
      ...custom(money, 0.01),
      autoscaleInfoProvider: () =>
        this.#result && this.#scaleOver([this.#result.equity, this.#result.hold], false),
    });
    this.#drawdown.applyOptions({
      ...custom(percent, 1e-4),
      autoscaleInfoProvider: () => this.#result && this.#scaleOver([this.#result.drawdown], true),
    });
  }

  setLogScale(isLog: boolean): void {
    const mode = isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
    for (const series of [this.#price, this.#equity]) series.priceScale().applyOptions({ mode });
  }

  /** Marks a trade with its stop and target; `andShow` also scrolls to it. */
  selectTrade(number: number | null, andShow = false): void {
    this.#selected = number;
    const trade = this.#result?.trades.find((one) => one.number === number);
    if (trade && andShow) {
      const around = Math.max(30, (trade.exitIndex - trade.entryIndex) * 1.5);
      this.show(trade.entryIndex - around, trade.exitIndex + around);
    }
    this.#redraw();
  }

  /** Brings candles `first` to `last` into view, loading finer bars where the view asks for them. */
  show(first: number, last: number): void {
    const rows = this.#candles?.time.length ?? 0;
    const [from, to] = [Math.max(0, first), Math.min(rows, last)];
    if (isOutgrown(this.#window, rows, from, to)) this.#load(windowAround(rows, from, to));
    this.#chart.timeScale().setVisibleLogicalRange({
      from: barOf(this.#window, first),
      to: barOf(this.#window, last),
    });
  }

  showAll(): void {
    const rows = this.#candles?.time.length ?? 0;
    if (this.#window.to - this.#window.from < rows) this.#load(wholeWindow(rows));
    this.#chart.timeScale().setVisibleLogicalRange({
      from: barOf(this.#window, 0) - 0.5,
      to: barOf(this.#window, rows) + Math.max(1, rows / this.#window.factor / 60),
    });
  }

  colourOfPlot(order: number): string {
    return plotColour(this.#theme, order);
  }

  /** Tells where a pane begins, in CSS pixels from the top of the chart: for the legends over it. */
  paneTops(): number[] {
    let top = 0;
    return this.#chart.panes().map((pane) => {
      const here = top;
      top += pane.getHeight() + 1;
      return here;
    });
  }

  /** Calls back when the sizes of panes may have changed; answers with how to stop that. */
  onLayout(callback: () => void): () => void {
    const observer = new ResizeObserver(() => requestAnimationFrame(callback));
    for (const pane of this.#chart.panes()) {
      const element = pane.getHTMLElement();
      if (element) observer.observe(element);
    }
    observer.observe(this.#chart.chartElement());
    requestAnimationFrame(callback);
    return () => observer.disconnect();
  }

  dispose(): void {
    clearTimeout(this.#rewindow);
    this.#chart.remove();
  }

  #addLayers(): Layer {
    const add = (
      series: ISeriesApi<"Candlestick"> | ISeriesApi<"Line">,
      zOrder: "bottom" | "normal" | "top",
      draw: (canvas: Canvas) => void,
      hit?: (x: number, y: number) => { externalId: string; zOrder: "top" } | null,
    ): Layer => {
      const layer = new Layer(() => this.#window, { zOrder, draw, ...(hit && { hit }) });
      series.attachPrimitive(layer);
      this.#layers.push(layer);
      return layer;
    };
    for (const series of [this.#price, this.#equity, this.#drawdown]) {
      add(series, "bottom", (canvas) => drawGaps(canvas, this.#gaps, this.#theme));
    }
    add(this.#price, "normal", (canvas) => this.#draw(drawPlots, canvas));
    add(this.#equity, "normal", (canvas) => this.#draw(drawEquity, canvas));
    add(this.#drawdown, "normal", (canvas) => this.#draw(drawDrawdown, canvas));
    return add(
      this.#price,
      "top",
      (canvas) => drawTrades(canvas, this.#result?.trades ?? [], this.#selected, this.#theme),
      (x, y) => {
        const scale = this.#tradeLayer.scale();
        const trade = scale && tradeAt(this.#result?.trades ?? [], scale, x, y);
        return trade ? { externalId: `trade:${trade.number}`, zOrder: "top" } : null;
      },
    );
  }

  #draw(
    layer: (canvas: Canvas, result: ChartResult, theme: ChartTheme) => void,
    canvas: Canvas,
  ): void {
    if (this.#result) layer(canvas, this.#result, this.#theme);
  }

  #shareHeight(): void {
    const shares = [0.64, 0.19, 0.17];
    for (const [order, pane] of this.#chart.panes().entries()) {
      pane.setStretchFactor(shares[order] ?? 0.2);
    }
    this.#price.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0.06 } });
    this.#equity.priceScale().applyOptions({ scaleMargins: { top: 0.28, bottom: 0.08 } });
    this.#drawdown.priceScale().applyOptions({ scaleMargins: { top: 0.32, bottom: 0.08 } });
  }

  #load(window: ViewWindow): void {
    if (!this.#candles) return;
    this.#window = window;
    const bars = barsOf(this.#candles, window);
    const rows = Array.from(bars.time, (time, bar) => ({
      time: (time / 1000) as UTCTimestamp,
      open: bars.open[bar] ?? 0,
      high: bars.high[bar] ?? 0,
      low: bars.low[bar] ?? 0,
      close: bars.close[bar] ?? 0,
    }));
    this.#price.setData(rows);
    this.#anchoredAt = null;
    this.#anchor();
  }

  /**
   * The panes below need one point of their own each; the lines themselves are drawn from columns. Moving a point that
   * is there costs nothing, setting one makes the library sort all times again.
   */
  #anchor(): void {
    const end = this.#window.to - 1;
    const time = (this.#candles?.time[this.#lastBarStart()] ?? 0) / 1000;
    const values = this.#result
      ? [this.#result.equity[end] ?? 0, this.#result.drawdown[end] ?? 0]
      : [undefined, undefined];
    for (const [order, series] of [this.#equity, this.#drawdown].entries()) {
      const value = values[order];
      const point = { time: time as UTCTimestamp, value: value ?? 0 };
      if (this.#anchoredAt === time && value !== undefined) series.update(point);
      else series.setData(value === undefined ? [] : [point]);
    }
    this.#anchoredAt = this.#result ? time : null;
  }

  /** The first candle of the last bar: bars carry its time. */
  #lastBarStart(): number {
    const { from, to, factor } = this.#window;
    return from + Math.floor((to - 1 - from) / factor) * factor;
  }

  #watchWindow(): void {
    const rows = this.#candles?.time.length ?? 0;
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (!range) return;
    const { from, factor } = this.#window;
    const first = Math.max(0, from + range.from * factor);
    const last = Math.min(rows, from + range.to * factor);
    if (!isOutgrown(this.#window, rows, first, last)) return;
    clearTimeout(this.#rewindow);
    this.#rewindow = window.setTimeout(() => {
      const offset = { first: from + range.from * factor, last: from + range.to * factor };
      this.#load(windowAround(rows, first, last));
      this.#chart.timeScale().setVisibleLogicalRange({
        from: barOf(this.#window, offset.first),
        to: barOf(this.#window, offset.last),
      });
    }, 120);
  }

  /** The scale for lines of the result over the candles in view. */
  #scaleOver(lines: readonly Float64Array[], withZero: boolean) {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (!range) return null;
    const { from, factor } = this.#window;
    const first = Math.floor(from + range.from * factor);
    const last = Math.ceil(from + range.to * factor) + 1;
    return scaleOver(lines, first, last, withZero);
  }

  #candleAt(event: MouseEventParams<Time>): number | null {
    if (event.logical === undefined || !event.point || !this.#candles) return null;
    return candleOf(this.#window, event.logical as Logical);
  }

  #click(event: MouseEventParams<Time>): void {
    const id = typeof event.hoveredObjectId === "string" ? event.hoveredObjectId : "";
    if (id.startsWith("trade:")) this.#events.onTradeClick(Number(id.slice(6)));
  }

  #redraw(): void {
    this.#layers[0]?.redraw();
  }
}
