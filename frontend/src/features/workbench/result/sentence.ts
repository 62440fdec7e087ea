import { duration, number, percent } from "../../../ui/format.ts";
import { amountDecimals } from "../../../ui/metric-text.ts";
import { texts } from "../texts.ts";

type Facts = Readonly<{
  capital: number;
  quote: string;
  /** Length of the candles in ms. */
  spanMs: number;
  finalEquity: number | null;
  maxDrawdown: number | null;
  trades: number;
  holdEquity: number | null;
  holdDrawdown: number | null;
}>;

const amount = (value: number) => number(value, { decimals: amountDecimals(value) });

/** What happened, in one sentence after the strategy's name; figures the run cannot give are left out. */
export function resultSentence(facts: Facts): string {
  const { capital, quote, spanMs, finalEquity, trades, maxDrawdown } = facts;
  const start = `${amount(capital)} ${quote}`;
  const span = duration(spanMs);
  if (finalEquity === null) return texts.sentence.unknown(span);
  const what =
    trades === 0 && finalEquity === capital
      ? texts.sentence.idle(start, span)
      : texts.sentence.moved(finalEquity >= capital, start, amount(finalEquity), span);
  const fall = maxDrawdown ? texts.sentence.fell(roughly(maxDrawdown)) : "";
  return `${what}${fall}${holding(facts)}.`;
}

function holding({ holdEquity, holdDrawdown }: Facts): string {
  if (holdEquity === null) return "";
  const fall = holdDrawdown ? texts.sentence.holdFell(roughly(holdDrawdown)) : "";
  return `${texts.sentence.held(amount(holdEquity))}${fall}`;
}

/** Whole per cent, decimals below one: "42 %", "0.4 %", "0.04 %". The sign stays on the line of its number. */
function roughly(share: number): string {
  const decimals = share < 0.001 ? 2 : share < 0.01 ? 1 : 0;
  return percent(share, { decimals }).replace(" ", "\u00a0");
}
