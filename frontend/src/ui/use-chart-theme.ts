import { type RefObject, useEffect } from "react";
import { type ChartTheme, readChartTheme } from "./chart-theme.ts";

type Themed = Readonly<{ setTheme: (theme: ChartTheme) => void }>;

/** Lets a chart follow theme and colour pair, which are attributes of the page's root. */
export function useChartTheme(chart: Themed | null, box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (!chart) return;
    const observer = new MutationObserver(() => {
      if (box.current) chart.setTheme(readChartTheme(box.current));
    });
    observer.observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-theme", "data-colours"],
    });
    return () => observer.disconnect();
  }, [chart, box]);
}
