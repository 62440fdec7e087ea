import { ExchangeText } from "../../ui/exchange-text.tsx";
import { instantText } from "../../ui/format.ts";
import { Segmented } from "../../ui/segmented.tsx";
import { InTopBar } from "../../ui/top-bar-slot.tsx";
import { texts } from "./texts.ts";
import type { Workbench } from "./use-workbench.ts";

const favourites = ["1m", "5m", "15m", "1h", "4h", "1d"] as const;

/** The market and the timeframe, in the top bar. */
export function WorkbenchBar({
  workbench: { series, state, shown, change, furtherMarkets },
}: {
  workbench: Workbench;
}) {
  if (!series) return null;
  const offered = favourites.filter(
    (one) => one === state.timeframe || series.timeframes.includes(one),
  );
  const options = offered.includes(state.timeframe as (typeof favourites)[number])
    ? offered
    : [...offered, state.timeframe];
  return (
    <InTopBar>
      <h1 className="flex min-w-0 items-baseline gap-1.5 font-semibold whitespace-nowrap">
        <span className="truncate max-sm:shrink-0">
          {series.symbol}
          {furtherMarkets > 0 && ` ${texts.several.more(furtherMarkets)}`}
        </span>
        <small className="truncate text-sm font-normal text-muted">
          {series.source === "synthetic" ? (
            <span className="text-amber" title={texts.syntheticHelp}>
              {texts.synthetic}
            </span>
          ) : (
            <ExchangeText exchange={series.exchange ?? texts.upload} />
          )}
        </small>
      </h1>
      <Segmented
        label={texts.panel.timeframe}
        value={state.timeframe}
        options={options.map((one) => ({ value: one, label: one }))}
        onChange={(timeframe) => change({ timeframe })}
        className="max-lg:hidden"
      />
      {shown && (
        <span className="truncate text-muted max-xl:hidden">
          {instantText(shown.data.firstMs, "UTC", "day")} →{" "}
          {instantText(shown.data.lastMs, "UTC", "day")}
        </span>
      )}
    </InTopBar>
  );
}
