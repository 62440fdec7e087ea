export { runBacktest } from "./backtest.ts";
export * from "./certificate.ts";
export {
  type CheckedParameters,
  checkParameters,
  type ParameterProblem,
} from "./check-parameters.ts";
export type { Context } from "./context.ts";
export type { EquityPoints } from "./curve.ts";
export { type DescribedTrade, describeRun, type RunDescription } from "./describe-run.ts";
export { CandlesError, DefinitionError, RunInputError, StrategyError } from "./errors.ts";
export { evaluateStrategy } from "./evaluate-strategy.ts";
export { engineVersion } from "./fingerprint.ts";
export { atr, trueRange } from "./indicators/atr.ts";
export { bollinger } from "./indicators/bollinger.ts";
export { ema, wilder } from "./indicators/ema.ts";
export { highest, lowest } from "./indicators/extremes.ts";
export { macd } from "./indicators/macd.ts";
export { price } from "./indicators/price.ts";
export { rsi } from "./indicators/rsi.ts";
export { sma } from "./indicators/sma.ts";
export { standardDeviation } from "./indicators/standard-deviation.ts";
export { stochRsi } from "./indicators/stoch-rsi.ts";
export type { IndicatorSet, Line, Source } from "./line.ts";
export { exp, log, pow } from "./mathematics.ts";
export type { MetricReasons, Metrics } from "./measures.ts";
export {
  type MetricConvention,
  type MetricGroup,
  type MetricName,
  type MetricUnit,
  metricConventions,
} from "./metric-conventions.ts";
export type {
  BracketWish,
  LimitWish,
  MarketWish,
  Order,
  OrderEvent,
  OrderKind,
  OrderStatus,
  Side,
  Size,
  StopWish,
} from "./order.ts";
export { orderTransitions, transition } from "./order.ts";
export {
  boolean,
  choice,
  decimal,
  integer,
  type Parameter,
  type ParameterTable,
  percent,
  timeframeParameter,
  type ValuesOf,
} from "./parameters.ts";
export type { Position } from "./position.ts";
export * from "./resample.ts";
export type { EngineTrade, Fill, Plot, RejectionCause, RunResult } from "./result.ts";
export type { Columns, MarketRules, ParameterValues, RunInput, RunSettings } from "./run.ts";
export { sha256 } from "./sha256.ts";
export {
  defineStrategy,
  describeStrategy,
  isStrategy,
  type Strategy,
  type StrategyDefinition,
  type StrategyDescription,
  type StrategyRisk,
} from "./strategy.ts";
export { timeframeMs } from "./timeframe.ts";
