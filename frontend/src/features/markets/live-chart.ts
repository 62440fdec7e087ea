import type { LiveCandle } from "@trading/contracts/live-markets";
import {
  CandlestickSeries,
  CrosshairMode,
  createChart,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from "lightweight-charts";
import { type ChartTheme, mix } from "../../ui/chart-theme.ts";

/** Candles of one market that move while one looks. */
export class LiveChart {
  readonly #chart: IChartApi;
  readonly #series: ISeriesApi<"Candlestick">;
  #lastMs: number | null = null;

  constructor(element: HTMLElement, theme: ChartTheme) {
    this.#chart = createChart(element, {
      autoSize: true,
      crosshair: { mode: CrosshairMode.Normal },
      localization: { locale: "en-US" },
      timeScale: { timeVisible: true, rightOffset: 4, barSpacing: 7 },
    });
    this.#series = this.#chart.addSeries(CandlestickSeries, { borderVisible: false });
    this.setTheme(theme);
  }

  setTheme({ ground, line, grid, muted, up, down, font }: ChartTheme): void {
    const cross = {
      color: mix(muted, ground, 0.6),
      labelBackgroundColor: mix(muted, ground, 0.35),
    };
    this.#chart.applyOptions({
      layout: { background: { color: ground }, textColor: muted, fontFamily: font, fontSize: 11 },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: { vertLine: cross, horzLine: cross },
      rightPriceScale: { borderColor: line, entireTextOnly: true },
      timeScale: { borderColor: line },
    });
    this.#series.applyOptions({
      upColor: up,
      downColor: down,
      wickUpColor: up,
      wickDownColor: down,
    });
  }

  setPriceText(formatter: (price: number) => string): void {
    this.#series.applyOptions({ priceFormat: { type: "custom", formatter, minMove: 1e-8 } });
  }

  /** Draws what changed: the candle that forms, and those after the last one drawn. */
  show(candles: readonly LiveCandle[]): void {
    const lastMs = this.#lastMs;
    const [first] = candles[0] ?? [Number.POSITIVE_INFINITY];
    if (lastMs === null || first > lastMs) this.#series.setData(candles.map(barOf));
    else for (const candle of candles) if (candle[0] >= lastMs) this.#series.update(barOf(candle));
    this.#lastMs = candles.at(-1)?.[0] ?? lastMs;
  }

  dispose(): void {
    this.#chart.remove();
  }
}

const barOf = ([time, open, high, low, close]: LiveCandle) => ({
  time: (time / 1_000) as UTCTimestamp,
  open,
  high,
  low,
  close,
});
