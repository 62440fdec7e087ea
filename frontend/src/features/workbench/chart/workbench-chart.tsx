import { timeframeMs } from "@trading/contracts/timeframes";
import { lazy, Suspense, useMemo } from "react";
import { Button } from "../../../ui/button.tsx";
import { EmptyState, Skeleton } from "../../../ui/feedback.tsx";
import { money, number, percent, priceDecimals } from "../../../ui/format.ts";
import { amountDecimals } from "../../../ui/metric-text.ts";
import { isInverted } from "../state.ts";
import { texts } from "../texts.ts";
import { useExplanation } from "../use-explanation.ts";
import type { Workbench } from "../use-workbench.ts";
import type { Selected } from "./selected.ts";

// The library is large: it comes with the first chart, not with the page.
const DrawnChart = lazy(() =>
  import("./drawn-chart.tsx").then((module) => ({ default: module.DrawnChart })),
);

// Only for runs over several markets.
const MarketChoice = lazy(() =>
  import("./market-choice.tsx").then((module) => ({ default: module.MarketChoice })),
);

type ChartProps = Readonly<{
  workbench: Workbench;
  selected: Selected;
  onSelect: (number: number) => void;
}>;

/** The chart of what is set, or why there is nothing to draw. */
export function WorkbenchChart({ workbench, selected, onSelect }: ChartProps) {
  const { state, series, charted, drawing } = workbench;
  const { explained } = useExplanation(workbench, false);
  const tick = charted?.market.tick ?? null;
  const lastClose = charted?.candles.close.at(-1) ?? 0;
  const capital = state.settings.capital;
  const fall = workbench.shown?.metrics.maxDrawdown ?? 1;
  const formats = useMemo(() => {
    const decimals = priceDecimals(tick, lastClose);
    return {
      price: (value: number) => number(value, { decimals }),
      money: (value: number) => money(value, { decimals: amountDecimals(capital) }),
      percent: (fraction: number) => percent(fraction, { decimals: fall < 0.02 ? 2 : 1 }),
      percentStep: fall < 0.02 ? 0.0001 : 0.001,
    };
  }, [tick, lastClose, capital, fall]);
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
        {isInverted(state) ? texts.states.endsBefore : texts.states.noCandles}
      </EmptyState>
    );
  }
  const timeframe = charted?.timeframe ?? state.timeframe;
  const chart = (
    <Suspense fallback={<Skeleton className="h-full rounded-none" />}>
      <DrawnChart
        title={`${charted?.market.symbol ?? series?.symbol ?? ""} ${timeframe}`}
        quote={series?.quote ?? ""}
        timeframeMs={timeframeMs[timeframe as keyof typeof timeframeMs]}
        drawing={drawing}
        charted={charted}
        explained={explained}
        formats={formats}
        selected={selected}
        onSelect={onSelect}
      />
    </Suspense>
  );
  if (workbench.furtherMarkets === 0) return chart;
  return (
    <div className="grid h-full grid-rows-[auto_minmax(0,1fr)]">
      <Suspense fallback={<div className="h-8" />}>
        <MarketChoice workbench={workbench} />
      </Suspense>
      {chart}
    </div>
  );
}
