/** A strategy file that does not keep the contract; the message says what to change. */
export class DefinitionError extends Error {
  readonly code = "strategy-refused";
  override readonly name = "DefinitionError";
}

/** Candles that no run can trust; `index` names the first bad row. */
export class CandlesError extends Error {
  readonly code = "candles-invalid";
  override readonly name = "CandlesError";
  readonly index: number;

  constructor(message: string, index: number) {
    super(message);
    this.index = index;
  }
}

/** Settings, market rules or a timeframe outside what the engine can compute with. */
export class RunInputError extends Error {
  readonly code = "run-input-invalid";
  override readonly name = "RunInputError";
}

/** The strategy's own code failed or broke a rule while it ran. */
export class StrategyError extends Error {
  readonly code = "strategy-failed";
  override readonly name = "StrategyError";
  /** Index of the candle at which it happened. */
  readonly index: number;
  /** Open time of that candle, ms since epoch. */
  readonly at: number;

  constructor(message: string, index: number, at: number, cause?: unknown) {
    super(message, { cause });
    this.index = index;
    this.at = at;
  }
}
