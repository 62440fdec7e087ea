import { Account } from "./account.ts";
import { Broker } from "./broker.ts";
import { checkParameters } from "./check-parameters.ts";
import type { Clock } from "./clock.ts";
import { Context } from "./context.ts";
import { equityFrom } from "./equity.ts";
import { RunInputError, StrategyError } from "./errors.ts";
import { engineVersion, fingerprintOf } from "./fingerprint.ts";
import { checkInput } from "./input-checks.ts";
import { Indicators } from "./line.ts";
import { Plots } from "./plots.ts";
import type { RunResult } from "./result.ts";
import type { ParameterValues, RunInput } from "./run.ts";
import type { Strategy } from "./strategy.ts";
import { tradesFrom } from "./trades.ts";

/**
 * Runs a strategy over closed candles. Decisions on a candle's close act from the next candle on. Equal inputs give
 * equal results on every machine. Throws `CandlesError`, `RunInputError` or, where the strategy fails, `StrategyError`.
 */
export function runBacktest(given: RunInput): RunResult {
  checkInput(given);
  const input = { ...given, parameters: settledParameters(given) };
  const { candles, settings } = input;
  const run = new Run(input);
  run.play();
  const { fills } = run.broker;
  const equity = equityFrom(fills, candles, settings.capital);
  return {
    fingerprint: fingerprintOf(input, fills),
    engineVersion,
    trades: tradesFrom(fills, candles),
    fills,
    equity,
    finalEquity: equity.at(-1) ?? settings.capital,
    rejectedOrders: run.broker.rejected,
    ambiguousCandles: run.broker.ambiguousCandles,
    warmup: run.warmup,
    plots: run.plots.all,
  };
}

function settledParameters({ strategy, parameters }: RunInput): ParameterValues {
  const checked = checkParameters(strategy.parameters, parameters);
  if (checked.kind === "ok") return Object.freeze({ ...checked.values });
  throw new RunInputError(
    checked.problems.map(({ where, message }) => `${where} ${message}`).join("; "),
  );
}

/** One strategy over one market, from the first candle to the last. */
class Run {
  readonly broker: Broker;
  readonly plots: Plots;
  readonly warmup: number;
  readonly #input: RunInput;
  readonly #strategy: Strategy;
  readonly #clock: Clock = { index: 0 };
  readonly #context: Context;
  #filled = 0;

  constructor(input: RunInput) {
    const { candles, market, settings, parameters, strategy } = input;
    const rows = candles.close.length;
    const account = new Account(settings.capital);
    this.#input = input;
    this.#strategy = strategy;
    this.broker = new Broker({ candles, account, market, settings }, this.#clock);
    this.plots = new Plots(this.#clock, rows);
    const { set, state, indicators } = this.#guarded(() => {
      const set = strategy.indicators(parameters);
      return {
        set,
        state: strategy.state(parameters),
        indicators: new Indicators(set, candles, this.#clock),
      };
    });
    indicators.fill(0, rows);
    this.warmup = this.#guarded(() => warmupOf(input, indicators.readyFrom(rows)));
    this.#context = new Context(
      { candles, clock: this.#clock, account, broker: this.broker, plots: this.plots },
      parameters,
      set,
      state,
    );
  }

  play(): void {
    const rows = this.#input.candles.close.length;
    if (this.warmup >= rows) return;
    this.#guarded(() => {
      this.#clock.index = this.warmup;
      refusePromise(this.#strategy.onStart?.(this.#context));
      const chunk = Math.max(1_024, Math.ceil(rows / 100));
      for (let from = this.warmup; from < rows; from += chunk) {
        this.#advance(from, Math.min(from + chunk, rows));
        this.#input.onProgress?.(Math.min(from + chunk, rows) / rows);
      }
      refusePromise(this.#strategy.onStop?.(this.#context));
    });
  }

  /** The inner loop: nothing here may allocate, and a candle without orders costs one test. */
  #advance(from: number, to: number): void {
    const clock = this.#clock;
    const broker = this.broker;
    const context = this.#context;
    const { onCandle } = this.#strategy;
    for (let i = from; i < to; i++) {
      clock.index = i;
      if (broker.armed) this.#match();
      const answer: unknown = onCandle(context);
      if (answer !== undefined) refusePromise(answer);
    }
  }

  #match(): void {
    this.broker.match();
    const { onFill } = this.#strategy;
    const { fills } = this.broker;
    for (; this.#filled < fills.length; this.#filled++) {
      const fill = fills[this.#filled];
      if (onFill && fill) refusePromise(onFill(this.#context, fill));
    }
  }

  /** Whatever the strategy throws comes out as `StrategyError` with the candle. */
  #guarded<Value>(act: () => Value): Value {
    try {
      return act();
    } catch (error) {
      const { index } = this.#clock;
      const at = this.#input.candles.time[index] ?? 0;
      const message = error instanceof Error ? error.message : String(error);
      throw new StrategyError(
        `${this.#strategy.name} failed at candle ${index}: ${message}`,
        index,
        at,
        error,
      );
    }
  }
}

function warmupOf({ strategy, parameters }: RunInput, readyFrom: number): number {
  if (!strategy.warmup) return readyFrom;
  const asked = strategy.warmup(parameters);
  if (Number.isInteger(asked) && asked >= 0) return asked;
  throw new TypeError(`warmup must return a whole number of candles, not ${String(asked)}.`);
}

function refusePromise(answer: unknown): void {
  if (typeof answer === "object" && answer !== null && "then" in answer) {
    throw new TypeError(
      "onCandle, onFill, onStart and onStop must not be async: decide at once, without await.",
    );
  }
}
