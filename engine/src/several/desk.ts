import type { Account, Wallet } from "../account.ts";
import type { Broker } from "../broker.ts";
import type { Clock } from "../clock.ts";
import type { Columns } from "../columns.ts";
import type { Context } from "../context.ts";
import { CandlesError } from "../errors.ts";
import { type FundingSchedule, fundingGaps } from "../funding.ts";
import { checkAllCandles } from "../input-checks.ts";
import { marketParts } from "../market-parts.ts";
import type { Occasions } from "../occasions.ts";
import type { Step } from "../opens.ts";
import { pieceLength } from "../piece.ts";
import type { PlacedOrder } from "../placed-order.ts";
import type { Plots } from "../plots.ts";
import type { Preflight } from "../preflight.ts";
import type { Fill, FundingGap } from "../result.ts";
import type { Indicators } from "../run-indicators.ts";
import { warmupOf } from "../strategy-hooks.ts";
import { timeframeMs } from "../timeframe.ts";
import type { TradeList } from "../trades.ts";
import { FinerSteps } from "./finer-steps.ts";
import { isMarginShared, type MarketInput, type MarketsInput } from "./input.ts";
import { Opening } from "./opening.ts";

const never = Number.POSITIVE_INFINITY;

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
  /** Whether anything was filled or paid inside what ended last: a candle, or a finer one. */
  hasMoved = false;
  readonly #clock: Clock = { index: -1 };
  readonly #indicators: Indicators;
  readonly #occasions: Occasions | null;
  #firstDecision: number | null;
  #told = 0;
  /** The candle that was let open last before it closed; -1 before the first. */
  #opened = -1;
  /** When what was let open last opened, and at what price. */
  #opening = { time: Number.NaN, price: Number.NaN };
  /** Null where no finer candles are read. */
  readonly #steps: FinerSteps | null;
  /** Whether markets share their margin. */
  readonly #isMarginShared: boolean;
  /** Lowest and highest price of what ended last: a candle, or a finer one. */
  #range = { low: Number.NaN, high: Number.NaN };
  /** The candle whose finer ones were met as they closed; -1 before the first. */
  #stepped = -1;
  /** The close of the finer candle that ended last, until the position is valued at it; null where it is not. */
  #finerClose: number | null = null;

  constructor(run: MarketsInput, input: MarketInput, wallet: Wallet) {
    const { market, candles, detail } = input;
    this.input = input;
    this.symbol = market.symbol;
    this.lengthMs = timeframeMs(input.timeframe) ?? 0;
    checkAll(market.symbol, candles, this.lengthMs);
    this.#isMarginShared = isMarginShared(run.settings, run.markets.length);
    const parts = marketParts(run, input, wallet, this.#clock);
    this.account = parts.account;
    this.broker = parts.broker;
    this.broker.refusal = "not-trading";
    this.#steps = this.broker.isDetailed && detail ? new FinerSteps(detail) : null;
    this.funding = parts.funding;
    this.trades = parts.trades;
    this.preflight = parts.preflight;
    this.plots = parts.plots;
    this.#indicators = parts.indicators;
    this.#occasions = parts.occasions;
    this.#firstDecision = warmupOf(run);
    this.context = parts.context;
  }

  /** When its next candle, or the next finer one inside that, opens; never where that is open, and once there is none. */
  get opensAt(): number {
    if (this.#opened > this.index) return this.#steps?.opensAt ?? never;
    // Asked again and again: only finer candles tell another time.
    const isOwn = this.#steps === null || this.#beginsAt === never;
    return isOwn ? this.#beginsAt : this.broker.openingOf(this.index + 1).at;
  }

  /** When what it meets next ends: its next candle, or a finer one inside that. */
  get endsAt(): number {
    return Math.min(this.closesAt, this.#steps?.endsAt ?? never);
  }

  /** When what goes on at a time ends first: its next candle, or a finer one, whether or not that is met. */
  endsAfter(at: number): number {
    return Math.min(this.closesAt, this.#steps?.endsAfter(at) ?? never);
  }

  /** When its next candle closes; never once there is none. */
  get closesAt(): number {
    return this.#beginsAt + this.lengthMs;
  }

  get #beginsAt(): number {
    return this.input.candles.time[this.index + 1] ?? never;
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

  /** Orders may have changed: whether the finer candles of its next one are met one by one, from a time on. */
  look(fromMs: number): void {
    const next = this.index + 1;
    if (this.#steps === null || this.#steps.isLeft || !this.#isConcernedBy(next)) return;
    const rows = this.broker.rowsOf(next, fromMs);
    if (rows === null) return;
    this.#steps.begin(rows);
    if (this.#opened === next) this.#steps.pass(this.#opening.time);
  }

  /** Whether others share the margin of its position, so that every finer close must tell what that is worth. */
  get #isShared(): boolean {
    return this.#isMarginShared && this.account.held !== 0;
  }

  /**
   * Lets its next candle, or the next finer one inside that, open: what is due is paid, and a candle is worth its open. `meetOpen`
   * follows for what waits.
   */
  open(): void {
    const next = this.index + 1;
    const { open } = this.input.candles;
    if (this.#opened === next && this.#steps !== null) {
      this.#openFiner(this.#steps, next);
      return;
    }
    this.#opened = next;
    if (this.funding.payOpen(this.account, next)) this.broker.settle();
    this.#opening = { time: this.broker.openingOf(next).at, price: open[next] as number };
    this.#priceAtOpen();
  }

  #openFiner(steps: FinerSteps, next: number): void {
    const { time, close } = this.input.candles;
    this.#clock.index = next;
    this.#payDue(
      steps.time,
      steps.closeBefore(time[next] as number) ?? (close[next - 1] as number),
    );
    this.#clock.index = next - 1;
    this.#opening = { time: steps.time, price: steps.open };
    if (this.#isShared) this.#priceAtOpen();
  }

  #priceAtOpen(): void {
    this.account.priceAt(this.#opening.price, this.#opening.time);
  }

  /** What fills as this opens; null without any. What ends by `knownTo` is known already; mostly nobody asks. */
  meetOpen(knownTo: () => number): Opening | null {
    const next = this.index + 1;
    const own = this.#steps === null ? null : this.broker.openingOf(next);
    const isInside = own !== null && own.at !== this.#opening.time;
    const finerMs = isInside || own?.isFiner ? this.#steps?.lengthMs : undefined;
    const isKnown = () => this.#opening.time + (finerMs ?? this.lengthMs) <= knownTo();
    this.#clock.index = next;
    const steps =
      isInside && this.#steps !== null
        ? this.broker.openFiner(this.#steps.row, isKnown())
        : this.broker.open(isKnown);
    if (steps !== null)
      return new Opening(this.#meetOpen(steps), (one) => this.broker.onlyReduces(one));
    this.#endOpen();
    return null;
  }

  *#meetOpen(steps: Iterator<Step, void>): Generator<Step, void> {
    const { fills } = this.broker;
    const before = fills.count;
    for (let { done, value } = steps.next(); done !== true; { done, value } = steps.next()) {
      if (fills.count > before) this.#priceAtOpen();
      yield value as Step;
    }
    if (fills.count > before) this.#priceAtOpen();
    this.#endOpen();
  }

  #endOpen(): void {
    this.#steps?.pass(this.#opening.time);
    // To whoever decides meanwhile the candle before is the last one.
    this.#clock.index--;
  }

  /** Orders that wait from what opened last on, which are to take their money; where it is short, all that wait. */
  coming(isShort: boolean): readonly PlacedOrder[] {
    return this.broker.coming(this.index + 1, this.#opening.time, isShort);
  }

  /** Lets one of them take it, or refuses it. */
  claim(order: PlacedOrder): void {
    this.broker.claim(order, this.#opening.price);
  }

  /** Lets the finer candle that ends now meet what waits. */
  meetFiner(): void {
    const next = this.index + 1;
    this.#clock.index = next;
    if (this.#steps !== null) this.#meetFiner(this.#steps, next);
    this.#clock.index = next - 1;
  }

  /**
   * What fills inside a candle makes the price then the last one, and so does each finer close where others share the margin. No
   * other finer candle does: they are met only where the candle comes to an order, and nobody may see beforehand that it will.
   */
  #meetFiner(steps: FinerSteps, next: number): void {
    this.#stepped = next;
    const { fills } = this.broker;
    const before = fills.count;
    this.broker.meetFiner(steps.row);
    this.#range = steps.range;
    this.hasMoved = fills.count > before;
    if (this.#isShared || this.hasMoved) this.#finerClose = steps.close;
    steps.next();
    if (!this.#isConcernedBy(next)) steps.stop();
  }

  /** What is held is worth the close of the finer candle that ended at a time, where that is told. */
  valueFiner(at: number): void {
    if (this.#finerClose !== null) this.account.priceAt(this.#finerClose, at);
    this.#finerClose = null;
  }

  /** Whether a candle comes to an order, or something is due inside it. */
  #isConcernedBy(next: number): boolean {
    if (next >= this.input.candles.time.length) return false;
    const isPaidInside = this.account.held !== 0 && this.funding.isDueInside(next);
    const isDue = isPaidInside || this.broker.isClaimDue;
    return isDue || this.#isShared || this.broker.comesToOrder(next);
  }

  /** Lets its next candle meet what waits for it, but what its open, or the finer candles inside it, met already. */
  close(moment: number): void {
    const next = this.index + 1;
    const { fills } = this.broker;
    const before = fills.count;
    if (next % pieceLength === 0) this.#readPiece(next);
    if (this.funding.payOpen(this.account, next)) this.broker.settle();
    this.#clock.index = next;
    this.broker.refusal = null;
    this.moments.push(moment);
    const { low, high } = this.input.candles;
    if (this.#stepped !== next)
      this.#range = { low: low[next] as number, high: high[next] as number };
    while (this.#steps?.isLeft) this.#meetFiner(this.#steps, next);
    const isPaidInside = this.broker.isDetailed && this.funding.isDueInside(next);
    if (this.#stepped === next) this.broker.endFiner();
    else if (isPaidInside) this.broker.match(next + 1, this.#payDue);
    else if (next >= this.broker.due) this.broker.match(next + 1);
    const isPaid = this.funding.payClose(this.account, next, this.broker.standingAtOpen);
    if (isPaid) this.broker.settle();
    this.hasMoved = isPaid || fills.count > before;
    this.trades.addFrom(fills);
  }

  readonly #payDue = (opensAt: number, price: number): void => {
    if (this.funding.payInside(this.account, this.index, opensAt, price)) this.broker.settle();
  };

  /** The price of what ended last that is worst for what is held. */
  get worst(): number {
    const { held, lastPrice } = this.account;
    const { low, high } = this.#range;
    return held > 0 ? Math.min(low, lastPrice) : Math.max(high, lastPrice);
  }

  /** The exchange takes what is held at its last price, inside what ended last. */
  takeOver(): void {
    const isUnderWay = this.#clock.index < this.#opened;
    if (isUnderWay) this.#clock.index++;
    this.broker.takeOver(this.account.lastPrice);
    if (isUnderWay) this.#clock.index--;
    else this.trades.addFrom(this.broker.fills);
  }

  /** A decision falls at this moment, whether or not a candle of this market closed just then. */
  decideAt(moment: number): void {
    const time = this.input.candles.time[this.index];
    const isClose = time !== undefined && time + this.lengthMs === moment;
    this.broker.arrivals.decidesAt = isClose ? null : moment;
  }

  /** Its last close is what its position is worth to the others from now on. */
  value(at: number): void {
    this.account.priceAt(this.input.candles.close[this.index] as number, at);
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
function checkAll(symbol: string, candles: Columns, lengthMs: number): void {
  try {
    checkAllCandles(candles, lengthMs);
  } catch (error) {
    if (!(error instanceof CandlesError)) throw error;
    throw new CandlesError(`${symbol}: ${error.message}`, error.index);
  }
}
