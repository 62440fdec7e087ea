import {
  type BacktestResult,
  backtestResult,
  type otherMarket,
  trade,
} from "@trading/contracts/backtests";
import type { Timeframe } from "@trading/contracts/common";
import type { PlatformEvent } from "@trading/contracts/events";
import { fill } from "@trading/contracts/fills";
import type { Market, Series } from "@trading/contracts/market-data";
import type { Columns, Detail, MarketInput, RunDescription } from "@trading/engine";
import { z } from "zod";
import { NotFound, PlatformError, toProblem } from "../platform/errors.ts";
import type { Job } from "../platform/jobs.ts";
import type { RunWatch } from "../strategies/host-client.ts";
import type { RunOrder } from "../strategies/host-protocol.ts";
import { candleFactsOf } from "./candle-facts.ts";
import type { CandleSource } from "./candle-source.ts";
import { detailOf } from "./detail-candles.ts";
import { createProgress, type Progress } from "./progress.ts";
import type { BacktestKey, BacktestQueue, Claim, ClaimedBacktest, Outcome } from "./queue.ts";
import { summaryOf } from "./summary.ts";
import { toldFills, toldTrades } from "./told-run.ts";

type Needs = Readonly<{
  queue: BacktestQueue;
  candles: CandleSource;
  strategies: Readonly<{
    findVersion(
      name: string,
      version: string,
    ): Promise<Readonly<{ code: string; map: string }> | null>;
  }>;
  hosts: Readonly<{ run(order: RunOrder, watch: RunWatch): Promise<RunDescription> }>;
  publish(userId: string, event: PlatformEvent): Promise<void>;
  /** Names this process in the rows it works on. */
  workerId: string;
  /** Backtests of one user that may run here at once. */
  perUserMax: number;
  onError(error: unknown): void;
}>;

export type BacktestRunner = Readonly<{
  job: Job;
  /** Takes no further backtest; those that run go on until they end or the job's signal is aborted. */
  stop(): void;
}>;

const heartbeatMs = 1_000;

/**
 * The job "run-backtest" is a nudge: it takes whichever backtest is next, and then the next, until there is none for
 * this worker. A second nudge, or none, changes nothing but the time.
 */
export function createBacktestRunner(needs: Needs): BacktestRunner {
  const running = new Map<string, AbortController>();
  let isStopping = false;
  let beat: NodeJS.Timeout | undefined;

  const heartbeat = async () => {
    const ids = [...running.keys()];
    const mine = await needs.queue.heartbeat(needs.workerId, ids);
    for (const id of ids) if (!mine.has(id)) running.get(id)?.abort(new Superseded());
  };
  const runNext = async (signal: AbortSignal): Promise<boolean> => {
    const row = await needs.queue.claim(needs.workerId, needs.perUserMax);
    if (row === null) return false;
    const own = new AbortController();
    running.set(row.id, own);
    beat ??= setInterval(() => void heartbeat().catch(needs.onError), heartbeatMs);
    try {
      await runBacktest(needs, row, AbortSignal.any([signal, own.signal]));
    } finally {
      running.delete(row.id);
      if (running.size === 0) {
        clearInterval(beat);
        beat = undefined;
      }
    }
    return true;
  };

  return {
    job: {
      name: "run-backtest",
      queue: "backtests",
      async run(_payload, signal) {
        while (!isStopping && !signal.aborted && (await runNext(signal)));
      },
    },
    stop() {
      isStopping = true;
    },
  };
}

/** The row is not this try's any more: cancelled, deleted, or taken by another worker. */
class Superseded extends Error {}

async function runBacktest(needs: Needs, row: ClaimedBacktest, signal: AbortSignal): Promise<void> {
  const claim: Claim = {
    id: row.id,
    userId: row.userId,
    workerId: needs.workerId,
    attempt: row.attempt,
  };
  const progress = createProgress(async (share, step, remainingMs) => {
    await needs.queue.recordProgress(claim, share, step, remainingMs);
    await tell(needs, row, { status: "running", share, step });
  }, needs.onError);
  try {
    await tell(needs, row, { status: "running", share: 0, step: "Starting" });
    const outcome = await carryOut(needs, row, progress, signal);
    await progress.end();
    if (await needs.queue.recordDone(claim, outcome))
      await tell(needs, row, { status: "done", share: 1 });
  } catch (error) {
    await progress.end();
    await settleFailure(needs, row, claim, error, signal);
  }
}

async function settleFailure(
  needs: Needs,
  row: ClaimedBacktest,
  claim: Claim,
  error: unknown,
  signal: AbortSignal,
): Promise<void> {
  if (signal.reason instanceof Superseded) return;
  if (signal.aborted) {
    await needs.queue.giveBack(claim);
    return tell(needs, row, { status: "queued" });
  }
  if (!(error instanceof PlatformError)) needs.onError(error);
  const isRecorded = await needs.queue.recordFailed(claim, toProblem(error));
  if (isRecorded) await tell(needs, row, { status: "failed" });
}

type Wanted = Readonly<{
  candles: z.infer<typeof otherMarket>;
  timeframe: Timeframe;
}>;
type Candles = Wanted &
  Readonly<{
    series: Series;
    market: Market | null;
    columns: Columns;
    revision: string;
    detail: Detail | undefined;
  }>;

/** The markets of a backtest, each with its timeframe; the first is the one that the row names. */
function wantedOf({ candles, timeframe }: ClaimedBacktest): Wanted[] {
  const { others = [], ...first } = candles;
  const all: Wanted["candles"][] = [first, ...others];
  return all.map((one) => ({ candles: one, timeframe: one.timeframe ?? timeframe }));
}

/** Candles, strategy, run: what the backtest found. Writes nothing but progress. */
async function carryOut(
  needs: Needs,
  row: ClaimedBacktest,
  progress: Progress,
  signal: AbortSignal,
): Promise<Outcome> {
  const startedAt = performance.now();
  const markets: Candles[] = [];
  for (const wanted of wantedOf(row))
    markets.push(await candlesOf(needs, row, wanted, progress, signal));
  const version = await needs.strategies.findVersion(row.strategy, row.version);
  if (version === null) throw new NotFound("strategy version", row.version);

  const order = orderOf(row, version.code, markets);
  progress.tell("Running", 0);
  const said = await needs.hosts.run(order, {
    map: version.map,
    signal,
    onProgress: (share) => progress.tell("Running", share),
  });
  // A strategy host runs foreign code: what it says is held against the contract before it is stored.
  const { trades, fills, ...figures } = described.parse(toWire(said));
  const result: BacktestResult = {
    ...figures,
    trades: trades.length,
    ...dataOf(markets),
    elapsedMs: Math.round(performance.now() - startedAt),
  };
  return { result, trades, fills, summary: summaryOf(result) };
}

async function candlesOf(
  needs: Needs,
  row: ClaimedBacktest,
  wanted: Wanted,
  progress: Progress,
  signal: AbortSignal,
): Promise<Candles> {
  const fromMs = row.fromAt?.getTime() ?? null;
  const toMs = row.toAt?.getTime() ?? null;
  const seriesId = await seriesIdOf(needs, wanted, { fromMs, toMs }, progress, signal);
  progress.tell("Loading candles", 0);
  const range = {
    timeframe: wanted.timeframe,
    fromMs: fromMs ?? Number.NEGATIVE_INFINITY,
    toMs: toMs ?? Number.POSITIVE_INFINITY,
  };
  const { series, columns } = await needs.candles
    .load(row.userId, seriesId, range)
    .catch(deletedMeanwhile);
  if (columns.time.length === 0) {
    throw new PlatformError("no-candles", `${series.symbol} has no candles in this range.`);
  }
  const { exchange, symbol } = series;
  const market = exchange === null ? null : await needs.candles.findMarket(exchange, symbol);
  signal.throwIfAborted();
  const revision = needs.candles.revisionOf(columns);
  const detail = await detailOf(needs, { ...row, ...wanted }, series, {
    signal,
    onProgress: ({ share }) => progress.tell("Fetching finer candles", share),
  });
  return { ...wanted, series, market, columns, revision, detail };
}

async function seriesIdOf(
  needs: Needs,
  { candles, timeframe }: Wanted,
  range: Readonly<{ fromMs: number | null; toMs: number | null }>,
  progress: Progress,
  signal: AbortSignal,
): Promise<string> {
  if (candles.kind === "series") return candles.seriesId;
  const { exchange, symbol } = candles;
  const { seriesId } = await needs.candles.ensureCandles(
    { exchange, symbol, timeframe, ...range },
    { signal, onProgress: ({ share }) => progress.tell("Fetching candles", share) },
  );
  return seriesId;
}

function deletedMeanwhile(error: unknown): never {
  if (!(error instanceof NotFound)) throw error;
  throw new PlatformError("no-candles", "The candles of this backtest were deleted meanwhile.");
}

function orderOf(row: ClaimedBacktest, code: string, markets: readonly Candles[]): RunOrder {
  const { parameters, settings, version } = row;
  const [first, ...others] = markets.map(marketOf) as [MarketInput, ...MarketInput[]];
  return { code, version, parameters, settings, ...first, others, isExplained: true };
}

const rulesOf = ({ market }: Candles) => ({
  tick: market?.tick ?? null,
  lot: market?.lot ?? null,
  notionalMin: market?.notionalMin ?? null,
});

function marketOf(found: Candles): MarketInput {
  const { series, timeframe, columns, revision, detail } = found;
  const { funding } = found.candles;
  return {
    market: { symbol: series.symbol, ...rulesOf(found) },
    timeframe,
    candles: columns,
    dataRevision: revision,
    quote: series.quote,
    detail,
    ...(funding === undefined ? {} : { funding }),
  };
}

function dataOf(markets: readonly Candles[]): Pick<BacktestResult, "data" | "markets"> {
  const used = markets.map(usedOf);
  const [data] = used as [BacktestResult["data"]];
  return used.length === 1 ? { data } : { data, markets: used };
}

function usedOf(found: Candles): BacktestResult["data"] {
  const { series, timeframe, columns, revision } = found;
  const { id, source, exchange, symbol, base, quote } = series;
  return {
    seriesId: id,
    source,
    exchange,
    symbol,
    base,
    quote,
    timeframe,
    ...candleFactsOf(columns, timeframe),
    revision,
    rules: rulesOf(found),
  };
}

const described = backtestResult
  .omit({ data: true, markets: true, elapsedMs: true })
  .extend({ trades: z.array(trade), fills: z.array(fill) });

const toWire = (said: RunDescription): unknown => ({
  ...said,
  trades: toldTrades(said.trades),
  fills: toldFills(said.fills),
});

async function tell(
  needs: Needs,
  { id, userId }: BacktestKey,
  what: Omit<PlatformEvent, "kind" | "id">,
): Promise<void> {
  // An event only says to look again; a lost one is no failure.
  await needs.publish(userId, { kind: "backtest", id, ...what }).catch(needs.onError);
}
