import { type Account, Wallet } from "./account.ts";
import type { Broker } from "./broker.ts";
import type { Clock } from "./clock.ts";
import type { Context } from "./context.ts";
import { EquityCurve, roomFor } from "./equity.ts";
import { type Extremes, extremesOf } from "./extremes.ts";
import { engineVersion, fingerprintOf, inputsRevisionOf } from "./fingerprint.ts";
import { type FundingSchedule, fundingGaps } from "./funding.ts";
import { areKnownSound, checkCandles, checkInput, rememberSound } from "./input-checks.ts";
import { marketParts } from "./market-parts.ts";
import type { Occasions } from "./occasions.ts";
import { pieceLength } from "./piece.ts";
import type { Plots } from "./plots.ts";
import type { Preflight } from "./preflight.ts";
import type { Fill, RunResult } from "./result.ts";
import type { RunInput } from "./run.ts";
import type { Indicators } from "./run-indicators.ts";
import { runMarkets } from "./several/run-markets.ts";
import type { Strategy } from "./strategy.ts";
import { refusePromise, settledParameters, strategyFailure, warmupOf } from "./strategy-hooks.ts";
import { timeframeMs } from "./timeframe.ts";
import type { TradeList } from "./trades.ts";

/**
 * Runs a strategy over closed candles. Decisions on a candle's close act from the next candle on. Equal inputs give
 * equal results on every machine. Throws `CandlesError`, `RunInputError` or, where the strategy fails, `StrategyError`.
 */
export function runBacktest(given: RunInput): RunResult {
  if (given.strategy.onCandles) return runMarkets({ ...given, markets: [given] });
  checkInput(given);
  const input = { ...given, parameters: settledParameters(given) };
  const { settings, candles } = input;
  const run = new Run(input);
  run.play();
  const { fills } = run.broker;
  const trades = run.trades.end();
  const { payments } = run.funding;
  let fingerprint: string | null = null;
  return {
    get fingerprint() {
      fingerprint ??= fingerprintOf(input, fills);
      return fingerprint;
    },
    inputsRevision: inputsRevisionOf(input),
    engineVersion,
    get trades() {
      return trades.all;
    },
    get fills() {
      return fills.all;
    },
    get equity() {
      return run.equity;
    },
    finalEquity: run.finalEquity,
    rejectedOrders: run.broker.rejected,
    orderCounts: run.broker.orderCounts,
    refusedLines: run.preflight.refused,
    ambiguousCandles: run.broker.ambiguousCandles,
    fundingPayments: payments,
    fundingGaps: fundingGaps(
      settings.perpetual?.funding ?? null,
      candles,
      timeframeMs(input.timeframe) ?? 0,
    ),
    liquidationLevels: run.broker.liquidationLevels,
    warmup: run.warmup,
    plots: run.plots.all,
  };
}

/** One strategy over one market, from the first candle to the last. */
class Run {
  readonly broker: Broker;
  readonly plots: Plots;
  readonly preflight: Preflight;
  #curve: EquityCurve;
  readonly trades: TradeList;
  readonly funding: FundingSchedule;
  /** Candles before the first decision; known once they have passed. */
  warmup = 0;
  readonly #input: RunInput;
  readonly #strategy: Strategy;
  readonly #clock: Clock = { index: 0 };
  readonly #context: Context;
  readonly #account: Account;
  readonly #extremes: Extremes;
  readonly #indicators: Indicators;
  /** Index of the candle on which the strategy is asked first; null until every indicator had a value. */
  #firstDecision: number | null = null;
  /** The candles on which it is asked from then on; null: on all. */
  readonly #occasions: Occasions | null;
  #isStarted = false;
  #told = 0;

  constructor(input: RunInput) {
    const { settings, strategy } = input;
    this.#input = input;
    this.#strategy = strategy;
    this.#extremes = extremesOf(input.candles);
    this.#curve = this.#curveIn(input.isEquityDrawn === false ? null : this.#room());
    const wallet = new Wallet(settings.capital, settings.limits);
    const parts = this.#guarded(() => marketParts(input, input, wallet, this.#clock));
    this.broker = parts.broker;
    this.plots = parts.plots;
    this.preflight = parts.preflight;
    this.trades = parts.trades;
    this.funding = parts.funding;
    this.#account = parts.account;
    this.#indicators = parts.indicators;
    this.#occasions = parts.occasions;
    this.#context = parts.context;
  }

  play(): void {
    const { candles, onProgress, timeframe } = this.#input;
    const rows = candles.close.length;
    this.#firstDecision = this.#guarded(() => warmupOf(this.#input));
    const lengthMs = timeframeMs(timeframe) ?? 0;
    const areSound = areKnownSound(candles, lengthMs);
    for (let from = 0; from < rows; from += pieceLength) {
      const to = Math.min(from + pieceLength, rows);
      if (!areSound) checkCandles(candles, lengthMs, from, to);
      this.#playPiece(from, to);
      onProgress?.(to / rows);
    }
    rememberSound(candles, lengthMs);
    this.warmup = Math.min(this.#firstDecision ?? rows, rows);
    if (this.warmup < rows) this.#guarded(() => this.#hook(this.#strategy.onStop));
  }

  /** The equity at every close; worked out now where that was not done along the run. */
  get equity(): Float64Array {
    if (this.#curve.values !== null) return this.#curve.values;
    const values = this.#room();
    this.#curve = this.#curveIn(values);
    this.#curve.drawTo(values.length, this.broker.fills, this.funding.payments);
    return values;
  }

  get finalEquity(): number {
    return this.#curve.end;
  }

  #room(): Float64Array {
    return roomFor(this.#input.candles.close.length, this.#input.equityMemory);
  }

  #curveIn(values: Float64Array | null): EquityCurve {
    return new EquityCurve(this.#input.candles.close, this.#input.settings.capital, values);
  }

  #playPiece(from: number, to: number): void {
    this.#indicators.fill(from, to);
    if (this.#occasions === null) this.#extremes.readAhead(from, to);
    else this.#occasions.find(from, to);
    this.#firstDecision ??= this.#indicators.readyWithin(from, to);
    const first = this.#firstDecision;
    if (first !== null && first < to) this.#advance(Math.max(from, first), to);
    this.#curve.drawTo(to, this.broker.fills, this.funding.payments);
    this.trades.addFrom(this.broker.fills);
  }

  #advance(from: number, to: number): void {
    this.#guarded(() => {
      this.#clock.index = from;
      // Funding is due between candles, so that the loop over them need not ask for it.
      for (let at = this.#isStarted ? from : this.#start(from); at < to; ) {
        this.#payOpen(at);
        if (this.funding.isDueInside(at)) {
          this.#decideFunded(at);
          at++;
          continue;
        }
        const next = this.funding.nextWithin(at, to);
        if (this.#input.settings.fillOn === "signal-close") this.#decideOnClose(at, next);
        else this.#decide(at, next);
        at = next;
      }
    });
  }

  /** The first candle that is decided on: nothing is held or waits in it, and what is placed on its close is for the next. */
  #start(index: number): number {
    this.#isStarted = true;
    this.#payOpen(index);
    this.funding.payClose(this.#account, index, this.broker.standingAtOpen);
    this.#hook(this.#strategy.onStart);
    this.#ask(index);
    if (this.#input.settings.fillOn === "signal-close") this.#meetClose(index);
    return index + 1;
  }

  /** Asks the strategy on this candle, if it decides on it. */
  #ask(index: number): void {
    if (this.#occasions === null || this.#occasions.nextFrom(index) === index)
      refusePromise(this.#strategy.onCandle(this.#context));
  }

  #payOpen(index: number): void {
    if (this.funding.payOpen(this.#account, index)) this.broker.settle();
  }

  #decide(from: number, to: number): void {
    if (this.#occasions) this.#decideOnOccasions(this.#occasions, from, to);
    else this.#decideOnAll(from, to);
  }

  /** The inner loop, until the next candle that concerns an order: nothing here may allocate. */
  #decideOnAll(from: number, to: number): void {
    const clock = this.#clock;
    const broker = this.broker;
    const context = this.#context;
    const { onCandle } = this.#strategy;
    for (let i = from; i < to; ) {
      clock.index = i;
      if (i >= broker.due) this.#match(to);
      do {
        clock.index = i;
        const answer: unknown = onCandle(context);
        if (answer !== undefined) refusePromise(answer);
        i++;
      } while (i < to && i < broker.due);
    }
  }

  /** The same from one candle that concerns an order or the strategy to the next. */
  #decideOnOccasions(occasions: Occasions, from: number, to: number): void {
    const clock = this.#clock;
    const broker = this.broker;
    const context = this.#context;
    const { onCandle } = this.#strategy;
    let asked = occasions.nextFrom(from);
    let i = Math.min(asked, Math.max(from, broker.due));
    while (i < to) {
      clock.index = i;
      if (i >= broker.due) this.#match(to);
      if (i === asked) {
        const answer: unknown = onCandle(context);
        if (answer !== undefined) refusePromise(answer);
        asked = occasions.nextFrom(i + 1);
      }
      i = Math.min(asked, Math.max(i + 1, broker.due));
    }
    clock.index = to - 1;
  }

  /** As `#decide`, but what is placed on a close meets that close. */
  #decideOnClose(from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#decide(i, i + 1);
      this.#meetClose(i);
    }
  }

  /** A candle inside which funding is due: paid between its finer candles, or between its fills and the decision on its close. */
  #decideFunded(index: number): void {
    this.#clock.index = index;
    if (this.broker.isDetailed) this.broker.match(index + 1, this.#payDue);
    else if (index >= this.broker.due) this.broker.match(index + 1);
    if (this.funding.payClose(this.#account, index, this.broker.standingAtOpen))
      this.broker.settle();
    this.#tellFills();
    this.#ask(index);
    if (this.#input.settings.fillOn === "signal-close") this.#meetClose(index);
  }

  #meetClose(index: number): void {
    if (this.broker.due > index) return;
    this.broker.matchClose();
    this.#tellFills();
  }

  readonly #payDue = (opensAt: number, price: number): void => {
    const { index } = this.#clock;
    if (this.funding.payInside(this.#account, index, opensAt, price)) this.broker.settle();
  };

  #match(to: number): void {
    this.broker.match(to);
    this.#tellFills();
  }

  /** Tells the strategy of fills that it has not heard of. */
  #tellFills(): void {
    const { onFill } = this.#strategy;
    if (!onFill) return;
    const fills = this.broker.fills.all;
    for (; this.#told < fills.length; this.#told++)
      refusePromise(onFill(this.#context, fills[this.#told] as Fill));
  }

  #hook(hook: ((context: Context) => unknown) | undefined): void {
    refusePromise(hook?.(this.#context));
  }

  /** Whatever the strategy throws comes out as `StrategyError` with the candle. */
  #guarded<Value>(act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      const { index } = this.#clock;
      const at = this.#input.candles.time[index] ?? 0;
      throw strategyFailure(this.#strategy.name, index, at, error);
    }
  }
}
