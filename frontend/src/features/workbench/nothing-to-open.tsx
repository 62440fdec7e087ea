import type { BacktestDetail } from "@trading/contracts/backtests";
import { Link } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/feedback.tsx";
import type { Opening } from "./opening.ts";
import { texts } from "./texts.ts";

type Nothing = Exclude<Opening, { kind: "loading" | "problem" | "ready" }>;

/** Why the workbench has nothing to show, and what to do about it. */
export function NothingToOpen({ opening }: { opening: Nothing }) {
  switch (opening.kind) {
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
