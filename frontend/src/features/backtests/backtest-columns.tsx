import type { BacktestView } from "@trading/contracts/backtests";
import { cx } from "../../ui/cx.ts";
import { ExchangeText } from "../../ui/exchange-text.tsx";
import { Chip, Progress } from "../../ui/feedback.tsx";
import { count, number, percent } from "../../ui/format.ts";
import { Sparkline } from "../../ui/sparkline.tsx";
import type { Column } from "../../ui/table.tsx";
import { TimeText } from "../../ui/time.tsx";
import { tone } from "../../ui/tone.ts";
import { texts } from "./texts.ts";

const tones = {
  queued: "plain",
  running: "accent",
  done: "good",
  failed: "bad",
  cancelled: "plain",
} as const;

/** How far a backtest is: a word when it is over, a bar while it runs. */
export function StatusCell({ backtest }: { backtest: BacktestView }) {
  const { status, progress, queuePosition, problem } = backtest;
  if (status === "running") {
    return (
      <span className="flex items-center gap-2" title={progress.step}>
        <Progress
          share={progress.share}
          label={progress.step || texts.status.running}
          className="w-16"
        />
        <span className="text-muted">{percent(progress.share, { decimals: 0 })}</span>
      </span>
    );
  }
  const words =
    status === "queued" && queuePosition ? texts.place(queuePosition) : texts.status[status];
  return (
    <Chip tone={tones[status]} {...(problem && { title: problem.detail })}>
      {words}
    </Chip>
  );
}

type Choice = Readonly<{
  chosen: readonly string[];
  onChoose: (id: string, isChosen: boolean) => void;
}>;

function ChooseBox({
  backtest: { id, title, status },
  chosen,
  onChoose,
}: Choice & { backtest: BacktestView }) {
  const isChosen = chosen.includes(id);
  return (
    <input
      type="checkbox"
      aria-label={texts.choose(title)}
      className="size-4 align-middle accent-(--accent)"
      checked={isChosen}
      disabled={status !== "done" || (chosen.length >= 4 && !isChosen)}
      onChange={(event) => onChoose(id, event.target.checked)}
    />
  );
}

/** The columns of the list; the first chooses what to compare. */
export function backtestColumns({ chosen, onChoose }: Choice): Column<BacktestView>[] {
  const c = texts.columns;
  const right = { align: "right", width: "minmax(84px,.8fr)" } as const;
  return [
    {
      id: "select",
      header: "",
      name: texts.compare,
      width: "34px",
      hidable: false,
      cell: (one) => <ChooseBox backtest={one} chosen={chosen} onChoose={onChoose} />,
    },
    {
      id: "title",
      header: c.title,
      width: "minmax(200px,2.4fr)",
      sort: "title",
      hidable: false,
      cell: ({ title }) => <span className="font-medium">{title}</span>,
    },
    {
      id: "market",
      header: c.market,
      width: "minmax(150px,1.4fr)",
      sort: "symbol",
      cell: (one) => <MarketText backtest={one} />,
    },
    {
      id: "status",
      header: c.status,
      width: "132px",
      cell: (one) => <StatusCell backtest={one} />,
    },
    {
      id: "net",
      header: c.net,
      ...right,
      sort: "netProfitShare",
      cell: ({ summary }) => (
        <span className={tone(summary?.netProfitShare)}>
          {percent(summary?.netProfitShare, { sign: true })}
        </span>
      ),
    },
    {
      id: "maxDrawdown",
      header: c.maxDrawdown,
      ...right,
      sort: "maxDrawdown",
      cell: ({ summary }) => percent(negative(summary?.maxDrawdown)),
    },
    {
      id: "sharpe",
      header: c.sharpe,
      ...right,
      sort: "sharpe",
      cell: ({ summary }) => number(summary?.sharpe),
    },
    {
      id: "trades",
      header: c.trades,
      ...right,
      sort: "closedTrades",
      cell: ({ summary }) => count(summary?.closedTrades),
    },
    {
      id: "equity",
      header: c.equity,
      width: "112px",
      cell: ({ summary }) =>
        summary && <Sparkline values={summary.sparkline} label={c.equity} height={20} />,
    },
    {
      id: "createdAt",
      header: c.createdAt,
      width: "164px",
      sort: "createdAt",
      cell: ({ createdAt }) => (
        <span className="text-muted">
          <TimeText at={createdAt} />
        </span>
      ),
    },
  ];
}

export const negative = (value: number | null | undefined): number | null =>
  value === null || value === undefined ? null : -value;

export function MarketText({
  backtest: { symbol, timeframe, exchange, source },
}: {
  backtest: BacktestView;
}) {
  return (
    <>
      {symbol} {timeframe}{" "}
      {source === "synthetic" ? (
        <span className="text-amber" title={texts.syntheticHelp}>
          {texts.synthetic}
        </span>
      ) : (
        <ExchangeText exchange={exchange} className="text-muted" />
      )}
    </>
  );
}

/** A backtest on a phone: title and net above, market, status and line below. */
export function PhoneBacktest({ backtest, ...choice }: Choice & { backtest: BacktestView }) {
  const { title, summary } = backtest;
  return (
    <div className="grid h-full grid-cols-[auto_minmax(0,1fr)_40px_64px] items-center gap-x-2">
      <ChooseBox backtest={backtest} {...choice} />
      <div className="min-w-0">
        <div className="truncate text-base font-medium">{title}</div>
        <div className="truncate text-muted">
          <MarketText backtest={backtest} />
        </div>
      </div>
      {summary ? (
        <Sparkline values={summary.sparkline} label={texts.columns.equity} width={40} />
      ) : (
        <span />
      )}
      <div className="text-right">
        {summary ? (
          <>
            <div className={cx("text-base", tone(summary.netProfitShare))}>
              {percent(summary.netProfitShare, { sign: true })}
            </div>
            <div className="text-muted">{percent(negative(summary.maxDrawdown))}</div>
          </>
        ) : (
          <StatusCell backtest={backtest} />
        )}
      </div>
    </div>
  );
}
