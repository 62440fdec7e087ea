type Described = Readonly<{
  label: string;
  help: string;
  /** What the number counts, such as `candles`; left out where the label says it. */
  unit?: string | undefined;
}>;

type Ranged = Described & Readonly<{ default: number; min: number; max: number; step: number }>;

export type IntegerParameter = Ranged & Readonly<{ kind: "integer" }>;
export type DecimalParameter = Ranged & Readonly<{ kind: "decimal" }>;
export type PercentParameter = Ranged & Readonly<{ kind: "percent" }>;
export type BooleanParameter = Described & Readonly<{ kind: "boolean"; default: boolean }>;
export type ChoiceParameter<Value extends string = string> = Described &
  Readonly<{
    kind: "choice";
    default: Value;
    choices: readonly Readonly<{ value: Value; label: string }>[];
  }>;
export type TimeframeParameter = Described & Readonly<{ kind: "timeframe"; default: string }>;

/** The value of each parameter, by its name. */
export type ParameterValues = Readonly<Record<string, number | boolean | string>>;

/** One line of a parameter table: forms, validation, search space and documentation come from it. */
export type Parameter =
  | IntegerParameter
  | DecimalParameter
  | PercentParameter
  | BooleanParameter
  | ChoiceParameter
  | TimeframeParameter;

export type ParameterTable = Readonly<Record<string, Parameter>>;

/** What `onCandle` sees of a table: numbers, booleans and the choices by name. */
export type ValuesOf<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: Table[Name] extends BooleanParameter
    ? boolean
    : Table[Name] extends ChoiceParameter<infer Value>
      ? Value
      : Table[Name] extends TimeframeParameter
        ? string
        : number;
};

/** A whole number, such as a length in candles. */
export const integer = (described: Ranged): IntegerParameter => ({ kind: "integer", ...described });

/** Any number of the range. */
export const decimal = (described: Ranged): DecimalParameter => ({ kind: "decimal", ...described });

/** A fraction in code (0.02), shown as a percentage on screens (2 %). */
export const percent = (described: Ranged): PercentParameter => ({ kind: "percent", ...described });

/** On or off. */
export const boolean = (
  described: Described & Readonly<{ default: boolean }>,
): BooleanParameter => ({
  kind: "boolean",
  ...described,
});

/** One of several named ways. */
export const choice = <const Value extends string>(
  described: Omit<ChoiceParameter<Value>, "kind">,
): ChoiceParameter<Value> => ({ kind: "choice", ...described });

/** A timeframe such as `4h`. */
export const timeframeParameter = (
  described: Described & Readonly<{ default: string }>,
): TimeframeParameter => ({ kind: "timeframe", ...described });
