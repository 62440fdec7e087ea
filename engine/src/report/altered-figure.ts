import type { RunDescription } from "../describe-run.ts";

/** What is told besides: how many trades there are, and what can be said about the candles of each market. */
type Besides = "tradeCount" | "data" | "markets" | "otherMarkets";

/** What a result tells of a run, as it was kept or as it comes of the run made again; trades by their number or one by one. */
export type ToldFigures = Readonly<Partial<Record<keyof RunDescription | Besides, unknown>>>;

/** What the run and its candles alone decide, in the order in which it is looked at. */
const decided = [
  "fingerprint",
  "engineVersion",
  "metrics",
  "metricReasons",
  "benchmark",
  "trades",
  "tradeCount",
  "fills",
  "data",
  "markets",
  "otherMarkets",
  "tradesTouchingGaps",
  "rejectedOrders",
  "refusedLines",
  "ambiguousCandles",
  "funding",
  "liquidations",
  "liquidationDistance",
  "warmup",
  "report",
  "curve",
] as const satisfies readonly (keyof ToldFigures)[];

/**
 * The first figure that a kept result tells otherwise than the same run made again, or that only one of them tells; null where all
 * agree. Equal fingerprints come from one engine version, so nothing is new to either.
 */
export function alteredFigure(kept: ToldFigures, made: ToldFigures): string | null {
  const [one, other] = [asWritten(kept), asWritten(made)];
  const isCounted = typeof one.trades === "number" || typeof other.trades === "number";
  if (isCounted && countOf(one.trades) !== countOf(other.trades)) return "the number of trades";
  for (const name of decided) {
    if (isCounted && name === "trades") continue;
    const altered = differenceAt(one[name], other[name], name);
    if (altered !== null) return altered;
  }
  return alteredReading(one, other);
}

const countOf = (trades: unknown): unknown => (Array.isArray(trades) ? trades.length : trades);

/** What takes further runs is there only where the run was short: what was not made again cannot be held against anything. */
function alteredReading(kept: ToldFigures, made: ToldFigures): string | null {
  const [ours, theirs] = [waterfallOf(kept), waterfallOf(made)];
  const altered = ours && theirs ? differenceAt(ours, theirs, "explanation.waterfall") : null;
  // A kept result that was not explained may have been too long for other readings as well.
  const isKnown = isRecord(made.policyRange) && (isRecord(ours) || isRecord(kept.policyRange));
  return (
    altered ?? (isKnown ? differenceAt(kept.policyRange, made.policyRange, "policyRange") : null)
  );
}

/** Undefined where nobody asked for it, null where there was no time. */
const waterfallOf = ({ explanation }: ToldFigures): unknown =>
  isRecord(explanation) ? explanation["waterfall"] : undefined;

/** Where two values as JSON tells them differ first; null where they are the same. */
function differenceAt(kept: unknown, made: unknown, path: string): string | null {
  if (!isRecord(kept) || !isRecord(made)) return kept === made ? null : path;
  if (Array.isArray(kept) && countOf(kept) !== countOf(made)) return `the number of ${path}`;
  for (const name of new Set([...Object.keys(made), ...Object.keys(kept)])) {
    const altered = differenceAt(kept[name], made[name], `${path}.${name}`);
    if (altered !== null) return altered;
  }
  return null;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** As JSON tells it: what is no number there is null here too. */
const asWritten = (told: ToldFigures): ToldFigures => JSON.parse(JSON.stringify(told));
