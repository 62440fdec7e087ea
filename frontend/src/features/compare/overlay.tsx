import { useEffect, useRef, useState } from "react";
import { readChartTheme } from "../../ui/chart-theme.ts";
import { cx } from "../../ui/cx.ts";
import type { OverlayLine } from "./overlay-chart.ts";
import { texts } from "./texts.ts";

/** Equity curves over each other. The chart library is loaded with the first of them. */
export function Overlay({ lines }: { lines: readonly OverlayLine[] }) {
  const box = useRef<HTMLElement>(null);
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
    <section data-chart={chart ? "drawn" : "waiting"}>
      <header className="flex items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1.5 text-xs text-muted max-sm:flex-wrap">
        <ul className="flex min-w-0 flex-1 flex-wrap gap-x-4 gap-y-1 max-sm:basis-full">
          {lines.map(({ id, title, colour }) => (
            <li key={id} className="flex items-center gap-1.5">
              <span className="h-0.5 w-3 shrink-0" style={{ background: colour }} />
              {title}
            </li>
          ))}
        </ul>
        <span className="shrink-0 max-sm:flex-1">{texts.chart}</span>
        <button
          type="button"
          aria-pressed={isLog}
          onClick={() => setLog(!isLog)}
          className={cx(
            "h-6 shrink-0 rounded px-1.5 hover:bg-hover",
            isLog && "bg-hover text-accent",
          )}
        >
          {texts.log}
        </button>
      </header>
      <figure
        ref={box}
        aria-label={texts.chartLabel(lines.length)}
        className="h-80 border-b border-line max-sm:h-60"
      />
    </section>
  );
}
