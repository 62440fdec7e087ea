import type { Condition } from "./condition.ts";
import type { Context } from "./context.ts";
import { definitionProblem } from "./definition-check.ts";
import { DefinitionError } from "./errors.ts";
import type { IndicatorSet, Line } from "./line.ts";
import type { Parameter, ParameterTable, ParameterValues, ValuesOf } from "./parameters.ts";
import type { Fill } from "./result.ts";
import type { WalletContext } from "./several/wallet-context.ts";

export type StrategyRisk = "low" | "medium" | "high";

/** Values that belong together, to begin with; parameters it does not name keep their default. */
export type Preset = Readonly<{
  title: string;
  description: string;
  values: Readonly<Record<string, number | boolean | string>>;
  /** Trades a linear perpetual with this leverage; null: spot, where nothing is lent; left out: as it is set. */
  leverage?: number | null;
}>;

type About = Readonly<{
  /** Kebab-case; names the strategy in files, addresses and commands. */
  name: string;
  title: string;
  /** One line. */
  description: string;
  /** Such as `trend`, `mean reversion`. */
  category: string;
  risk: StrategyRisk;
  /** Timeframes it makes sense on, such as `["15m", "1h"]`; empty: any. */
  timeframes: readonly string[];
  /** Plain text; paragraphs are separated by blank lines. */
  documentation: string;
  /** Choices of parameters that a form offers, the usual one first. */
  presets?: readonly Preset[];
}>;

/** What a strategy file says; `defineStrategy` checks it. */
export type StrategyDefinition<
  Table extends ParameterTable,
  Set extends IndicatorSet,
  State,
> = Omit<About, "timeframes"> &
  Readonly<{
    /** Timeframes it makes sense on, such as `["15m", "1h"]`; left out: any. */
    timeframes?: readonly string[];
    parameters: Table;
    /** Candles to wait before the first `onCandle`; left out: until every indicator has a value. */
    warmup?: (parameters: ValuesOf<Table>) => number;
    /** Declared once, updated for each candle. */
    indicators?: (parameters: ValuesOf<Table>) => Set;
    /** Lines to draw over the candles, by the name in the legend; costs nothing while it runs. */
    plots?: (indicators: Set) => Readonly<Record<string, Line>>;
    /** Names of lines that are no prices, such as an oscillator's: they get room of their own below the candles. */
    plotsBelow?: readonly string[];
    /** What the strategy remembers between candles; made anew for every run. */
    state?: (parameters: ValuesOf<Table>) => State;
    /**
     * When `onCandle` has something to decide: it is asked only on candles on which one of these holds, and the engine passes
     * over the others. Everything else goes on as without: warm-up, fills, `onFill`, `onStart`, `onStop`. Only for strategies
     * that do nothing on the other candles, not even remember or draw something.
     */
    decidesOn?: (indicators: Set, parameters: ValuesOf<Table>) => readonly Condition[];
    /** Decides on the close of a candle; orders act from the next candle on. */
    onCandle?: (context: Context<ValuesOf<Table>, Set, State>) => void;
    /** In place of `onCandle`: decides over all markets of a wallet at once, when candles of any of them closed. */
    onCandles?: (context: WalletContext<ValuesOf<Table>, Set, State>) => void;
    /** After the close of a candle in which an order filled, before `onCandle`; once for each fill. */
    onFill?: (context: Context<ValuesOf<Table>, Set, State>, fill: Fill) => void;
    /** Right before the first `onCandle`. */
    onStart?: (context: Context<ValuesOf<Table>, Set, State>) => void;
    /** After the last candle; orders placed here never fill. */
    onStop?: (context: Context<ValuesOf<Table>, Set, State>) => void;
  }>;

/** A checked strategy, as runs take it; its parameters and indicators have lost their names. */
export type Strategy = About &
  Readonly<{
    kind: "strategy";
    parameters: ParameterTable;
    warmup: ((parameters: ParameterValues) => number) | undefined;
    indicators: (parameters: ParameterValues) => IndicatorSet;
    plots: (indicators: IndicatorSet) => Readonly<Record<string, Line>>;
    plotsBelow: readonly string[];
    state: (parameters: ParameterValues) => unknown;
    /** Undefined where every candle is decided on. */
    decidesOn:
      | ((indicators: IndicatorSet, parameters: ParameterValues) => readonly Condition[])
      | undefined;
    onCandle: (context: Context) => void;
    /** Undefined where each market is decided on by itself. */
    onCandles: ((context: WalletContext) => void) | undefined;
    onFill: ((context: Context, fill: Fill) => void) | undefined;
    onStart: ((context: Context) => void) | undefined;
    onStop: ((context: Context) => void) | undefined;
  }>;

/**
 * The one default export of a strategy file.
 * Throws `DefinitionError` with what to change, such as a default outside its range or a missing `onCandle`.
 */
export function defineStrategy<
  const Table extends ParameterTable,
  Set extends IndicatorSet = Readonly<Record<never, never>>,
  State = undefined,
>(definition: StrategyDefinition<Table, Set, State>): Strategy {
  const problem = definitionProblem(definition);
  if (problem !== null) throw new DefinitionError(problem);
  // The only place where names are forgotten: runs hand each strategy values of its own table.
  const checked = definition as unknown as StrategyDefinition<
    ParameterTable,
    IndicatorSet,
    unknown
  >;
  return Object.freeze({
    kind: "strategy",
    ...describeStrategy({ ...checked, timeframes: checked.timeframes ?? [] }),
    warmup: checked.warmup as Strategy["warmup"],
    indicators: (checked.indicators ?? (() => ({}))) as Strategy["indicators"],
    plots: (checked.plots ?? (() => ({}))) as Strategy["plots"],
    plotsBelow: [...(checked.plotsBelow ?? [])],
    state: (checked.state ?? (() => undefined)) as Strategy["state"],
    decidesOn: checked.decidesOn as Strategy["decidesOn"],
    onCandle: (checked.onCandle ?? (() => undefined)) as Strategy["onCandle"],
    onCandles: checked.onCandles as Strategy["onCandles"],
    onFill: checked.onFill as Strategy["onFill"],
    onStart: checked.onStart as Strategy["onStart"],
    onStop: checked.onStop as Strategy["onStop"],
  });
}

export type StrategyDescription = About &
  Readonly<{ parameters: Readonly<Record<string, Parameter>> }>;

/** All of a strategy that is plain data: what lists, forms and documentation show. */
export function describeStrategy(strategy: StrategyDescription): StrategyDescription {
  const { name, title, description, category, risk, timeframes, documentation } = strategy;
  return {
    name,
    title,
    description,
    category,
    risk,
    timeframes: [...timeframes],
    documentation: documentation.trim(),
    presets: structuredCopy(strategy.presets ?? []),
    parameters: structuredCopy(strategy.parameters),
  };
}

const structuredCopy = <Value>(data: Value): Value => JSON.parse(JSON.stringify(data));

/** Whether a value came from `defineStrategy`. */
export const isStrategy = (value: unknown): value is Strategy =>
  typeof value === "object" &&
  value !== null &&
  "kind" in value &&
  value.kind === "strategy" &&
  "onCandle" in value;
