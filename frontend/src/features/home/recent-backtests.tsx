import { useQuery } from "@tanstack/react-query";
import type { BacktestView } from "@trading/contracts/backtests";
import type { ReactNode } from "react";
import { backtestsQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { ExchangeText, isSimulated } from "../../ui/exchange-text.tsx";
import { EmptyState, Progress, Skeleton } from "../../ui/feedback.tsx";
import { count, number, percent } from "../../ui/format.ts";
import { Section } from "../../ui/page.tsx";
import { ProblemView } from "../../ui/problem-view.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { TimeText } from "../../ui/time.tsx";
import { texts } from "./texts.ts";

/** The dozen newest backtests with their curves; one click opens them in the workbench. */
export function RecentBacktests() {
  const list = useQuery(backtestsQuery({ pageSize: 12 }));
  const items = list.data?.items;
  const tools = (
    <Link
      to="/backtests"
      className="text-sm text-accent pointer-coarse:-my-3.5 pointer-coarse:py-3.5"
    >
      {texts.all}
    </Link>
  );
  return (
    <Section title={texts.recent} tools={tools}>
      {list.error !== null && (
        <ProblemView error={list.error} onRetry={() => void list.refetch()} className="m-4" />
      )}
      {items === undefined && list.error === null && <Loading />}
      {items?.length === 0 && (
        <EmptyState
          action={
            <Link to="/workbench" className={buttonClass("primary")}>
              {texts.make}
            </Link>
          }
        >
          {texts.none}
        </EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <div className="text-sm">
          <Head />
          {items.map((one) => (
            <Row key={one.id} backtest={one} />
          ))}
        </div>
      )}
    </Section>
  );
}

const tracks =
  "sm:grid sm:grid-cols-[minmax(0,1.8fr)_minmax(0,1.2fr)_96px_72px_108px_56px_56px_148px] sm:items-center sm:gap-x-3 sm:px-4";

const Head = () => (
  <div
    aria-hidden="true"
    className={cx("hidden h-7 border-y border-line text-xs font-medium text-muted", tracks)}
  >
    <span>{texts.columns.title}</span>
    <span>{texts.columns.market}</span>
    <span>{texts.columns.curve}</span>
    <span className="text-right">{texts.columns.net}</span>
    <span className="text-right">{texts.columns.drawdown}</span>
    <span className="text-right">{texts.columns.sharpe}</span>
    <span className="text-right">{texts.columns.trades}</span>
    <span className="text-right">{texts.columns.when}</span>
  </div>
);

const Loading = () => (
  <div aria-busy="true" className="grid gap-px">
    {[0, 1, 2, 3, 4, 5].map((row) => (
      <div key={row} className="flex h-9 items-center gap-6 border-t border-line px-4">
        <Skeleton className="h-3 w-1/3" />
        <Skeleton className="ml-auto h-3 w-1/4" />
      </div>
    ))}
  </div>
);

function Row({ backtest }: { backtest: BacktestView }) {
  const { summary } = backtest;
  return (
    <Link
      to="/workbench"
      search={{ backtest: backtest.id }}
      className={cx(
        "block border-b border-line px-3 py-2 -outline-offset-2 last:border-b-0 hover:bg-hover sm:h-9 sm:py-0",
        tracks,
      )}
    >
      {summary === null ? (
        <Underway backtest={backtest} />
      ) : (
        <Finished backtest={backtest} summary={summary} />
      )}
    </Link>
  );
}

const Market = ({ backtest }: { backtest: BacktestView }) => (
  <span className="truncate">
    {backtest.symbol} <span className="text-muted">{backtest.timeframe}</span>
    {backtest.source === "synthetic" && <span className="ml-2 text-amber">synthetic</span>}
    {isSimulated(backtest.exchange) && (
      <ExchangeText exchange={backtest.exchange} className="ml-2" />
    )}
  </span>
);

type Summary = NonNullable<BacktestView["summary"]>;

function Finished({ backtest, summary }: { backtest: BacktestView; summary: Summary }) {
  const net = summary.netProfitShare;
  const netClass = net === null || net === 0 ? "" : net > 0 ? "text-up" : "text-down";
  return (
    <>
      <span className="grid grid-cols-[1fr_auto_auto] items-center gap-x-2 sm:hidden">
        <span className="truncate text-base font-medium">{backtest.title}</span>
        <Sparkline
          values={summary.sparkline}
          label={texts.curve(percent(net, { sign: true }))}
          width={40}
          height={20}
          className="row-span-2"
        />
        <span className={cx("w-16 text-right text-base", netClass)}>
          {percent(net, { sign: true })}
        </span>
        <Market backtest={backtest} />
        <span className="text-right text-muted">
          {percent(summary.maxDrawdown === null ? null : -summary.maxDrawdown)}
        </span>
      </span>
      <Wide>
        <span className="truncate text-base font-medium">{backtest.title}</span>
        <Market backtest={backtest} />
        <Sparkline values={summary.sparkline} label={texts.curve(percent(net, { sign: true }))} />
        <span className={cx("text-right", netClass)}>
          {percent(net, { sign: true, unit: false })}
        </span>
        <span className="text-right">
          {percent(summary.maxDrawdown === null ? null : -summary.maxDrawdown, { unit: false })}
        </span>
        <span className="text-right">{number(summary.sharpe)}</span>
        <span className="text-right">{count(summary.closedTrades)}</span>
        <span className="text-right text-muted">
          <TimeText at={backtest.createdAt} />
        </span>
      </Wide>
    </>
  );
}

const Wide = ({ children }: { children: ReactNode }) => (
  <span className="hidden sm:contents">{children}</span>
);

function Underway({ backtest }: { backtest: BacktestView }) {
  const isRunning = backtest.status === "running" || backtest.status === "queued";
  return (
    <>
      <span className="truncate text-base font-medium max-sm:block">{backtest.title}</span>
      <Market backtest={backtest} />
      <span className="col-span-5 flex items-center gap-3 max-sm:mt-1">
        <span className={backtest.status === "failed" ? "text-down" : "text-muted"}>
          {texts.status[backtest.status]}
        </span>
        {isRunning && (
          <Progress
            share={backtest.status === "queued" ? null : backtest.progress.share}
            label={backtest.title}
            className="max-w-40 flex-1"
          />
        )}
        <span className="truncate text-muted">
          {backtest.problem?.detail ?? (isRunning ? backtest.progress.step : "")}
        </span>
      </span>
      <span className="text-right text-muted max-sm:hidden">
        <TimeText at={backtest.createdAt} />
      </span>
    </>
  );
}
