import { Wallet } from "../account.ts";
import type { Context } from "../context.ts";
import { CandlesError } from "../errors.ts";
import { engineVersion, fingerprintOfMarkets, marketsRevisionOf } from "../fingerprint.ts";
import { sumOfCounts } from "../order-counts.ts";
import type {
  EngineTrade,
  Fill,
  FundingPayment,
  Plot,
  RefusedLine,
  RejectionCause,
  RunResult,
} from "../result.ts";
import { refusePromise, settledParameters, strategyFailure } from "../strategy-hooks.ts";
import { absentMarket } from "./absent-market.ts";
import { Desk } from "./desk.ts";
import { checkMarkets, type MarketsInput } from "./input.ts";
import { judgeTogether } from "./joint-margin.ts";
import { meetTogether } from "./opening.ts";
import { WalletContext } from "./wallet-context.ts";

/** A fill with its market; `index` counts moments, as everywhere in the result of several markets. */
export type MarketFill = Fill & Readonly<{ market: string }>;

/** A line that the strategy drew in one of the markets: one value per candle of that market. */
export type MarketPlot = Plot & Readonly<{ market: string }>;

export type MarketsResult = Omit<RunResult, "fills" | "plots"> &
  Readonly<{
    fills: readonly MarketFill[];
    plots: readonly MarketPlot[];
    /** When candles closed, ms since epoch: equity, fills and trades count these moments. */
    moments: Float64Array;
    /** Worth of all positions over equity at each moment. */
    exposure: Float64Array;
    /** Equal parts of one coin of money in every market, each bought as its candles begin, at each moment. */
    index: Float64Array;
  }>;

const never = Number.POSITIVE_INFINITY;

/**
 * Runs a strategy over several markets in one wallet. A candle meets what waits when it opens and when it closes; under `detail`
 * the finer ones do inside a candle that comes to an order. All this happens in the order of time. Of candles that close at the
 * same moment all are met before anything is decided, and decisions of one moment are taken in the order of the markets' names.
 * Throws what `runBacktest` throws.
 */
export function runMarkets(given: MarketsInput): MarketsResult {
  checkMarkets(given);
  const markets = given.markets.toSorted((a, b) => (a.market.symbol < b.market.symbol ? -1 : 1));
  const input = { ...given, markets, parameters: settledParameters(given) };
  const run = new Run(input);
  run.play();
  return run.result();
}

class Run {
  readonly #input: MarketsInput;
  readonly #wallet: Wallet;
  readonly #desks: readonly Desk[];
  readonly #known = new Map<string, Context>();
  readonly #absent: ReturnType<typeof absentMarket>;
  readonly #context: WalletContext;
  readonly #moment: { at: number; closed: Context[] } = { at: 0, closed: [] };
  readonly #moments: number[] = [];
  readonly #equity: number[] = [];
  readonly #exposure: number[] = [];
  readonly #index: number[] = [];
  readonly #fills: MarketFill[] = [];
  #warmup: number | null = null;

  constructor(input: MarketsInput) {
    const { settings, strategy, parameters } = input;
    this.#input = input;
    this.#wallet = new Wallet(settings.capital, settings.limits, input.markets.length > 1);
    this.#absent = absentMarket(input, this.#wallet);
    this.#desks = this.#guarded(() =>
      input.markets.map((market) => new Desk(input, market, this.#wallet)),
    );
    const symbols = new Set(this.#desks.map(({ symbol }) => symbol));
    this.#context = new WalletContext(
      {
        wallet: this.#wallet,
        moment: this.#moment,
        known: this.#known,
        absent: (symbol) => this.#absent.of(symbols.has(symbol) ? "not-trading" : "unknown-market"),
      },
      parameters,
      this.#guarded(() => strategy.state(parameters)),
    );
  }

  play(): void {
    for (let ends = this.#nextEnd(); ends < never; ends = this.#nextEnd()) {
      const opens = this.#nextOpen();
      if (opens < ends) this.#open(opens);
      else this.#end(ends);
      if (this.#desks.length > 1) for (const desk of this.#desks) desk.look(Math.min(opens, ends));
    }
    this.#guarded(() => {
      const { onStop } = this.#input.strategy;
      for (const desk of this.#desks) if (desk.isStarted) refusePromise(onStop?.(desk.context));
    });
    this.#input.onProgress?.(1);
  }

  #nextEnd(): number {
    let first = never;
    for (const { endsAt } of this.#desks) if (endsAt < first) first = endsAt;
    return first;
  }

  /** When something opens next; a market that is alone does as it closes, since nothing happens meanwhile. */
  #nextOpen(): number {
    let first = never;
    if (this.#desks.length > 1)
      for (const { opensAt } of this.#desks) if (opensAt < first) first = opensAt;
    return first;
  }

  /**
   * Lets all open that opens at a time: what is due is paid and changed in all markets, then orders are met; those that wait take
   * their money after that, in the order in which they were placed. Nobody decides before anything has ended, so that what ends by
   * then is known already: by the candles there are, for which of them are met tells what they come to.
   */
  #open(at: number): void {
    const knownTo = () => Math.min(...this.#desks.map((desk) => desk.endsAfter(at)));
    const opening = this.#desks.filter(({ opensAt }) => opensAt === at);
    this.#wallet.now = at;
    for (const desk of opening) desk.open();
    meetTogether(opening.flatMap((desk) => desk.meetOpen(knownTo) ?? []));
    const short = opening.filter((desk) => desk.broker.isShort);
    const coming = opening.flatMap((desk) =>
      desk.coming(short.includes(desk)).map((order) => ({ desk, order })),
    );
    for (const { desk, order } of coming.sort((a, b) => a.order.place - b.order.place))
      desk.claim(order);
    this.#settle();
  }

  /** What one market holds and is worth moves where the others are liquidated. */
  #settle(): void {
    for (const desk of this.#desks) if (desk.account.held !== 0) desk.broker.settle();
  }

  /** Lets all that ends at a time meet its orders, in the order of names; decides where candles close. */
  #end(at: number): void {
    const ending = this.#desks.filter(({ endsAt }) => endsAt === at);
    const closing = ending.filter(({ closesAt }) => closesAt === at);
    if (closing.length > 0) this.#moments.push(at);
    for (const desk of ending) {
      if (desk.closesAt === at) desk.close(this.#moments.length - 1);
      else desk.meetFiner();
    }
    judgeTogether(ending, this.#wallet);
    this.#wallet.now = at;
    for (const desk of ending) desk.valueFiner(at);
    if (closing.length > 0) this.#close(at, closing);
    else this.#settle();
  }

  /** Values the wallet at the new closes, and decides. */
  #close(at: number, closing: readonly Desk[]): void {
    for (const desk of closing) desk.value(at);
    for (const desk of this.#desks) desk.decideAt(at);
    if (closing.some((desk) => desk.index === 0)) this.#openMarkets();
    if (this.#desks.length > 1) this.#settle();
    const { equity } = this.#wallet;
    this.#equity.push(equity);
    this.#exposure.push(equity > 0 ? this.#wallet.exposure / equity : 0);
    this.#index.push(indexOf(this.#desks));
    this.#moment.at = at;
    this.#moment.closed = closing.map((desk) => desk.context);
    this.#guarded(() => this.#decide(closing));
    for (const desk of closing) if (desk.closesAt === never) desk.end();
    if (this.#moments.length % 1_024 === 0) this.#input.onProgress?.(this.#share);
  }

  /** The share of all candles that have closed. */
  get #share(): number {
    const closed = this.#desks.reduce((sum, { index }) => sum + index + 1, 0);
    return closed / this.#desks.reduce((sum, { input }) => sum + input.candles.close.length, 0);
  }

  /** Markets that have a candle now, in the order of their names. */
  #openMarkets(): void {
    this.#known.clear();
    for (const { symbol, index, context } of this.#desks)
      if (index >= 0) this.#known.set(symbol, context);
  }

  #decide(closing: readonly Desk[]): void {
    const { onCandle, onCandles, onFill, onStart } = this.#input.strategy;
    for (const desk of closing) {
      for (const fill of desk.newFills()) {
        this.#fills.push({ ...fill, index: this.#moments.length - 1, market: desk.symbol });
        if (onFill) refusePromise(onFill(desk.context, fill));
      }
    }
    const ready = closing.filter((desk) => desk.isReady);
    for (const desk of ready) {
      if (!desk.isStarted) refusePromise(onStart?.(desk.context));
      desk.isStarted = true;
      if (!onCandles && desk.isOccasion) refusePromise(onCandle(desk.context));
    }
    if (ready.length === 0) return;
    this.#warmup ??= this.#moments.length - 1;
    if (onCandles) refusePromise(onCandles(this.#context));
  }

  result(): MarketsResult {
    const fills = this.#fills;
    const desks = this.#desks;
    const equity = Float64Array.from(this.#equity);
    return {
      fingerprint: fingerprintOfMarkets(this.#input, fills),
      inputsRevision: marketsRevisionOf(this.#input),
      engineVersion,
      trades: tradesOf(desks),
      fills,
      equity,
      finalEquity: equity.at(-1) ?? this.#input.settings.capital,
      rejectedOrders: mergedCounts([...desks.map((desk) => desk.broker), ...this.#absent.brokers]),
      orderCounts: sumOfCounts(desks.map(({ broker }) => broker.orderCounts)),
      refusedLines: desks.flatMap((desk) => refusedOf(desk, desks.length > 1)),
      ambiguousCandles: desks.reduce((sum, { broker }) => sum + broker.ambiguousCandles, 0),
      fundingPayments: desks.flatMap(paymentsOf).sort((a, b) => a.index - b.index),
      fundingGaps: desks.flatMap((desk) => desk.gaps(this.#input)),
      liquidationLevels: [],
      warmup: this.#warmup ?? this.#moments.length,
      plots: desks.flatMap(({ plots, symbol }) =>
        plots.all.map((plot) => ({ ...plot, market: symbol })),
      ),
      moments: Float64Array.from(this.#moments),
      exposure: Float64Array.from(this.#exposure),
      index: Float64Array.from(this.#index),
    };
  }

  /** Whatever the strategy throws comes out as `StrategyError` with the moment. */
  #guarded<Value>(act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      if (error instanceof CandlesError) throw error;
      const index = this.#moments.length - 1;
      throw strategyFailure(this.#input.strategy.name, index, this.#moments[index] ?? 0, error);
    }
  }
}

/** Trades of all markets in the order they ended, counted in moments. */
function tradesOf(desks: readonly Desk[]): EngineTrade[] {
  return desks
    .flatMap(({ trades, moments }) =>
      trades.end().all.map((trade) => ({
        ...trade,
        entryIndex: moments[trade.entryIndex] as number,
        exitIndex: moments[trade.exitIndex] as number,
      })),
    )
    .sort((a, b) => a.exitIndex - b.exitIndex || a.entryIndex - b.entryIndex)
    .map((trade, i) => ({ ...trade, number: i + 1 }));
}

/** Lines that a pre-flight refused, named with their market where there are several. */
const refusedOf = ({ preflight, symbol }: Desk, isNamed: boolean): readonly RefusedLine[] =>
  isNamed
    ? preflight.refused.map((line) => ({ ...line, name: `${symbol} ${line.name}` }))
    : preflight.refused;

const paymentsOf = ({ funding, moments }: Desk): FundingPayment[] =>
  funding.payments.map((one) => ({ ...one, index: moments[one.index] as number }));

function mergedCounts(brokers: readonly Pick<Desk["broker"], "rejected">[]) {
  const merged: Partial<Record<RejectionCause, number>> = {};
  for (const { rejected } of brokers) {
    for (const [cause, count] of Object.entries(rejected) as [RejectionCause, number][])
      merged[cause] = (merged[cause] ?? 0) + count;
  }
  return merged;
}

/** The mean growth of the markets; one that has no candle yet stands still. */
function indexOf(desks: readonly Desk[]): number {
  const growth = ({ account, input }: Desk) =>
    account.lastPrice === 0 ? 1 : account.lastPrice / (input.candles.open[0] as number);
  return desks.reduce((sum, desk) => sum + growth(desk), 0) / desks.length;
}
