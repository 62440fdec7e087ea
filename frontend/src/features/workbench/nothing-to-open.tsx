import type { BacktestDetail } from "@trading/contracts/backtests";
import { Link } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/feedback.tsx";
import { nothingTexts as t } from "./nothing-texts.ts";
import type { Opening } from "./opening.ts";

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
              {t.noSeriesAction}
            </Link>
          }
        >
          {t.noSeries}
        </EmptyState>
      );
    case "series-gone":
      return <SeriesGone backtest={opening.backtest} />;
    case "never-fetched":
      return <NeverFetched backtest={opening.backtest} />;
    case "strategy-gone":
      return <NoStrategy>{t.strategyGone(opening.name)}</NoStrategy>;
    case "no-strategies":
      return <NoStrategy>{t.noStrategies}</NoStrategy>;
  }
}

const NoStrategy = ({ children }: { children: string }) => (
  <EmptyState
    className="pt-24"
    action={
      <Link to="/strategies" className={buttonClass("primary")}>
        {t.noStrategiesAction}
      </Link>
    }
  >
    {children}
  </EmptyState>
);

/** A backtest or an address names a series that was deleted: another one in its place would be a lie. */
const SeriesGone = ({ backtest }: { backtest: string | null }) => (
  <EmptyState
    className="pt-24"
    action={
      backtest === null ? (
        <Link to="/data" className={buttonClass("primary")}>
          {t.seriesMissingAction}
        </Link>
      ) : (
        <Link to="/backtests" search={{ backtest }} className={buttonClass("primary")}>
          {t.seriesGoneAction}
        </Link>
      )
    }
  >
    {backtest === null ? t.seriesMissing : t.seriesGone}
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
            {t.neverFetchedAction}
          </Link>
        ) : (
          <Link
            to="/backtests"
            search={{ backtest: backtest.id }}
            className={buttonClass("primary")}
          >
            {t.seriesGoneAction}
          </Link>
        )
      }
    >
      {isOver ? t.neverFetched(symbol) : t.notFetchedYet(symbol)}
      {problem && ` ${problem.detail}`}
    </EmptyState>
  );
}
