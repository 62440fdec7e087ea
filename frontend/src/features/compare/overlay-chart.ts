import {
  createChart,
  type IChartApi,
  LineSeries,
  PriceScaleMode,
  type UTCTimestamp,
} from "lightweight-charts";
import { type ChartTheme, mix } from "../../ui/chart-theme.ts";

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
  for (const { colour, time, values } of lines) {
    const series = chart.addSeries(LineSeries, {
      color: colour,
      lineWidth: 2,
      priceLineVisible: false,
    });
    series.setData(pointsOf(time, values));
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

/** Points in seconds, each time once: curves keep extremes, so two points may share one. */
function pointsOf(time: readonly number[], values: readonly number[]) {
  const points: { time: UTCTimestamp; value: number }[] = [];
  for (const [index, ms] of time.entries()) {
    const at = Math.floor(ms / 1000) as UTCTimestamp;
    const point = { time: at, value: values[index] ?? 0 };
    if (points.at(-1)?.time === at) points[points.length - 1] = point;
    else points.push(point);
  }
  return points;
}
