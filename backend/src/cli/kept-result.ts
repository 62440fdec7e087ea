import { readFileSync } from "node:fs";
import {
  type BacktestRequest,
  backtestResult,
  backtestView,
  dataUsed,
} from "@trading/contracts/backtests";
import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { runReport } from "@trading/contracts/reports";
import { type RunSettings, runSettings } from "@trading/contracts/run-settings";
import { type ParameterValues, parameterValues } from "@trading/contracts/strategies";
import type { KeptReceipt } from "@trading/engine";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { backtestResults, backtests } from "../backtests/schema.ts";
import { receiptOf } from "../backtests/verify.ts";
import { NotFound } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import type { ShownFigures } from "./altered-figure.ts";
import { BadInput } from "./command.ts";

/** A result as it was kept, with all that is needed to make it again. */
export type KeptResult = Readonly<{
  receipt: KeptReceipt;
  shown: ShownFigures;
  strategy: string;
  version: string;
  parameters: ParameterValues;
  settings: RunSettings;
  timeframe: Timeframe;
  symbol: string;
  exchange: string | null;
  /** The stored series, whose it is and where its candles came from; null for a file. */
  stored: Readonly<{
    userId: string;
    seriesId: string;
    candles: BacktestRequest["candles"];
  }> | null;
  rules: z.infer<typeof dataUsed>["rules"];
  /** Of the candles used; the end is exclusive. */
  range: Readonly<{ fromMs: number; toMs: number }>;
}>;

const exported = z.object({
  backtest: backtestView.pick({
    strategy: true,
    version: true,
    parameters: true,
    settings: true,
    timeframe: true,
  }),
  result: backtestResult,
});
type Exported = z.infer<typeof exported>;

/** What `backtest --json` prints. */
const printed = z.object({
  fingerprint: z.string(),
  engineVersion: z.string(),
  strategy: z.string(),
  version: z.string(),
  parameters: parameterValues,
  settings: runSettings,
  data: dataUsed
    .pick({ symbol: true, timeframe: true, first: true, last: true, rules: true })
    .extend({ revision: z.string() }),
  report: runReport.pick({ receipt: true }),
  metrics: z.record(z.string(), z.number().nullable()),
  trades: z.array(z.unknown()),
  otherMarkets: z.array(z.unknown()).default([]),
});

/** Reads a file that the platform or `backtest --json` wrote. */
export function readKeptFile(path: string): KeptResult {
  const document = jsonOf(path);
  const whole = exported.safeParse(document);
  if (whole.success) return keptOf(whole.data);
  const short = printed.safeParse(document);
  if (!short.success) {
    throw new BadInput(
      `${path} is no result: give the result.json of a backtest, or what backtest --json printed.`,
    );
  }
  const { data, report, strategy, version, parameters, settings, otherMarkets } = short.data;
  if (otherMarkets.length > 0) throw severalMarkets();
  return {
    receipt: report.receipt,
    shown: short.data,
    strategy,
    version,
    parameters,
    settings,
    timeframe: data.timeframe,
    symbol: data.symbol,
    exchange: null,
    stored: null,
    rules: data.rules,
    range: rangeOf(data),
  };
}

const severalMarkets = () =>
  new BadInput(
    "The result is over several markets, which this command does not make again: run the same backtest once more and compare the fingerprints, or open a stored one and press Verify fingerprint under Trust.",
  );

function jsonOf(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new BadInput(`${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A stored result of any user: the command line belongs to the operator. */
export async function findKeptResult(sql: Sql, backtestId: string): Promise<KeptResult> {
  const [row] = await sql
    .select({ backtest: backtests, result: backtestResults.result })
    .from(backtests)
    .innerJoin(backtestResults, eq(backtestResults.backtestId, backtests.id))
    .where(eq(backtests.id, backtestId));
  if (row === undefined) throw new NotFound("backtest with a result", backtestId);
  const { userId, candles } = row.backtest;
  const { seriesId } = row.result.data;
  return { ...keptOf(row), stored: seriesId === null ? null : { userId, seriesId, candles } };
}

function keptOf({ backtest, result }: Exported): KeptResult {
  if (result.markets !== undefined) throw severalMarkets();
  const { strategy, version, parameters, settings, timeframe } = backtest;
  const { symbol, exchange, rules } = result.data;
  return {
    receipt: receiptOf({ view: backtest, result }),
    shown: result,
    strategy,
    version,
    parameters,
    settings,
    timeframe,
    symbol,
    exchange,
    stored: null,
    rules,
    range: rangeOf({ ...result.data, timeframe }),
  };
}

const rangeOf = ({
  first,
  last,
  timeframe,
}: Readonly<{ first: string; last: string; timeframe: Timeframe }>) => ({
  fromMs: Date.parse(first),
  toMs: Date.parse(last) + timeframeMs[timeframe],
});
