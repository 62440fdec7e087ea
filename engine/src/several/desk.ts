import type { Account, Wallet } from "../account.ts";
import { Broker } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { Columns } from "../columns.ts";
import { Context } from "../context.ts";
import { CandlesError } from "../errors.ts";
import { FundingSchedule, fundingGaps } from "../funding.ts";
import { areKnownSound, checkCandles, rememberSound } from "../input-checks.ts";
import { accountOf, duesOf } from "../lending.ts";
import { type Occasions, occasionsOf } from "../occasions.ts";
import { pieceLength } from "../piece.ts";
import { Plots } from "../plots.ts";
import { Preflight } from "../preflight.ts";
import type { Fill, FundingGap } from "../result.ts";
import { Indicators } from "../run-indicators.ts";
import { warmupOf } from "../strategy-hooks.ts";
import { timeframeMs } from "../timeframe.ts";
import { TradeList } from "../trades.ts";
import type { MarketInput, MarketsInput } from "./input.ts";

/** One market of a wallet: its candles, orders, position and indicators. */
export class Desk {
  readonly input: MarketInput;
  readonly symbol: string;
  readonly lengthMs: number;
  readonly account: Account;
  readonly broker: Broker;
  readonly context: Context;
  readonly preflight: Preflight;
  readonly funding: FundingSchedule;
  readonly trades: TradeList;
  readonly plots: Plots;
  /** For each candle, the moment at which it closed. */
  readonly moments: number[] = [];
  /** Whether the strategy was asked about it already. */
  isStarted = false;
  readonly #clock: Clock = { index: -1 };
  readonly #indicators: Indicators;
  readonly #occasions: Occasions | null;
  #firstDecision: number | null;
  #told = 0;
  /** The candle that was let open last before it closed; -1 before the first. */
  #opened = -1;

  constructor(run: MarketsInput, input: MarketInput, wallet: Wallet) {
    const { strategy, parameters, settings } = run;
    const { market, candles } = input;
    this.input = input;
    this.symbol = market.symbol;
    this.lengthMs = timeframeMs(input.timeframe) ?? 0;
    checkAll(market.symbol, candles);
    this.account = accountOf(wallet, settings);
    const { detail } = input;
    const { account, lengthMs } = this;
    this.broker = new Broker({ candles, account, market, settings, detail, lengthMs }, this.#clock);
    this.broker.refusal = "not-trading";
    const { fills } = this.broker;
    const dues = duesOf(settings, input.funding);
    this.funding = new FundingSchedule(dues, { candles, lengthMs, fills });
    this.trades = new TradeList({
      symbol: market.symbol,
      candles,
      payments: this.funding.payments,
      levels: this.broker.liquidationLevels,
    });
    const set = strategy.indicators(parameters);
    this.#indicators = new Indicators(set, candles, this.#clock, lengthMs, run.indicatorMemory);
    this.#occasions = occasionsOf(strategy, set, parameters, this.#indicators, candles);
    this.#firstDecision = warmupOf(run);
    const { broker } = this;
    this.preflight = new Preflight({ broker, account, market, settings, candles }, this.#clock);
    this.plots = new Plots(this.#clock, candles.close.length, run.isPlotted !== false);
    for (const [name, line] of Object.entries(strategy.plots(set)))
      this.plots.addLine(name, line, this.#indicators);
    const { plots, symbol } = this;
    this.context = new Context(
      { candles, clock: this.#clock, account, broker, plots, preflight: this.preflight, symbol },
      parameters,
      set,
      strategy.state(parameters),
    );
  }

  /** When its next candle opens; never once there is none. */
  get opensAt(): number {
    return this.input.candles.time[this.index + 1] ?? Number.POSITIVE_INFINITY;
  }

  /** When its next candle closes; never once there is none. */
  get closesAt(): number {
    return this.opensAt + this.lengthMs;
  }

  /** The candle that closed last; -1 before the first. */
  get index(): number {
    return this.#clock.index;
  }

  /** Whether the strategy may be asked: every indicator has a value, or what it asked to wait has passed. */
  get isReady(): boolean {
    return this.#firstDecision !== null && this.index >= this.#firstDecision;
  }

  /** Whether this candle is one of those on which the strategy decides. */
  get isOccasion(): boolean {
    return this.#occasions === null || this.#occasions.nextFrom(this.index) === this.index;
  }

  /** Whether its next candle has begun before a moment and was not let open yet. */
  opensBefore(moment: number): boolean {
    return this.opensAt < moment && this.#opened <= this.index;
  }

  /** Lets the open of its next candle meet what waits for it; that price is its last one until the candle closes. */
  open(moment: number): void {
    const next = this.index + 1;
    this.#opened = next;
    if (this.funding.payOpen(this.account, next)) this.broker.settle();
    this.account.lastPrice = this.input.candles.open[next] as number;
    this.#clock.index = next;
    this.broker.open(this.closesAt <= moment);
    // To whoever decides meanwhile the candle before is the last one.
    this.#clock.index = next - 1;
  }

  /** Lets orders take their money that wait from the open of its next candle on. */
  claim(): void {
    const { time, open } = this.input.candles;
    const next = this.index + 1;
    this.broker.claim(next, time[next] as number, open[next] as number);
  }

  /** Lets its next candle meet what waits for it, but what its open met already. */
  close(moment: number): void {
    const next = this.index + 1;
    if (next % pieceLength === 0) this.#readPiece(next);
    if (this.funding.payOpen(this.account, next)) this.broker.settle();
    this.#clock.index = next;
    this.broker.refusal = null;
    this.moments.push(moment);
    const isPaidInside = this.broker.isDetailed && this.funding.isDueInside(next);
    if (isPaidInside) this.broker.match(next + 1, this.#payDue);
    else if (next >= this.broker.due) this.broker.match(next + 1);
    if (this.funding.payClose(this.account, next)) this.broker.settle();
    this.trades.addFrom(this.broker.fills);
  }

  readonly #payDue = (opensAt: number, price: number): void => {
    if (this.funding.payInside(this.account, this.index, opensAt, price)) this.broker.settle();
  };

  /** A decision falls at this moment, whether or not a candle of this market closed just then. */
  decideAt(moment: number): void {
    const time = this.input.candles.time[this.index];
    const isClose = time !== undefined && time + this.lengthMs === moment;
    this.broker.arrivals.decidesAt = isClose ? null : moment;
  }

  /** Its last close is what its position is worth to the others from now on. */
  value(): void {
    this.account.lastPrice = this.input.candles.close[this.index] as number;
  }

  /** Its candles have ended while other markets go on: nothing can be traded any more. */
  end(): void {
    this.broker.end();
  }

  /** Fills that the strategy was not told of yet. */
  newFills(): readonly Fill[] {
    const { all: fills } = this.broker.fills;
    const fresh = fills.slice(this.#told);
    this.#told = fills.length;
    return fresh;
  }

  gaps(run: MarketsInput): readonly FundingGap[] {
    return fundingGaps(this.#fundingOf(run), this.input.candles, this.lengthMs);
  }

  #fundingOf({ settings }: MarketsInput) {
    const { perpetual } = settings;
    if (!perpetual) return null;
    return this.input.funding === undefined ? perpetual.funding : this.input.funding;
  }

  #readPiece(from: number): void {
    const { candles } = this.input;
    const to = Math.min(from + pieceLength, candles.close.length);
    this.#indicators.fill(from, to);
    this.#occasions?.find(from, to);
    this.#firstDecision ??= this.#indicators.readyWithin(from, to);
  }
}

/** Which market closes next is read from the candles, so all are checked before the first is played. */
function checkAll(symbol: string, candles: Columns): void {
  if (areKnownSound(candles)) return;
  try {
    checkCandles(candles, 0, candles.close.length);
  } catch (error) {
    if (!(error instanceof CandlesError)) throw error;
    throw new CandlesError(`${symbol}: ${error.message}`, error.index);
  }
  rememberSound(candles);
}
