import type { Columns } from "@trading/engine";
import { memo, useEffect, useRef, useState } from "react";
import { readChartTheme } from "../../../ui/chart-theme.ts";
import { Skeleton } from "../../../ui/feedback.tsx";
import { useChartTheme } from "../../../ui/use-chart-theme.ts";
import { texts } from "../texts.ts";
import type { ChartFormats } from "./chart-formats.ts";
import { ChartLegend } from "./chart-legend.tsx";
import type { ChartResult } from "./draw-result.ts";
import type { Selected } from "./selected.ts";
import { TradingChart } from "./trading-chart.ts";

type PriceChartProps = Readonly<{
  /** Such as "BTC/USDT 1h". */
  title: string;
  quote: string;
  candles: Columns | null;
  timeframeMs: number;
  result: ChartResult | null;
  formats: ChartFormats;
  selected: Selected;
  onSelect: (number: number) => void;
}>;

/** The chart of the workbench and what stands over it. */
export const PriceChart = memo(function PriceChart(props: PriceChartProps) {
  const { candles, timeframeMs, result, formats, selected, onSelect } = props;
  const box = useRef<HTMLDivElement>(null);
  const select = useRef(onSelect);
  select.current = onSelect;
  const [chart, setChart] = useState<TradingChart | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const [isLog, setLog] = useState(false);
  const initialFormats = useRef(formats);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const made = new TradingChart(element, readChartTheme(element), initialFormats.current, {
      onHover: setHovered,
      onTradeClick: (number) => select.current(number),
    });
    setChart(made);
    return () => made.dispose();
  }, []);

  useChartTheme(chart, box);
  useEffect(() => chart?.setFormats(formats), [chart, formats]);
  useEffect(() => {
    if (candles) chart?.setCandles(candles, timeframeMs);
  }, [chart, candles, timeframeMs]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other candles take the result away, so it is set again.
  useEffect(() => chart?.setResult(result), [chart, candles, result]);
  useEffect(() => chart?.setLogScale(isLog), [chart, isLog]);
  useEffect(() => {
    chart?.selectTrade(selected.number, selected.shown > 0);
    chart?.selectStretch(selected.stretch);
  }, [chart, selected]);

  return (
    <div
      className="relative h-full min-h-0 w-full"
      data-chart={chart && candles && result ? "drawn" : "waiting"}
    >
      <section ref={box} className="h-full w-full" aria-label={texts.chart.label(props.title)} />
      {(!chart || !candles) && <Skeleton className="absolute inset-0 rounded-none" />}
      {chart && candles && (
        <ChartLegend
          chart={chart}
          title={props.title}
          quote={props.quote}
          candles={candles}
          result={result}
          formats={formats}
          index={hovered}
          isLog={isLog}
          onLog={setLog}
        />
      )}
    </div>
  );
});
