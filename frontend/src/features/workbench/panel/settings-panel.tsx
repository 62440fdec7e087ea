import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import { timeframeMs, timeframes } from "@trading/contracts/timeframes";
import { memo, type ReactNode } from "react";
import { Link } from "../../../router/router.tsx";
import { Button, LineButton } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { Select } from "../../../ui/field.tsx";
import { instantText } from "../../../ui/format.ts";
import { changedNames, defaultsOf, type WorkbenchState } from "../state.ts";
import { texts } from "../texts.ts";
import { CandlesForm } from "./candles-form.tsx";
import { ExecutionSection } from "./execution-section.tsx";
import { MarketsSection } from "./markets-section.tsx";
import { MoneyForm } from "./money-form.tsx";
import { ParameterForm } from "./parameter-form.tsx";
import { PresetChoice } from "./preset-choice.tsx";

type PanelProps = Readonly<{
  state: WorkbenchState;
  strategy: StrategyVersion;
  /** Whether an older version is set, and whether there is a newer one to go to. */
  isOlder: boolean;
  isListed: boolean;
  /** Whether the strategy chooses between markets and has only one. */
  wantsMarkets: boolean;
  strategies: readonly StrategyView[];
  series: readonly Series[];
  quote: string;
  onChange: (change: Partial<WorkbenchState>) => void;
  onStrategy: (strategy: StrategyView) => void;
  onNewest: () => void;
  onSeries: (series: Series) => void;
  onAnotherMarket: () => void;
}>;

/** Everything that can be set, from strategy to slippage; each change runs at once. A result leaves it as it is. */
export const SettingsPanel = memo(function SettingsPanel(props: PanelProps) {
  const { state, strategy, strategies, series, quote, onChange } = props;
  const changed = changedNames(strategy.parameters, state.parameters);
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-auto">
      <Group>
        <Select
          aria-label={texts.panel.strategy}
          className="font-semibold"
          value={strategy.name}
          options={(props.isListed ? strategies : [strategy, ...strategies]).map(
            ({ name, title }) => ({ value: name, label: title }),
          )}
          onChange={(name) => {
            const next = strategies.find((one) => one.name === name);
            if (next) props.onStrategy(next);
          }}
        />
        {props.isOlder && <OlderVersion {...props} />}
        <p className="text-sm text-muted">
          {strategy.description}{" "}
          {props.isListed && (
            <Link
              to="/strategies/$name"
              params={{ name: strategy.name }}
              className="text-accent underline underline-offset-2"
            >
              {texts.panel.documentation}
            </Link>
          )}
        </p>
      </Group>
      <Group>
        <CandlesForm
          state={state}
          series={series}
          onSeries={props.onSeries}
          onChange={onChange}
          onAnotherMarket={props.onAnotherMarket}
        />
        {props.wantsMarkets && (
          <p role="note" className="border-l-2 border-amber pl-2.5 text-sm">
            {texts.several.wantsMore}
          </p>
        )}
      </Group>
      <MarketsSection state={state} series={series} onChange={onChange} />
      <Group
        first
        title={texts.panel.parameters}
        tools={
          changed.length > 0 && (
            <LineButton onClick={() => onChange({ parameters: defaultsOf(strategy.parameters) })}>
              {texts.panel.resetAll}
            </LineButton>
          )
        }
      >
        <PresetChoice strategy={strategy} state={state} onChange={onChange} />
        <ParameterForm
          table={strategy.parameters}
          values={state.parameters}
          timeframes={timeframes}
          onChange={(name, value) =>
            onChange({ parameters: { ...state.parameters, [name]: value } })
          }
        />
      </Group>
      <Group title={texts.panel.money}>
        <MoneyForm
          settings={state.settings}
          quote={quote}
          onChange={(settings) => onChange({ settings })}
        />
      </Group>
      <ExecutionSection
        settings={state.settings}
        hasDetail={series.some(
          ({ id, timeframe }) =>
            id === state.seriesId && timeframeMs[timeframe] < timeframeMs[state.timeframe],
        )}
        onChange={(settings) => onChange({ settings })}
      />
    </div>
  );
});

/** Says that not the newest code runs, and goes to it. */
function OlderVersion({ strategy, isListed, onNewest }: PanelProps) {
  const { version, versionAt } = strategy;
  return (
    <div role="note" className="grid gap-1.5 border-l-2 border-amber pl-2.5 text-sm">
      <p title={version}>
        {texts.panel.older(version.slice(0, 8), instantText(Date.parse(versionAt), "UTC"))}{" "}
        {isListed ? texts.panel.newer : texts.panel.unlisted}
      </p>
      {isListed && (
        <Button small className="justify-self-start" onClick={onNewest}>
          {texts.panel.takeNewest}
        </Button>
      )}
    </div>
  );
}

type GroupProps = Readonly<{
  title?: string;
  tools?: ReactNode;
  /** Comes first where little fits on the screen: what one moves most. */
  first?: boolean;
  children: ReactNode;
}>;

function Group({ title, tools, first = false, children }: GroupProps) {
  return (
    <section
      className={cx(
        "grid shrink-0 gap-2.5 border-b border-line px-3.5 py-2.5 last:border-b-0",
        first && "max-lg:order-first",
      )}
    >
      {title !== undefined && (
        <header className="flex items-center justify-between">
          <h2 className="text-sm font-semibold">{title}</h2>
          {tools}
        </header>
      )}
      {children}
    </section>
  );
}
