import type {
  BacktestRequest,
  BacktestResult,
  DataUsed,
  repeatRequest,
} from "@trading/contracts/backtests";
import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { usualFeeAsset } from "@trading/contracts/fee-asset";
import type { RunSettings } from "@trading/contracts/run-settings";
import type { StrategyView } from "@trading/contracts/strategies";
import {
  checkFills,
  checkParameters,
  checkPerpetual,
  checkSharedMargin,
  RunInputError,
} from "@trading/engine";
import type { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { CandleCatalogue } from "./candle-source.ts";
import { noneFiner } from "./detail-candles.ts";
import type { NewBacktest } from "./store.ts";

type StrategyFacts = Pick<StrategyView, "name" | "title" | "version" | "parameters">;

export type StrategyCatalogue = Readonly<{
  findByName(name: string): Promise<StrategyFacts | null>;
  findVersion(
    name: string,
    version: string,
  ): Promise<Readonly<{ manifest: Omit<StrategyFacts, "version"> }> | null>;
}>;

type Needs = Readonly<{ strategies: StrategyCatalogue; candles: CandleCatalogue }>;

/** Holds a request against the strategy's parameter table and the data; throws the first kind of problem it has. */
export async function checkRequest(
  needs: Needs,
  userId: string,
  request: BacktestRequest,
): Promise<NewBacktest> {
  const strategy = await strategyOf(needs, request);
  const parameters = checkParameters(strategy.parameters, request.parameters);
  if (parameters.kind === "refused") {
    throw new PlatformError("parameters-refused", "Some parameters cannot be used.", {
      errors: parameters.problems.map(({ where, message }) => ({
        where: `parameters.${where}`,
        message,
      })),
    });
  }
  checkRange(request);
  const data = await dataOf(needs, userId, request);
  const settings = settledOf(request, data);
  checkSettings(settings);
  const count = await checkOthers(needs, userId, request, data);
  checkTimeframes(settings, request);
  return {
    title: request.title || titleOf(strategy.title, data.symbol, count, request),
    strategy: strategy.name,
    strategyTitle: strategy.title,
    version: strategy.version,
    parameters: { ...parameters.values },
    candles: request.candles,
    timeframe: request.timeframe,
    settings,
    ...data,
    fromAt: dateOf(request.from),
    toAt: dateOf(request.to),
    expectedFingerprint: request.expectedFingerprint ?? null,
  };
}

async function strategyOf({ strategies }: Needs, request: BacktestRequest): Promise<StrategyFacts> {
  const { strategy: name, version } = request;
  const current = await strategies.findByName(name);
  if (version === undefined || version === current?.version) {
    if (current !== null) return current;
    throw new PlatformError("unknown-strategy", `There is no strategy called "${name}".`);
  }
  // An old version stays usable, also when its file is gone.
  const old = await strategies.findVersion(name, version);
  if (old !== null) return { ...old.manifest, version };
  throw new PlatformError("unknown-strategy", `The strategy "${name}" has no such version.`);
}

function checkRange({ from, to }: BacktestRequest): void {
  if (from === undefined || to === undefined || Date.parse(from) < Date.parse(to)) return;
  throw new PlatformError("validation-failed", "The range ends before it begins.", {
    errors: [{ where: "to", message: "must be later than `from`" }],
  });
}

/** What nobody chose is as the market's exchange does it. */
function settledOf({ settings }: BacktestRequest, { exchange, symbol }: DataFacts): RunSettings {
  const isPerpetual = settings.perpetual !== undefined;
  const feeAsset = settings.feeAsset ?? usualFeeAsset({ exchange, symbol, isPerpetual });
  return { ...settings, feeAsset };
}

function checkSettings(settings: RunSettings): void {
  const { perpetual } = settings;
  if (perpetual !== undefined)
    refuseBroken("The terms of the perpetual cannot be used.", "settings.perpetual", () =>
      checkPerpetual(perpetual),
    );
  refuseBroken("The settings contradict each other.", "settings", () => checkFills(settings));
}

function checkTimeframes(
  settings: RunSettings,
  { candles: { others = [] }, timeframe }: BacktestRequest,
): void {
  const timeframes = [timeframe, ...others.map((other) => other.timeframe ?? timeframe)];
  refuseBroken("These markets cannot share their margin.", "settings.perpetual.marginMode", () =>
    checkSharedMargin(settings, timeframes),
  );
}

function refuseBroken(title: string, where: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof RunInputError)) throw error;
    throw new PlatformError("validation-failed", title, {
      errors: [{ where, message: error.message }],
    });
  }
}

const titleOf = (strategy: string, symbol: string, others: number, request: BacktestRequest) =>
  `${strategy} on ${symbol}${others > 0 ? ` and ${others} more` : ""}, ${request.timeframe}`;

/** Holds the wallet's further markets against the data: one currency, each market once. How many there are. */
async function checkOthers(
  needs: Needs,
  userId: string,
  request: BacktestRequest,
  first: DataFacts,
): Promise<number> {
  const { others = [] } = request.candles;
  const symbols = new Set([first.symbol]);
  for (const [i, { timeframe = request.timeframe, ...candles }] of others.entries()) {
    const { symbol, quote } = await dataOf(needs, userId, { ...request, candles, timeframe });
    const message =
      quote !== first.quote
        ? `is priced in ${quote}, the first one in ${first.quote}: one wallet holds one currency`
        : symbols.has(symbol)
          ? `is ${symbol}, which is there already`
          : null;
    symbols.add(symbol);
    if (message === null) continue;
    throw new PlatformError("validation-failed", "These markets cannot share a wallet.", {
      errors: [{ where: `candles.others.${i}`, message }],
    });
  }
  return others.length;
}

type DataFacts = Pick<NewBacktest, "symbol" | "exchange" | "source" | "quote">;

const dataOf = (
  { candles }: Needs,
  userId: string,
  request: BacktestRequest,
): Promise<DataFacts> =>
  request.candles.kind === "series"
    ? seriesOf(candles, userId, request, request.candles.seriesId)
    : marketOf(candles, request, request.candles);

async function seriesOf(
  candles: CandleCatalogue,
  userId: string,
  request: BacktestRequest,
  seriesId: string,
): Promise<DataFacts> {
  const series = await candles.findSeries(userId, seriesId);
  if (series === null) throw new NotFound("series", seriesId);
  if (!series.timeframes.includes(request.timeframe)) {
    throw timeframeRefused(
      `must be one of ${series.timeframes.join(", ")}: the series holds ${series.timeframe}`,
    );
  }
  if (request.settings.fillPolicy === "detail" && series.timeframe === request.timeframe)
    throw noneFiner(request.timeframe);
  const { first, last } = series;
  const covers =
    first !== null && last !== null && overlaps(request, Date.parse(first), Date.parse(last));
  if (!covers)
    throw new PlatformError("no-candles", `${series.symbol} has no candles in this range.`);
  const { symbol, exchange, source, quote } = series;
  return { symbol, exchange, source, quote };
}

function overlaps(
  { from, to, timeframe }: BacktestRequest,
  firstMs: number,
  lastMs: number,
): boolean {
  const endsAfterFirst = to === undefined || Date.parse(to) > firstMs;
  const beginsBeforeEnd = from === undefined || Date.parse(from) < lastMs + timeframeMs[timeframe];
  return endsAfterFirst && beginsBeforeEnd;
}

async function marketOf(
  candles: CandleCatalogue,
  { timeframe }: BacktestRequest,
  { exchange, symbol }: { exchange: string; symbol: string },
): Promise<DataFacts> {
  const market = await candles.findMarket(exchange, symbol);
  const quote = market?.quote ?? (await quoteOfUnread(candles, exchange, symbol));
  if (quote === null) {
    throw new PlatformError("unknown-market", `${exchange} has no market called "${symbol}".`);
  }
  const offered = market?.timeframes ?? [];
  const isOffered = (one: Timeframe) => timeframeMs[timeframe] % timeframeMs[one] === 0;
  if (offered.length > 0 && !offered.some(isOffered)) {
    throw timeframeRefused(`cannot be made from ${offered.join(", ")}: ${exchange} has no other`);
  }
  return { symbol, exchange, source: "exchange", quote };
}

/** Markets of an exchange that was never read are looked up when the backtest runs; null: it cannot be one. */
async function quoteOfUnread(
  candles: CandleCatalogue,
  exchange: string,
  symbol: string,
): Promise<string | null> {
  const known = await candles.findExchange(exchange);
  const isUnread = known !== null && known.marketsAt === null;
  return isUnread ? (/^[^/:]+\/([^/:]+)(:[^/:]+)?$/.exec(symbol)?.[1] ?? null) : null;
}

const timeframeRefused = (message: string) =>
  new PlatformError("validation-failed", "The timeframe cannot be used with these candles.", {
    errors: [{ where: "timeframe", message }],
  });

const dateOf = (instant: string | undefined): Date | null =>
  instant === undefined ? null : new Date(instant);

type Repeat = z.infer<typeof repeatRequest>;
type Repeated = Pick<
  BacktestRequest,
  "strategy" | "parameters" | "candles" | "timeframe" | "settings"
> &
  Readonly<{ title: string; version: string; from: string | null; to: string | null }>;

/** The request that would give a backtest again, with what is named changed; a null bound is taken away. */
export function repeatOf(backtest: Repeated, change: Repeat): BacktestRequest {
  const from = change.from === undefined ? backtest.from : change.from;
  const to = change.to === undefined ? backtest.to : change.to;
  return {
    title: change.title ?? backtest.title,
    strategy: backtest.strategy,
    version: backtest.version,
    parameters: { ...backtest.parameters, ...change.parameters },
    candles: backtest.candles,
    timeframe: change.timeframe ?? backtest.timeframe,
    settings: settingsOf(backtest.settings, change.settings ?? {}),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}

/** A null takes the terms of perpetuals away. */
function settingsOf(
  before: Repeated["settings"],
  { perpetual, ...change }: NonNullable<Repeat["settings"]>,
): Repeated["settings"] {
  const { perpetual: had, ...others } = before;
  const wanted = perpetual === undefined ? had : (perpetual ?? undefined);
  const terms = wanted === undefined ? {} : { perpetual: wanted, feeAsset: "quote" as const };
  return { ...others, ...terms, ...withoutUndefined(change) };
}

type Stored = Repeated &
  Readonly<{ result: Pick<BacktestResult, "data" | "markets" | "fingerprint"> }>;

/** The request that gives a result again from the very candles it was made of, and compares. */
export function verificationOf({ result, ...backtest }: Stored): BacktestRequest {
  const used = result.markets ?? [result.data];
  // Finer candles are looked for where they were found then.
  const hasFiner = backtest.settings.fillPolicy === "detail";
  const beginsAt = Math.min(...used.map(({ first }) => Date.parse(first)));
  const endsAt = Math.max(
    ...used.map(({ last, timeframe }) => Date.parse(last) + timeframeMs[timeframe]),
  );
  return {
    ...repeatOf(backtest, {}),
    title: `Verification of ${backtest.title}`.slice(0, 120),
    candles: hasFiner ? backtest.candles : storedCandles(backtest.candles, used),
    from: new Date(beginsAt).toISOString(),
    to: new Date(endsAt).toISOString(),
    expectedFingerprint: result.fingerprint,
  };
}

/** The same candles by the series that held them, wherever that is known. */
function storedCandles(
  { others, ...first }: BacktestRequest["candles"],
  used: readonly DataUsed[],
): BacktestRequest["candles"] {
  const seriesOf = (i: number) => {
    const seriesId = used[i]?.seriesId ?? null;
    return seriesId === null ? null : ({ kind: "series", seriesId } as const);
  };
  const wanted = seriesOf(0) ?? first;
  if (others === undefined) return wanted;
  const again = others.map(({ timeframe, funding, ...one }, i) => ({
    ...(seriesOf(i + 1) ?? one),
    timeframe,
    funding,
  }));
  return { ...wanted, others: again };
}

const withoutUndefined = <Value extends object>(value: Value) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [Name in keyof Value]?: Exclude<Value[Name], undefined>;
  };
