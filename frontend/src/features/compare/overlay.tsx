import { useEffect, useRef, useState } from "react";
import { readChartTheme } from "../../ui/chart-theme.ts";
import { cx } from "../../ui/cx.ts";
import type { OverlayLine } from "./overlay-chart.ts";
import { texts } from "./texts.ts";

/** Equity curves over each other. The chart library is loaded with the first of them. */
export function Overlay({ lines }: { lines: readonly OverlayLine[] }) {
  const box = useRef<HTMLDivElement>(null);
  const [isLog, setLog] = useState(false);
  const [chart, setChart] = useState<ReturnType<
    typeof import("./overlay-chart.ts").drawOverlay
  > | null>(null);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let isGone = false;
    let remove = () => {};
    void import("./overlay-chart.ts").then(({ drawOverlay }) => {
      if (isGone) return;
      const drawn = drawOverlay(element, lines, readChartTheme(element));
      const observer = new MutationObserver(() => drawn.paint(readChartTheme(element)));
      observer.observe(document.documentElement, {
        attributeFilter: ["data-theme", "data-colours"],
      });
      remove = () => {
        observer.disconnect();
        drawn.remove();
      };
      setChart(drawn);
    });
    return () => {
      isGone = true;
      remove();
      setChart(null);
    };
  }, [lines]);

  useEffect(() => chart?.setLogScale(isLog), [chart, isLog]);

  return (
    <section
      className="relative h-80 border-b border-line max-sm:h-64"
      data-chart={chart ? "drawn" : "waiting"}
    >
      <div ref={box} className="h-full" role="img" aria-label={texts.chartLabel(lines.length)} />
      <div className="pointer-events-none absolute top-2 right-20 left-3 z-3 flex flex-wrap gap-x-4 text-xs text-muted">
        <span>{texts.chart}</span>
        {lines.map(({ title, colour }) => (
          <span key={colour} className="flex items-center gap-1.5">
            <span className="h-0.5 w-3" style={{ background: colour }} />
            {title}
          </span>
        ))}
      </div>
      <button
        type="button"
        aria-pressed={isLog}
        onClick={() => setLog(!isLog)}
        className={cx(
          "absolute top-1 right-18 z-3 h-6 rounded px-1.5 text-xs hover:bg-hover",
          isLog ? "bg-hover text-accent" : "text-muted",
        )}
      >
        {texts.log}
      </button>
    </section>
  );
}
