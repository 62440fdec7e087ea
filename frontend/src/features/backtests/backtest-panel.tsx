import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { BacktestDetail } from "@trading/contracts/backtests";
import { Download, RotateCw, Trash2, X } from "lucide-react";
import { useState } from "react";
import { ask, saveFile } from "../../api/client.ts";
import { problemOf } from "../../api/problem.ts";
import { backtestQuery, strategiesQuery } from "../../api/queries.ts";
import { Link } from "../../router/router.tsx";
import { Button, buttonClass } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { ConfirmDialog } from "../../ui/dialog.tsx";
import { Fact, Facts, Hash, Part } from "../../ui/facts.tsx";
import { Skeleton } from "../../ui/feedback.tsx";
import { count, duration, instantText, money, number, percent } from "../../ui/format.ts";
import { furtherMarketsText } from "../../ui/market-words.ts";
import { parameterText } from "../../ui/parameter-text.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { settingTexts, settingWords, unusualSettings } from "../../ui/setting-words.ts";
import { SidePanel } from "../../ui/side-panel.tsx";
import { Sparkline } from "../../ui/sparkline.tsx";
import { TimeText } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { tone } from "../../ui/tone.ts";
import { MarketText, negative, StatusCell } from "./backtest-columns.tsx";
import { texts } from "./texts.ts";

const t = texts.panel;

/** One backtest beside the list: its figures, its settings and what can be done with it. */
export function BacktestPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(backtestQuery(id));
  const backtest = query.data;
  return (
    <SidePanel
      label={t.label}
      onClose={onClose}
      title={
        backtest ? (
          <>
            <h2 className="truncate font-semibold" title={backtest.title}>
              {backtest.title}
            </h2>
            <p className="truncate text-sm text-muted">
              {backtest.strategyTitle} · <MarketText backtest={backtest} />
            </p>
          </>
        ) : (
          <Skeleton className="h-9 w-48" />
        )
      }
      footer={backtest && <Actions backtest={backtest} onClose={onClose} />}
    >
      {query.isError && (
        <ProblemView error={query.error} onRetry={() => void query.refetch()} className="m-4" />
      )}
      {backtest && <Body backtest={backtest} />}
    </SidePanel>
  );
}

function Body({ backtest }: { backtest: BacktestDetail }) {
  const { problem, summary, result } = backtest;
  return (
    <div className="grid gap-4 p-4 text-sm">
      <div className="flex items-center justify-between gap-3">
        <StatusCell backtest={backtest} />
        <span className="text-xs text-muted">{t.hypothetical}</span>
      </div>
      {problem && <ProblemView error={new Error(problem.detail)} />}
      {summary && (
        <Sparkline
          values={summary.sparkline}
          label={texts.columns.equity}
          width={360}
          height={64}
          className="w-full"
        />
      )}
      {result && <Figures backtest={backtest} />}
      {result && <Downloads backtest={backtest} />}
      <Settings backtest={backtest} />
    </div>
  );
}

function Figures({ backtest: { result, quote } }: { backtest: BacktestDetail }) {
  if (!result) return null;
  const { metrics, benchmark } = result;
  const share =
    (name: string, sign = true) =>
    (from: typeof metrics) =>
      percent(from[name], { sign });
  const rows = [
    {
      label: "Final equity",
      text: (from: typeof metrics) => money(from.finalEquity, { unit: quote }),
    },
    {
      label: texts.columns.net,
      text: share("netProfitShare"),
      colour: tone(metrics.netProfitShare),
    },
    { label: "CAGR", text: share("cagr") },
    {
      label: texts.columns.maxDrawdown,
      text: (from: typeof metrics) => percent(negative(from.maxDrawdown)),
    },
    { label: texts.columns.sharpe, text: (from: typeof metrics) => number(from.sharpe) },
    {
      label: texts.columns.trades,
      text: (from: typeof metrics) => count(from.closedTrades),
      own: true,
    },
  ];
  return (
    <Facts title={t.figures}>
      {rows.map(({ label, text, colour, own }) => (
        <Fact key={label} name={label}>
          <span className={cx("font-medium", colour)}>{text(metrics)}</span>
          {!own && (
            <span className="ml-3 text-muted">
              {t.hold} {text(benchmark)}
            </span>
          )}
        </Fact>
      ))}
    </Facts>
  );
}

function Downloads({
  backtest: { id, strategy, symbol, timeframe },
}: {
  backtest: BacktestDetail;
}) {
  const name = `${strategy}_${symbol.replaceAll(/[^\w.-]+/g, "-")}_${timeframe}`;
  const save = (file: string, as: string) => () => {
    saveFile(`/backtests/${id}/${file}`, `${name}_${as}`).catch((error) =>
      toast(problemOf(error).detail, { tone: "bad" }),
    );
  };
  const files = [
    { label: t.report, onClick: save("report.html", "report.html") },
    { label: t.json, onClick: save("result.json", "result.json") },
    { label: t.csv, onClick: save("trades.csv", "trades.csv") },
    { label: t.fillsCsv, onClick: save("fills.csv", "fills.csv") },
  ];
  return (
    <Part title={t.downloads}>
      <div className="flex flex-wrap gap-2">
        {files.map(({ label, onClick }) => (
          <Button key={label} small icon={<Download size={14} />} onClick={onClick}>
            {label}
          </Button>
        ))}
      </div>
    </Part>
  );
}

/** Told of every run; other settings where they are not as usual. */
const always = ["capital", "makerFee", "takerFee", "slippage"] as const;

function Settings({ backtest }: { backtest: BacktestDetail }) {
  const {
    parameters,
    settings,
    quote,
    from,
    to,
    fingerprint,
    fingerprintAgrees,
    createdAt,
    result,
  } = backtest;
  const tables = useQuery(strategiesQuery).data?.items;
  const table = tables?.find(({ name }) => name === backtest.strategy)?.parameters ?? {};
  const words = settingWords(settings, quote);
  const others = furtherMarketsText(backtest);
  const told = [...new Set([...always, ...unusualSettings(settings)])];
  const day = (at: string | null) => (at === null ? "…" : instantText(at, "UTC", "day"));
  return (
    <>
      <Facts title={t.parameters}>
        {Object.entries(parameters).map(([name, value]) => (
          <Fact key={name} name={table[name]?.label ?? name}>
            {parameterText(table[name], value)}
          </Fact>
        ))}
      </Facts>
      <Facts title={t.settings}>
        <Fact name={t.range}>
          {from === null && to === null ? t.whole : `${day(from)} – ${day(to)}`}
        </Fact>
        {others !== null && <Fact name={t.others}>{others}</Fact>}
        {told.map((name) => (
          <Fact key={name} name={settingTexts.labels[name]}>
            {words[name]}
          </Fact>
        ))}
        <Fact name={t.asked}>
          <TimeText at={createdAt} />
        </Fact>
        {result && <Fact name={t.took}>{duration(result.elapsedMs)}</Fact>}
        {fingerprint !== null && (
          <Fact name={t.fingerprint}>
            <Hash value={fingerprint} />
          </Fact>
        )}
      </Facts>
      {fingerprintAgrees !== null && (
        <p className={fingerprintAgrees ? "text-muted" : "font-medium text-down"}>
          {fingerprintAgrees ? t.agrees : t.differs}
        </p>
      )}
    </>
  );
}

function Actions({ backtest, onClose }: { backtest: BacktestDetail; onClose: () => void }) {
  const { id, title, status } = backtest;
  const [isAsking, setAsking] = useState(false);
  const change = useChange();
  const isOnItsWay = status === "queued" || status === "running";
  return (
    <>
      <Link to="/workbench" search={{ backtest: id }} className={buttonClass("primary", true)}>
        {status === "done" ? t.open : t.changed}
      </Link>
      {isOnItsWay ? (
        <Button
          small
          icon={<X size={14} />}
          busy={change.isPending}
          onClick={() => change.mutate({ id, how: "cancel" })}
        >
          {t.cancel}
        </Button>
      ) : (
        <>
          <Button
            small
            icon={<RotateCw size={14} />}
            busy={change.isPending}
            onClick={() => change.mutate({ id, how: "repeat" })}
          >
            {t.again}
          </Button>
          <Button
            small
            look="quiet"
            icon={<Trash2 size={14} />}
            className="ml-auto"
            onClick={() => setAsking(true)}
          >
            {t.delete}
          </Button>
        </>
      )}
      {isAsking && (
        <ConfirmDialog
          title={t.deleteTitle}
          action={t.delete}
          cancel={t.keep}
          busy={change.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => change.mutate({ id, how: "delete" }, { onSuccess: onClose })}
        >
          {t.deleteText(title)}
        </ConfirmDialog>
      )}
    </>
  );
}

type Change = Readonly<{ id: string; how: "cancel" | "repeat" | "delete" }>;

/** Cancels, repeats or deletes; the lists are read again after it. */
function useChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, how }: Change) =>
      how === "delete"
        ? ask("nothing", `/backtests/${id}`, { method: "DELETE" })
        : ask("nothing", `/backtests/${id}/${how}`, {
            method: "POST",
            ...(how === "repeat" && { body: {} }),
          }),
    onSuccess: (_, { id, how }) => {
      toast(how === "delete" ? t.deleted : how === "cancel" ? t.cancelled : t.started);
      if (how === "delete") client.removeQueries({ queryKey: backtestQuery(id).queryKey });
      return client.invalidateQueries({ queryKey: ["backtest"] });
    },
    onError: (error) => toast(problemOf(error).detail, { tone: "bad" }),
  });
}
