import type { BacktestDetail } from "@trading/contracts/backtests";
import { Link, pageAddress } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useOpening } from "./opening.ts";
import { wantedMarket, workbenchSearch } from "./search.ts";
import { texts } from "./texts.ts";
import { WorkbenchView } from "./workbench-view.tsx";

const route = pageAddress("/workbench", workbenchSearch);

/** The workbench: chart, parameters and result of one backtest on one page. */
export function WorkbenchPage() {
  const search = route.useSearch();
  const opening = useOpening(search);
  switch (opening.kind) {
    case "loading":
      return <Loading />;
    case "problem":
      return <ProblemView error={opening.error} onRetry={opening.retry} className="m-4" />;
    case "no-series":
      return (
        <EmptyState
          className="pt-24"
          action={
            <Link to="/data" search={{ add: "download" }} className={buttonClass("primary")}>
              {texts.states.noSeriesAction}
            </Link>
          }
        >
          {texts.states.noSeries}
        </EmptyState>
      );
    case "series-gone":
      return <SeriesGone backtest={opening.backtest} />;
    case "never-fetched":
      return <NeverFetched backtest={opening.backtest} />;
    case "no-strategies":
      return (
        <EmptyState
          className="pt-24"
          action={
            <Link to="/strategies" className={buttonClass("primary")}>
              {texts.states.noStrategiesAction}
            </Link>
          }
        >
          {texts.states.noStrategies}
        </EmptyState>
      );
    case "ready":
      return (
        <WorkbenchView
          key={opening.key}
          initial={opening.state}
          market={wantedMarket(search)}
          backtest={opening.backtest}
          strategies={opening.strategies}
          older={opening.older}
          series={opening.series}
        />
      );
  }
}

/** A backtest or an address names a series that was deleted: another one in its place would be a lie. */
const SeriesGone = ({ backtest }: { backtest: string | null }) => (
  <EmptyState
    className="pt-24"
    action={
      backtest === null ? (
        <Link to="/data" className={buttonClass("primary")}>
          {texts.states.seriesMissingAction}
        </Link>
      ) : (
        <Link to="/backtests" search={{ backtest }} className={buttonClass("primary")}>
          {texts.states.seriesGoneAction}
        </Link>
      )
    }
  >
    {backtest === null ? texts.states.seriesMissing : texts.states.seriesGone}
  </EmptyState>
);

/** A backtest that failed before it had candles: anything else drawn in its place would be another one. */
function NeverFetched({ backtest }: { backtest: BacktestDetail }) {
  const { strategy, symbol, exchange, problem, status } = backtest;
  const isOver = status === "failed" || status === "cancelled";
  return (
    <EmptyState
      className="pt-24"
      action={
        isOver ? (
          <Link
            to="/workbench"
            search={{ strategy, symbol, ...(exchange !== null && { exchange }) }}
            className={buttonClass("primary")}
          >
            {texts.states.neverFetchedAction}
          </Link>
        ) : (
          <Link
            to="/backtests"
            search={{ backtest: backtest.id }}
            className={buttonClass("primary")}
          >
            {texts.states.seriesGoneAction}
          </Link>
        )
      }
    >
      {isOver ? texts.states.neverFetched(symbol) : texts.states.notFetchedYet(symbol)}
      {problem && ` ${problem.detail}`}
    </EmptyState>
  );
}

const Loading = () => (
  <div className="flex h-full" aria-busy="true" role="status" aria-label={texts.states.loading}>
    <div className="flex flex-1 flex-col">
      <div className="flex h-18 items-center gap-6 border-b border-line px-3">
        <Skeleton className="h-8 w-64" />
        <Skeleton className="h-8 flex-1" />
      </div>
      <Skeleton className="flex-1 rounded-none" />
      <div className="h-1/3 border-t border-line" />
    </div>
    <div className="w-80 border-l border-line bg-panel max-lg:hidden" />
  </div>
);
