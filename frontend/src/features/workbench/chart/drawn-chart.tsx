import { type ComponentProps, useMemo } from "react";
import type { BrowserExplanation, ChartedMarket } from "../run/protocol.ts";
import { bandOver, chartResultOf, type Drawing } from "./chart-result.ts";
import { PriceChart } from "./price-chart.tsx";

type DrawnProps = Omit<ComponentProps<typeof PriceChart>, "candles" | "result"> &
  Readonly<{
    drawing: Drawing | null;
    charted: ChartedMarket | null;
    explained: BrowserExplanation | null;
  }>;

/** The chart of one market, with what is known of a run over it. */
export function DrawnChart({ drawing, charted, explained, ...rest }: DrawnProps) {
  const drawn = useMemo(
    () => (drawing && charted ? chartResultOf(drawing, charted) : null),
    [drawing, charted],
  );
  const result = useMemo(
    () =>
      drawn && charted && explained ? { ...drawn, band: bandOver(explained, charted) } : drawn,
    [drawn, charted, explained],
  );
  return <PriceChart {...rest} candles={charted?.candles ?? null} result={result} />;
}
