import type { StrategyVersion } from "@trading/contracts/strategies";
import { timeframeMs } from "@trading/contracts/timeframes";
import { useRef } from "react";
import { cx } from "../../../ui/cx.ts";
import { Progress, Skeleton } from "../../../ui/feedback.tsx";
import { ProblemView } from "../../../ui/problem-view.tsx";
import type { WorkbenchState } from "../state.ts";
import { texts } from "../texts.ts";
import type { Workbench } from "../use-workbench.ts";
import { ResultHead } from "./result-head.tsx";
import { RunProblemView } from "./run-problem-view.tsx";

/** What came of what is set: figures, what went wrong, or that it is on its way. */
export function WorkbenchHead({
  workbench,
  onTrust,
}: {
  workbench: Workbench;
  onTrust: () => void;
}) {
  const { series, shown, problem, error, isStale, retry } = workbench;
  // While a run goes on, its figures are those of the settings before.
  const told = useRef(workbench);
  if (!isStale) told.current = workbench;
  const { state, strategy } = told.current;
  if (error) return <ProblemView error={error} onRetry={retry} className="border-b border-line" />;
  if (workbench.isEmpty) return null;
  // What the server stored stands, even where this browser cannot run it.
  if (problem && (isStale || shown?.origin !== "server"))
    return <RunProblemView problem={problem} />;
  if (!shown || !series) {
    return (
      <div
        className="flex h-18 shrink-0 items-center gap-6 border-b border-line px-3"
        aria-busy="true"
      >
        <Skeleton className="h-9 w-72" />
        <Skeleton className="h-9 flex-1" />
      </div>
    );
  }
  return (
    <div
      className={cx(
        "relative shrink-0 transition-opacity duration-150",
        isStale && "opacity-75 delay-300",
      )}
      aria-busy={isStale}
    >
      {isStale && (
        <Progress
          share={null}
          label={texts.states.running}
          className="late absolute inset-x-0 top-0 h-0.5!"
        />
      )}
      {problem && <RunProblemView problem={problem} />}
      <ResultHead
        name={`${strategy.title}${numbersOf(strategy, state)}`}
        shown={shown}
        capital={state.settings.capital}
        quote={series.quote}
        timeframeMs={timeframeMs[state.timeframe]}
        isSynthetic={series.source === "synthetic"}
        isOptimistic={state.settings.fillOn === "signal-close"}
        exchange={series.exchange}
        onTrust={onTrust}
      />
    </div>
  );
}

/** The lengths a strategy is known by, as in "SMA crossover 10/30". */
function numbersOf(strategy: StrategyVersion, { parameters }: WorkbenchState): string {
  const lengths = Object.entries(strategy.parameters)
    .filter(([, { kind }]) => kind === "integer")
    .map(([name]) => parameters[name])
    .slice(0, 2);
  return lengths.length > 0 ? ` ${lengths.join("/")}` : "";
}
