import { cx } from "../../../ui/cx.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";

/** The markets of the wallet; the chosen one is on the chart. */
export function MarketChoice({ workbench }: { workbench: Workbench }) {
  const { set, charted, showMarket } = workbench;
  const symbols = set ? [set, ...(set.others ?? [])].map(({ market }) => market.symbol) : [];
  return (
    <fieldset
      aria-label={texts.several.onChart}
      className="flex min-h-8 min-w-0 items-center gap-1 overflow-x-auto border-b border-line px-2"
    >
      {symbols.map((symbol) => (
        <button
          key={symbol}
          type="button"
          aria-pressed={symbol === charted?.market.symbol}
          onClick={() => showMarket(symbol)}
          className={cx(
            "h-6 rounded px-2 text-sm whitespace-nowrap hover:bg-hover pointer-coarse:h-8",
            symbol === charted?.market.symbol ? "bg-hover font-semibold text-accent" : "text-muted",
          )}
        >
          {symbol}
        </button>
      ))}
    </fieldset>
  );
}
