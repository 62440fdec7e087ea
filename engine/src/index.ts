export type { WalletLimits } from "./account.ts";
export { runBacktest } from "./backtest.ts";
export * from "./certificate.ts";
export {
  type CheckedParameters,
  checkParameters,
  type ParameterProblem,
} from "./check-parameters.ts";
export type { Columns, Detail } from "./columns.ts";
export { type Condition, crosses } from "./condition.ts";
export type { Context } from "./context.ts";
export type { MetricConvention, MetricGroup, MetricUnit } from "./conventions/metric-convention.ts";
export type { EquityPoints } from "./curve.ts";
export {
  type CheckFinding,
  type CheckKind,
  checkMoments,
  checkStrategy,
  type StrategyCheck,
} from "./decisions/check-strategy.ts";
export { checkPromises, findingSentence } from "./decisions/check-words.ts";
export { explainRun, type RunExplanation } from "./decisions/explain-run.ts";
export { newestOf } from "./decisions/other-worlds.ts";
export { describeRun, type RunDescription } from "./describe-run.ts";
export { type DescribedFill, type FillTable, fillsIn } from "./described-fill.ts";
export type { DescribedTrade } from "./described-trade.ts";
export { CandlesError, DefinitionError, RunInputError, StrategyError } from "./errors.ts";
export { evaluateStrategy } from "./evaluate-strategy.ts";
export { checkFills } from "./fill-settings.ts";
export { engineVersion } from "./fingerprint.ts";
export { IndicatorMemory } from "./indicator-memory.ts";
export {
  accumulationDistribution,
  chaikinMoneyFlow,
} from "./indicators/accumulation-distribution.ts";
export { aroon } from "./indicators/aroon.ts";
export { atr, trueRange } from "./indicators/atr.ts";
export { awesomeOscillator } from "./indicators/awesome-oscillator.ts";
export { bollinger } from "./indicators/bollinger.ts";
export { cci } from "./indicators/cci.ts";
export { cmo } from "./indicators/cmo.ts";
export { dema, tema } from "./indicators/dema.ts";
export { directionalMovement } from "./indicators/directional-movement.ts";
export { donchian } from "./indicators/donchian.ts";
export { ema, wilder } from "./indicators/ema.ts";
export { highest, lowest } from "./indicators/extremes.ts";
export { forceIndex } from "./indicators/force-index.ts";
export { heikinAshi } from "./indicators/heikin-ashi.ts";
export { higher } from "./indicators/higher.ts";
export { hma } from "./indicators/hma.ts";
export { ichimoku } from "./indicators/ichimoku.ts";
export { kama } from "./indicators/kama.ts";
export { keltner } from "./indicators/keltner.ts";
export { linearRegression } from "./indicators/linear-regression.ts";
export { macd } from "./indicators/macd.ts";
export { mfi } from "./indicators/mfi.ts";
export { delayed, momentum, rateOfChange } from "./indicators/momentum.ts";
export { nadarayaWatson } from "./indicators/nadaraya-watson.ts";
export { natr } from "./indicators/natr.ts";
export { obv } from "./indicators/obv.ts";
export { parabolicSar } from "./indicators/parabolic-sar.ts";
export { pivots } from "./indicators/pivots.ts";
export { ppo } from "./indicators/ppo.ts";
export { price } from "./indicators/price.ts";
export { rollingSum } from "./indicators/rolling-sum.ts";
export { rsi } from "./indicators/rsi.ts";
export type { Session } from "./indicators/session.ts";
export { sessionVwap } from "./indicators/session-vwap.ts";
export { sma } from "./indicators/sma.ts";
export { standardDeviation } from "./indicators/standard-deviation.ts";
export { stochRsi } from "./indicators/stoch-rsi.ts";
export { stochastic, williamsR } from "./indicators/stochastic.ts";
export { supertrend } from "./indicators/supertrend.ts";
export { trima } from "./indicators/trima.ts";
export { trix } from "./indicators/trix.ts";
export { medianPrice, typicalPrice, weightedClose } from "./indicators/typical-price.ts";
export { ultimateOscillator } from "./indicators/ultimate-oscillator.ts";
export { vwma } from "./indicators/vwma.ts";
export { wma } from "./indicators/wma.ts";
export { zigzag } from "./indicators/zigzag.ts";
export type { IndicatorSet, Line, Source } from "./line.ts";
export { languageGlobals, lockLanguage } from "./lock-language.ts";
export { exp, log, pow } from "./mathematics.ts";
export type { MetricReasons, Metrics } from "./measures.ts";
export { type MetricName, metricConventions, metricGroups } from "./metric-conventions.ts";
export type {
  Amendment,
  BracketWish,
  LimitWish,
  MarketWish,
  Order,
  OrderEvent,
  OrderKind,
  OrderStatus,
  Side,
  Size,
  StopLimitWish,
  StopWish,
  TakeProfitWish,
  TrailingStopWish,
  TrailWish,
} from "./order.ts";
export { orderTransitions } from "./order.ts";
export { transition } from "./order-state.ts";
export type { ParameterValues } from "./parameters.ts";
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
export {
  checkPerpetual,
  type Funding,
  type FundingPoint,
  type MarginTier,
  type PerpetualTerms,
} from "./perpetual.ts";
export { play } from "./play.ts";
export { comparePolicies, type PolicyRange } from "./policy-range.ts";
export type { Position } from "./position.ts";
export type { CheckedOrder, PlannedOrder } from "./preflight.ts";
export type { ToldFigures } from "./report/altered-figure.ts";
export { regimeConvention } from "./report/regime.ts";
export type { Receipt, RunReport } from "./report/run-report.ts";
export { judgeResult, type KeptReceipt, type ToldResult, type Verdict } from "./report/verdict.ts";
export * from "./resample.ts";
export type {
  EngineTrade,
  Fill,
  FundingGap,
  FundingPayment,
  LiquidationLevel,
  Plot,
  RefusedLine,
  RejectionCause,
  RunResult,
} from "./result.ts";
export type { RunInput } from "./run.ts";
export type { MarketRules, RunSettings } from "./run-settings.ts";
export type { AnyInput } from "./several/any-run.ts";
export { describeMarkets } from "./several/describe-markets.ts";
export { checkSharedMargin, type MarketInput, type MarketsInput } from "./several/input.ts";
export {
  type MarketFill,
  type MarketPlot,
  type MarketsResult,
  runMarkets,
} from "./several/run-markets.ts";
export type { WalletContext } from "./several/wallet-context.ts";
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
