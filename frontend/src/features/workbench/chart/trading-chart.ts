import type { Columns } from "@trading/engine";
import {
  CandlestickSeries,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type Logical,
  type MouseEventParams,
  PriceScaleMode,
  type Time,
  type UTCTimestamp,
} from "lightweight-charts";
import type { ChartTheme } from "../../../ui/chart-theme.ts";
import { lastAtOrBefore } from "../result/shown.ts";
import type { ChartFormats } from "./chart-formats.ts";
import { behaviour, lookOf } from "./chart-options.ts";
import { type Gap, gapsOf } from "./curves.ts";
import {
  type CandleStretch,
  type ChartResult,
  drawGaps,
  drawPlots,
  drawStretch,
  plotColour,
} from "./draw-result.ts";
import { drawTrades, tradeAt } from "./draw-trades.ts";
import { type Canvas, Layer, type LayerOptions } from "./layer.ts";
import { LowerPanes } from "./lower-panes.ts";
import type { Stretch } from "./selected.ts";
import {
  barOf,
  barsOf,
  candleOf,
  isOutgrown,
  type ViewWindow,
  wholeWindow,
  windowAround,
} from "./view-window.ts";

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
  readonly #lower: LowerPanes;
  readonly #tradeLayer: Layer;
  readonly #events: ChartEvents;
  #theme: ChartTheme;
  #candles: Columns | null = null;
  #gaps: readonly Gap[] = [];
  #window: ViewWindow = wholeWindow(0);
  #result: ChartResult | null = null;
  #selected: number | null = null;
  #stretch: CandleStretch | null = null;
  #rewindow = 0;

  constructor(element: HTMLElement, theme: ChartTheme, formats: ChartFormats, events: ChartEvents) {
    this.#theme = theme;
    this.#events = events;
    this.#chart = createChart(element, behaviour);
    this.#price = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.#price.priceScale().applyOptions({ scaleMargins: { top: 0.12, bottom: 0.06 } });
    this.#addResultLayers(this.#price, drawPlots(0));
    this.#tradeLayer = this.#addTradeLayer();
    this.#lower = new LowerPanes(this.#chart, {
      result: () => this.#result,
      inView: () => this.#inView(),
      addLayer: (series, draw) => this.#addResultLayers(series, draw),
    });
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
    this.#stretch = null;
    this.#load(wholeWindow(candles.time.length));
    this.showAll();
  }

  /** Shows a run over the candles that are shown, or none. */
  setResult(result: ChartResult | null): void {
    const rows = this.#candles?.time.length ?? 0;
    this.#result = result?.equity.length === rows ? result : null;
    if (this.#result) this.#lower.fit(this.#result);
    this.#anchor();
    this.#redraw();
  }

  setTheme(theme: ChartTheme): void {
    this.#theme = theme;
    const { up, down } = theme;
    this.#chart.applyOptions(lookOf(theme));
    this.#price.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
    this.#redraw();
  }

  setFormats(formats: ChartFormats): void {
    const priceFormat = { type: "custom" as const, formatter: formats.price, minMove: 1e-8 };
    this.#price.applyOptions({ priceFormat });
    this.#lower.setFormats(formats);
  }

  setLogScale(isLog: boolean): void {
    const mode = isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal;
    this.#price.priceScale().applyOptions({ mode });
    this.#lower.setLogScale(isLog);
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

  /** Shades a stretch of time and brings it into view, with some candles around it. */
  selectStretch(stretch: Stretch | null): void {
    const time = this.#candles?.time;
    this.#stretch = null;
    if (stretch && time) {
      const from = Math.max(0, lastAtOrBefore(time, stretch.from));
      const to = Math.max(from, lastAtOrBefore(time, stretch.to));
      const around = Math.max(20, (to - from) * 0.25);
      this.#stretch = { from, to };
      this.show(from - around, to + around);
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

  #addLayer(series: ISeriesApi<"Candlestick"> | ISeriesApi<"Line">, options: LayerOptions): Layer {
    const layer = new Layer(() => this.#window, options);
    series.attachPrimitive(layer);
    return layer;
  }

  /** Draws what holds for all panes below, and the lines of the result over it. */
  #addResultLayers(
    series: ISeriesApi<"Candlestick"> | ISeriesApi<"Line">,
    draw: (canvas: Canvas, result: ChartResult, theme: ChartTheme) => void,
  ): Layer {
    this.#addLayer(series, {
      zOrder: "normal",
      draw: (canvas) => {
        if (this.#result) draw(canvas, this.#result, this.#theme);
      },
    });
    return this.#addLayer(series, {
      zOrder: "bottom",
      draw: (canvas) => {
        drawGaps(canvas, this.#gaps, this.#theme);
        if (this.#stretch) drawStretch(canvas, this.#stretch, this.#theme);
      },
    });
  }

  #addTradeLayer(): Layer {
    const layer: Layer = this.#addLayer(this.#price, {
      zOrder: "top",
      draw: (canvas) => drawTrades(canvas, this.#result?.trades ?? [], this.#selected, this.#theme),
      hit: (x, y) => {
        const scale = layer.scale();
        const trade = scale && tradeAt(this.#result?.trades ?? [], scale, x, y);
        return trade ? { externalId: `trade:${trade.number}`, zOrder: "top" } : null;
      },
    });
    return layer;
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
    this.#anchor(true);
  }

  #anchor(isFresh = false): void {
    const time = (this.#candles?.time[this.#lastBarStart()] ?? 0) / 1000;
    this.#lower.anchor(time, this.#window.to - 1, isFresh);
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

  /** The first and the last candle in view. */
  #inView(): readonly [first: number, last: number] | null {
    const range = this.#chart.timeScale().getVisibleLogicalRange();
    if (!range) return null;
    const { from, factor } = this.#window;
    return [Math.floor(from + range.from * factor), Math.ceil(from + range.to * factor) + 1];
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
    this.#tradeLayer.redraw();
  }
}
