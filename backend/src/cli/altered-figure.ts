import { isDeepStrictEqual } from "node:util";
import type { RunDescription } from "@trading/engine";
import { tradeLine } from "./backtest-output.ts";

/** What a kept result tells besides its receipt; trades by their number where they are kept elsewhere. */
export type ShownFigures = Readonly<{
  fingerprint: string;
  metrics: Readonly<Record<string, unknown>>;
  trades: number | readonly unknown[];
}>;

/**
 * The first figure that a kept result tells otherwise than the same run made again; null where all agree. A figure that
 * only one of the two has was not altered: engines learn new ones.
 */
export function alteredFigure(shown: ShownFigures, run: RunDescription): string | null {
  if (shown.fingerprint !== run.fingerprint) return "fingerprint";
  const metrics = asWritten(run.metrics);
  const altered = Object.keys(shown.metrics).find(
    (name) => name in metrics && !isDeepStrictEqual(shown.metrics[name], metrics[name]),
  );
  if (altered !== undefined) return `metrics.${altered}`;
  if (typeof shown.trades === "number")
    return shown.trades === run.trades.length ? null : "the number of trades";
  return alteredTrade(shown.trades, run);
}

function alteredTrade(shown: readonly unknown[], run: RunDescription): string | null {
  if (shown.length !== run.trades.length) return "the number of trades";
  const at = run.trades.findIndex((trade, i) => !agrees(shown[i], asWritten(tradeLine(trade))));
  return at < 0 ? null : `trades.${at}`;
}

const agrees = (shown: unknown, made: Readonly<Record<string, unknown>>): boolean =>
  typeof shown === "object" &&
  shown !== null &&
  Object.entries(shown).every(
    ([name, value]) => !(name in made) || isDeepStrictEqual(value, made[name]),
  );

/** As JSON tells it: what is no number there is null here too. */
const asWritten = (value: object): Readonly<Record<string, unknown>> =>
  JSON.parse(JSON.stringify(value));
