import { checkParameters } from "./check-parameters.ts";
import { RunInputError, StrategyError } from "./errors.ts";
import type { ParameterValues } from "./parameters.ts";
import type { Strategy } from "./strategy.ts";

type Chosen = Readonly<{ strategy: Strategy; parameters: ParameterValues }>;

/** The parameters of a run with defaults written out; throws `RunInputError` for those that the table does not know. */
export function settledParameters({ strategy, parameters }: Chosen): ParameterValues {
  const checked = checkParameters(strategy.parameters, parameters);
  if (checked.kind === "ok") return Object.freeze({ ...checked.values });
  throw new RunInputError(
    checked.problems.map(({ where, message }) => `${where} ${message}`).join("; "),
  );
}

/** The candles that the strategy asks to wait; null where its indicators decide. */
export function warmupOf({ strategy, parameters }: Chosen): number | null {
  if (!strategy.warmup) return null;
  const asked = strategy.warmup(parameters);
  if (Number.isInteger(asked) && asked >= 0) return asked;
  throw new TypeError(`warmup must return a whole number of candles, not ${String(asked)}.`);
}

export function refusePromise(answer: unknown): void {
  if (typeof answer === "object" && answer !== null && "then" in answer) {
    throw new TypeError(
      "onCandle, onFill, onStart and onStop must not be async: decide at once, without await.",
    );
  }
}

/** What a strategy threw, with the candle at which it did. */
export function strategyFailure(name: string, index: number, at: number, error: unknown) {
  const message = error instanceof Error ? error.message : String(error);
  return new StrategyError(`${name} failed at candle ${index}: ${message}`, index, at, error);
}
