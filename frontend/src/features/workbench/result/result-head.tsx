import type { MetricName } from "@trading/engine";
import type { ReactNode } from "react";
import { cx } from "../../../ui/cx.ts";
import { ExchangeText, isSimulated } from "../../../ui/exchange-text.tsx";
import { count, money, number, percent } from "../../../ui/format.ts";
import { amountDecimals } from "../../../ui/metric-text.ts";
import { texts } from "../texts.ts";
import { costsOf } from "./costs.ts";
import { resultSentence } from "./sentence.ts";
import { holdOf, metricOf, type Shown } from "./shown.ts";
import { TrustChip } from "./trust-chip.tsx";

type HeadProps = Readonly<{
  /** The strategy with its numbers, such as "SMA crossover 10/30". */
  name: string;
  shown: Shown;
  capital: number;
  quote: string;
  timeframeMs: number;
  isSynthetic: boolean;
  isOptimistic: boolean;
  exchange: string | null;
  onTrust: () => void;
}>;

/** One sentence, six figures with the benchmark's under each, and how far they can be trusted. */
export function ResultHead(props: HeadProps) {
  const { name, shown, capital, quote, timeframeMs, isSynthetic, isOptimistic, exchange, onTrust } =
    props;
  const { data } = shown;
  const sentence = resultSentence({
    capital,
    quote,
    spanMs: data.lastMs - data.firstMs + timeframeMs,
    finalEquity: metricOf(shown, "finalEquity"),
    maxDrawdown: metricOf(shown, "maxDrawdown"),
    trades: shown.tradeCount,
    holdEquity: holdOf(shown, "finalEquity"),
    holdDrawdown: holdOf(shown, "maxDrawdown"),
  });
  return (
    <section
      aria-label={texts.figures.label}
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 border-b border-line px-3 py-2 xl:min-h-20 xl:py-1.5"
    >
      <p className="min-w-56 max-w-[52ch] flex-1 basis-56 text-sm text-muted max-xl:basis-full max-xl:max-w-none max-sm:order-last">
        <b className="font-semibold text-text">{name}</b> {sentence}{" "}
        <span className="whitespace-nowrap text-xs">
          {isSynthetic && (
            <span className="text-amber" title={texts.syntheticHelp}>
              {texts.synthetic}
              {" · "}
            </span>
          )}
          {isSimulated(exchange) && (
            <>
              <ExchangeText exchange={exchange} />
              {" · "}
            </>
          )}
          {texts.hypothetical}
        </span>
      </p>
      <dl className="flex gap-x-4 gap-y-2 max-lg:grid max-lg:w-full max-lg:grid-cols-3">
        <Figures shown={shown} capital={capital} quote={quote} />
      </dl>
      <TrustChip
        shown={shown}
        isSynthetic={isSynthetic}
        isOptimistic={isOptimistic}
        onClick={onTrust}
      />
    </section>
  );
}

function Figures({ shown, capital, quote }: { shown: Shown; capital: number; quote: string }) {
  const at = (name: MetricName) => metricOf(shown, name);
  const hold = (name: MetricName, style: { sign?: boolean; minus?: boolean } = {}) => {
    const value = holdOf(shown, name);
    const signed = style.minus && value !== null ? -value : value;
    return texts.figures.hold(percent(signed, { sign: style.sign ?? false }));
  };
  const net = at("netProfitShare");
  const drawdown = at("maxDrawdown");
  const won = at("wonTrades");
  const closed = at("closedTrades") ?? shown.tradeCount;
  const costs = costsOf(shown);
  return (
    <>
      <Figure
        label={texts.figures.net}
        below={hold("netProfitShare", { sign: true })}
        tone={toneOf(net)}
      >
        {percent(net, { sign: true, decimals: fine(net) })}
      </Figure>
      <Figure
        label={texts.figures.cagr}
        below={hold("cagr", { sign: true })}
        why={reason(shown, "cagr")}
      >
        {reason(shown, "cagr") !== undefined && at("cagr") !== null && "≈ "}
        {percent(at("cagr"), { sign: true })}
      </Figure>
      <Figure
        label={texts.figures.maxDrawdown}
        below={hold("maxDrawdown", { minus: true })}
        tone={drawdown ? "down" : ""}
      >
        {percent(drawdown === null ? null : -drawdown, { decimals: fine(drawdown) })}
      </Figure>
      <Figure
        label={texts.figures.sharpe}
        below={texts.figures.hold(number(holdOf(shown, "sharpe")))}
        why={reason(shown, "sharpe")}
      >
        {number(at("sharpe"))}
      </Figure>
      <Figure
        label={texts.figures.trades}
        below={texts.figures.won(count(won), shown.tradeCount - closed)}
      >
        {count(closed)}
      </Figure>
      <Figure
        label={texts.figures.costs}
        below={
          costs === null ? "–" : money(-costs, { decimals: amountDecimals(costs), unit: quote })
        }
        why={texts.figures.costsHelp}
      >
        {percent(costs === null ? null : -costs / capital, { decimals: fine(costs, capital) })}
      </Figure>
    </>
  );
}

/** Shares below one per cent need a second decimal to say anything. */
const fine = (part: number | null, whole = 1) =>
  part !== null && Math.abs(part) < whole / 100 ? 2 : 1;

const reason = (shown: Shown, name: MetricName) => shown.metricReasons[name];

const toneOf = (value: number | null) =>
  value === null || value === 0 ? "" : value > 0 ? "up" : "down";

type FigureProps = Readonly<{
  label: string;
  below: string;
  children: ReactNode;
  tone?: "up" | "down" | "";
  why?: string | undefined;
}>;

function Figure({ label, below, children, tone, why }: FigureProps) {
  return (
    <div className="min-w-18 whitespace-nowrap" title={why}>
      <dt className="text-xs text-muted">{label}</dt>
      <dd>
        <strong
          className={cx(
            "block text-xl font-semibold max-sm:text-lg",
            tone === "up" && "text-up",
            tone === "down" && "text-down",
          )}
        >
          {children}
        </strong>
        <span className="block text-xs text-muted">{below}</span>
      </dd>
    </div>
  );
}
