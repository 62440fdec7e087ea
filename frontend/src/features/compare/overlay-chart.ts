import {
  createChart,
  type IChartApi,
  LineSeries,
  PriceScaleMode,
  type UTCTimestamp,
} from "lightweight-charts";
import { type ChartTheme, mix } from "../../ui/chart-theme.ts";
import { atEvenTimes } from "./even-times.ts";

export type OverlayLine = Readonly<{
  id: string;
  title: string;
  colour: string;
  /** Ms since epoch, ascending. */
  time: readonly number[];
  values: readonly number[];
}>;

/** Draws lines over each other on one scale. Answers with how to change and how to remove it. */
export function drawOverlay(
  element: HTMLElement,
  lines: readonly OverlayLine[],
  theme: ChartTheme,
) {
  const chart: IChartApi = createChart(element, {
    autoSize: true,
    localization: { locale: "en-US", priceFormatter: (value: number) => value.toFixed(1) },
    timeScale: { timeVisible: true, minBarSpacing: 0.01 },
  });
  const { time, values } = atEvenTimes(lines);
  for (const [line, { colour }] of lines.entries()) {
    const series = chart.addSeries(LineSeries, {
      color: colour,
      lineWidth: 2,
      priceLineVisible: false,
    });
    series.setData(pointsOf(time, values[line] ?? []));
  }
  const paint = ({ ground, line, grid, muted, font }: ChartTheme) =>
    chart.applyOptions({
      layout: { background: { color: ground }, textColor: muted, fontFamily: font, fontSize: 11 },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: {
        mode: 0,
        vertLine: {
          color: mix(muted, ground, 0.6),
          labelBackgroundColor: mix(muted, ground, 0.35),
        },
        horzLine: {
          color: mix(muted, ground, 0.6),
          labelBackgroundColor: mix(muted, ground, 0.35),
        },
      },
      rightPriceScale: { borderColor: line },
      timeScale: { borderColor: line },
    });
  paint(theme);
  chart.timeScale().fitContent();
  return {
    paint,
    setLogScale: (isLog: boolean) =>
      chart.priceScale("right").applyOptions({
        mode: isLog ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal,
      }),
    remove: () => chart.remove(),
  };
}

const pointsOf = (time: readonly number[], values: readonly (number | null)[]) =>
  time.map((ms, at) => {
    const value = values[at];
    const when = { time: Math.floor(ms / 1_000) as UTCTimestamp };
    return value === null || value === undefined ? when : { ...when, value };
  });
