import { readFileSync } from "node:fs";
import {
  backtestResult,
  backtestView,
  dataUsed,
  type otherMarket,
} from "@trading/contracts/backtests";
import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { runReport } from "@trading/contracts/reports";
import { type RunSettings, runSettings } from "@trading/contracts/run-settings";
import { type ParameterValues, parameterValues } from "@trading/contracts/strategies";
import type { MarketInput, RunDescription, ToldFigures, ToldResult } from "@trading/engine";
import { eq } from "drizzle-orm";
import { z } from "zod";
import { candleFactsOf, factsAmong } from "../backtests/candle-facts.ts";
import { backtestResults, backtests } from "../backtests/schema.ts";
import { toldFills, toldTrades } from "../backtests/told-run.ts";
import { readFills, readTrades } from "../backtests/trades.ts";
import { receiptOf, toldBy } from "../backtests/verify.ts";
import { NotFound } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { BadInput } from "./command.ts";

type Asked = z.infer<typeof otherMarket>;

/** One of the markets of a result, with all that is needed to find its candles again. */
export type KeptMarket = Readonly<{
  symbol: string;
  exchange: string | null;
  timeframe: Timeframe;
  rules: z.infer<typeof dataUsed>["rules"];
  /** Of the candles used; the end is exclusive. */
  range: Range;
  /** In place of what the settings say. */
  funding: Asked["funding"];
  /** The stored series, whose it is and how it was asked for; null for a file. */
  stored: Readonly<{
    userId: string;
    seriesId: string;
    candles: Asked;
  }> | null;
}>;

type Range = Readonly<{ fromMs: number; toMs: number }>;

/** A result as it was kept, with all that is needed to make it again. */
export type KeptResult = ToldResult &
  Readonly<{
    strategy: string;
    version: string;
    parameters: ParameterValues;
    settings: RunSettings;
    /** As they were listed; there is always a first. */
    markets: readonly KeptMarket[];
    /** Tells a run made again in the way that this result is told. */
    retell: Retell;
  }>;

type Retell = (run: RunDescription, markets: readonly MarketInput[]) => ToldFigures;

const exportedBy: Retell = (run, markets) => {
  const facts = markets.map((one) => ({ ...factsOf(one), revision: one.dataRevision }));
  const told = { ...retold(run), tradeCount: run.trades.length, data: facts[0] };
  return facts.length > 1 ? { ...told, markets: facts } : told;
};

const printedBy: Retell = (run, markets) => {
  const [data, ...otherMarkets] = markets.map(factsOf);
  return { ...retold(run), data, otherMarkets };
};

const retold = (run: RunDescription): ToldFigures => ({
  ...run,
  trades: toldTrades(run.trades),
  fills: toldFills(run.fills),
});

const factsOf = ({ candles, timeframe }: MarketInput) =>
  candleFactsOf(candles, timeframe as Timeframe);

const exported = z.object({
  backtest: backtestView.pick({
    strategy: true,
    version: true,
    parameters: true,
    settings: true,
    candles: true,
  }),
  result: backtestResult,
  trades: z.array(z.unknown()),
  fills: z.array(z.unknown()).nullish(),
});
type Exported = z.infer<typeof exported>;

const printedMarket = dataUsed
  .pick({ symbol: true, timeframe: true, first: true, last: true, rules: true })
  .loose();

/** What `backtest --json` prints. */
const printed = z.object({
  fingerprint: z.string(),
  engineVersion: z.string(),
  strategy: z.string(),
  version: z.string(),
  parameters: parameterValues,
  settings: runSettings,
  data: printedMarket,
  report: runReport.pick({ receipt: true }),
  metrics: z.record(z.string(), z.number().nullable()),
  trades: z.array(z.unknown()),
  otherMarkets: z.array(printedMarket).default([]),
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
  const markets = [data, ...otherMarkets].map((one) =>
    marketOf({ ...one, exchange: null, funding: undefined, stored: null }),
  );
  const { receipt } = report;
  const about = { data: factsAmong(data), otherMarkets: otherMarkets.map(factsAmong) };
  const told: ToldFigures = { ...(document as object), ...about };
  return { receipt, told, retell: printedBy, strategy, version, parameters, settings, markets };
}

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
    .select({ backtest: backtests, kept: backtestResults })
    .from(backtests)
    .innerJoin(backtestResults, eq(backtestResults.backtestId, backtests.id))
    .where(eq(backtests.id, backtestId));
  if (row === undefined) throw new NotFound("backtest with a result", backtestId);
  const { backtest, kept } = row;
  const trades = await readTrades(kept.trades, backtest.symbol);
  const fills = kept.fills === null ? null : await readFills(kept.fills);
  return keptOf({ backtest, result: kept.result, trades, fills }, backtest.userId);
}

/** `owner`: whose stored series it was made from; null for a file. */
function keptOf(
  { backtest, result, trades, fills }: Exported,
  owner: string | null = null,
): KeptResult {
  const { strategy, version, parameters, settings } = backtest;
  const { others = [], ...first } = backtest.candles;
  const asked: readonly Asked[] = [first, ...others];
  const markets = (result.markets ?? [result.data]).map((used, i) => {
    const { seriesId } = used;
    const candles: Asked = asked[i] ?? first;
    const isStored = owner !== null && seriesId !== null;
    const stored = isStored ? { userId: owner, seriesId, candles } : null;
    return marketOf({ ...used, funding: candles.funding, stored });
  });
  const receipt = receiptOf({ view: backtest, result });
  const told = { ...toldBy({ result, trades }), fills };
  return { receipt, told, retell: exportedBy, strategy, version, parameters, settings, markets };
}

type Used = Omit<KeptMarket, "range" | "rules"> &
  Readonly<{ rules?: KeptMarket["rules"]; first: string; last: string }>;

function marketOf({ rules, first, last, ...market }: Used): KeptMarket {
  const { symbol, exchange, timeframe, funding, stored } = market;
  const range = { fromMs: Date.parse(first), toMs: Date.parse(last) + timeframeMs[timeframe] };
  return { symbol, exchange, timeframe, rules, funding, stored, range };
}
