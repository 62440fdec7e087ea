import { useQuery } from "@tanstack/react-query";
import type { LiveCandle, MarketPrice } from "@trading/contracts/live-markets";
import type { Market } from "@trading/contracts/market-data";
import { FlaskConical } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { liveCandlesQuery } from "../../api/market-queries.ts";
import { local, ProblemError } from "../../api/problem.ts";
import { Link } from "../../router/router.tsx";
import { buttonClass } from "../../ui/button.tsx";
import { readChartTheme } from "../../ui/chart-theme.ts";
import { ExchangeText } from "../../ui/exchange-text.tsx";
import { EmptyState, Skeleton } from "../../ui/feedback.tsx";
import { instantText, number, priceDecimals } from "../../ui/format.ts";
import { ProblemView } from "../../ui/problem-view.tsx";
import { useChartTheme } from "../../ui/use-chart-theme.ts";
import type { LiveChart } from "./live-chart.ts";
import { ChangeText } from "./market-list.tsx";
import { texts } from "./texts.ts";

type LiveMarketProps = Readonly<{ market: Market; price: MarketPrice | undefined }>;

/** One market as it moves: its price, its change and the minute that forms. */
export function LiveMarket({ market, price }: LiveMarketProps) {
  const { exchange, symbol } = market;
  const live = useQuery(liveCandlesQuery(exchange, symbol));
  const candles = live.data?.candles ?? [];
  const last = candles.at(-1)?.[4] ?? price?.last;
  const decimals = priceDecimals(market.tick, last);
  const problem = live.data?.problem ?? null;
  return (
    <section aria-label={symbol} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <header className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line px-4 py-1.5 max-sm:gap-x-3 max-sm:px-3">
        <h2 className="flex items-baseline gap-2 text-base font-semibold">
          {symbol}
          <span className="text-sm font-normal text-muted">{texts.minute}</span>
          <ExchangeText exchange={exchange} className="text-sm font-normal" />
        </h2>
        <span className="text-lg font-semibold tabular-nums">{number(last, { decimals })}</span>
        <ChangeText change={price?.change} />
        <span className="ml-auto text-xs text-muted tabular-nums max-lg:hidden">
          {texts.updated(instantText(live.data?.at, "UTC", "second"))}
        </span>
        <Link
          to="/workbench"
          search={{ exchange, symbol }}
          className={`${buttonClass("primary", true)} max-lg:ml-auto`}
        >
          <FlaskConical size={14} aria-hidden="true" />
          <span className="max-sm:sr-only">{texts.backtest}</span>
        </Link>
      </header>
      {live.error !== null && (
        <ProblemView error={live.error} onRetry={() => void live.refetch()} className="m-4" />
      )}
      {problem !== null && (
        <ProblemView
          error={new ProblemError(local("exchange-unavailable", 503, texts.unavailable, problem))}
          onRetry={() => void live.refetch()}
          className="m-4"
        />
      )}
      {live.data?.at && candles.length === 0 && problem === null ? (
        <EmptyState>{texts.silent}</EmptyState>
      ) : (
        <Candles label={texts.chart(symbol)} candles={candles} decimals={decimals} />
      )}
    </section>
  );
}

type CandlesProps = Readonly<{ label: string; candles: readonly LiveCandle[]; decimals: number }>;

/** The library is loaded with the first chart, not with the page. */
function Candles({ label, candles, decimals }: CandlesProps) {
  const box = useRef<HTMLElement>(null);
  const [chart, setChart] = useState<LiveChart | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let made: LiveChart | null = null;
    let isGone = false;
    void import("./live-chart.ts").then(({ LiveChart }) => {
      if (isGone) return;
      made = new LiveChart(element, readChartTheme(element));
      setChart(made);
    });
    return () => {
      isGone = true;
      made?.dispose();
    };
  }, []);
  useChartTheme(chart, box);
  useEffect(() => chart?.setPriceText((price) => number(price, { decimals })), [chart, decimals]);
  useEffect(() => {
    if (candles.length > 0) chart?.show(candles);
  }, [chart, candles]);
  const isDrawn = chart !== null && candles.length > 0;
  return (
    <div className="relative min-h-0 flex-1" data-chart={isDrawn ? "drawn" : "waiting"}>
      <section ref={box} aria-label={label} className="absolute inset-0" />
      {!isDrawn && (
        <div role="status" aria-label={texts.waiting} className="absolute inset-0">
          <Skeleton className="h-full rounded-none" />
        </div>
      )}
    </div>
  );
}
