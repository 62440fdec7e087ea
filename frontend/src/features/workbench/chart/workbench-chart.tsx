import { timeframeMs } from "@trading/contracts/timeframes";
import { useMemo } from "react";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/feedback.tsx";
import { money, number, percent, priceDecimals } from "../../../ui/format.ts";
import { amountDecimals } from "../../../ui/metric-text.ts";
import { texts } from "../texts.ts";
import { useExplanation } from "../use-explanation.ts";
import type { Workbench } from "../use-workbench.ts";
import { PriceChart } from "./price-chart.tsx";
import type { Selected } from "./selected.ts";

type ChartProps = Readonly<{
  workbench: Workbench;
  selected: Selected;
  onSelect: (number: number) => void;
}>;

/** The chart of what is set, or why there is nothing to draw. */
export function WorkbenchChart({ workbench, selected, onSelect }: ChartProps) {
  const { state, series, set, chartResult } = workbench;
  const band = useExplanation(workbench, false).explained?.band ?? null;
  const result = useMemo(
    () => (chartResult && band ? { ...chartResult, band } : chartResult),
    [chartResult, band],
  );
  const tick = set?.market.tick ?? null;
  const lastClose = set?.candles.close.at(-1) ?? 0;
  const capital = state.settings.capital;
  const formats = useMemo(() => {
    const decimals = priceDecimals(tick, lastClose);
    return {
      price: (value: number) => number(value, { decimals }),
      money: (value: number) => money(value, { decimals: amountDecimals(capital) }),
      percent: (fraction: number) => percent(fraction),
    };
  }, [tick, lastClose, capital]);
  if (workbench.isEmpty) {
    return (
      <EmptyState
        className="content-center"
        action={
          <Button onClick={() => workbench.change({ from: null, to: null })}>
            {texts.states.noCandlesAction}
          </Button>
        }
      >
        {texts.states.noCandles}
      </EmptyState>
    );
  }
  return (
    <PriceChart
      title={`${series?.symbol ?? ""} ${set?.timeframe ?? state.timeframe}`}
      quote={series?.quote ?? ""}
      candles={set?.candles ?? null}
      timeframeMs={timeframeMs[(set?.timeframe ?? state.timeframe) as keyof typeof timeframeMs]}
      result={result}
      formats={formats}
      selected={selected}
      onSelect={onSelect}
    />
  );
}
