import type { WorkbenchState } from "@trading/contracts/accounts";
import type { BacktestDetail, BacktestRequest, OtherSeries } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type {
  Parameter,
  ParameterValues,
  Preset,
  StrategyManifest,
} from "@trading/contracts/strategies";
import type { Timeframe } from "@trading/contracts/timeframes";
import { defaultSettings, defaultTerms } from "../../ui/run-settings.ts";

export type { WorkbenchState };

type Table = Readonly<Record<string, Parameter>>;

/** The defaults of a parameter table. */
export function defaultsOf(table: Readonly<Record<string, Parameter>>): ParameterValues {
  return Object.fromEntries(Object.entries(table).map(([name, one]) => [name, one.default]));
}

/** The values of `given` that the table still knows and allows, its defaults for the rest. */
export function fitted(
  table: Readonly<Record<string, Parameter>>,
  given: ParameterValues,
): ParameterValues {
  return Object.fromEntries(
    Object.entries(table).map(([name, parameter]) => {
      const value = given[name];
      return [name, value !== undefined && suits(parameter, value) ? value : parameter.default];
    }),
  );
}

function suits(parameter: Parameter, value: number | boolean | string): boolean {
  switch (parameter.kind) {
    case "boolean":
      return typeof value === "boolean";
    case "choice":
      return parameter.choices.some((choice) => choice.value === value);
    case "timeframe":
      return typeof value === "string";
    case "integer":
    case "decimal":
    case "percent":
      return typeof value === "number" && value >= parameter.min && value <= parameter.max;
  }
}

/** What all versions of a strategy say of themselves, the newest and older ones. */
type AnyVersion = Pick<StrategyManifest, "name" | "timeframes" | "parameters">;

/** The timeframe nearest to the wanted one that the series can give: the strategy's own favourites come first. */
export function timeframeFor(series: Series, strategy: AnyVersion, wanted?: Timeframe): Timeframe {
  const candidates = [wanted, ...strategy.timeframes].filter((one) => one !== undefined);
  return candidates.find((one) => series.timeframes.includes(one)) ?? series.timeframe;
}

/** A strategy over a series with everything at its default. */
export function freshState(
  strategy: AnyVersion,
  series: Series,
  wanted?: Partial<WorkbenchState>,
): WorkbenchState {
  return {
    strategy: strategy.name,
    seriesId: series.id,
    ...(wanted?.others && { others: wanted.others }),
    timeframe: timeframeFor(series, strategy, wanted?.timeframe),
    from: wanted?.from ?? null,
    to: wanted?.to ?? null,
    parameters: fitted(strategy.parameters, wanted?.parameters ?? {}),
    settings: { ...defaultSettings, ...wanted?.settings },
  };
}

/** What a stored backtest was set to; null when its candles are not known (it never ran). */
export function stateOfBacktest(backtest: BacktestDetail): WorkbenchState | null {
  const { candles, result } = backtest;
  const seriesId = candles.kind === "series" ? candles.seriesId : (result?.data.seriesId ?? null);
  if (seriesId === null) return null;
  const others = othersOf(backtest);
  if (others === null) return null;
  const { strategy, version, timeframe, from, to, parameters } = backtest;
  const settings = { ...defaultSettings, ...backtest.settings };
  const rest = { timeframe, from, to, parameters, settings };
  return { strategy, version, seriesId, ...(others.length > 0 && { others }), ...rest };
}

/** The further markets of a stored backtest by their series; null where one of them is not known. */
function othersOf({ candles, result }: BacktestDetail): OtherSeries[] | null {
  const { others = [] } = candles;
  const found = others.flatMap(({ timeframe, funding, ...one }, place): OtherSeries[] => {
    const used = result?.markets?.[place + 1]?.seriesId ?? null;
    const seriesId = one.kind === "series" ? one.seriesId : used;
    return seriesId === null ? [] : [{ kind: "series", seriesId, timeframe, funding }];
  });
  return found.length === others.length ? found : null;
}

/** The further markets that can share a wallet with the first: one currency, each market once, each in a timeframe it has. */
function fittedOthers(
  { seriesId, timeframe, others = [] }: WorkbenchState,
  series: readonly Series[],
): OtherSeries[] {
  const find = (id: string) => series.find((one) => one.id === id);
  const first = find(seriesId);
  const symbols = new Set([first?.symbol]);
  return others.flatMap((other) => {
    const own = find(other.seriesId);
    if (!own || own.quote !== first?.quote || symbols.has(own.symbol)) return [];
    symbols.add(own.symbol);
    const wanted = other.timeframe ?? timeframe;
    const has = own.timeframes.includes(wanted);
    return [has ? other : { ...other, timeframe: own.timeframe }];
  });
}

/** The same with those further markets that can share its wallet. */
export function withFittedOthers(state: WorkbenchState, series: readonly Series[]): WorkbenchState {
  const { others: before, ...rest } = state;
  const others = before ? fittedOthers(state, series) : [];
  return others.length > 0 ? { ...rest, others } : rest;
}

/** Whether a range ends before it begins, or where it does. */
export const isInverted = ({ from, to }: Pick<WorkbenchState, "from" | "to">): boolean =>
  from !== null && to !== null && Date.parse(from) >= Date.parse(to);

/** What to ask the server for; the version pins the code that ran here. */
export function requestOf(
  state: WorkbenchState,
  pinned: { version: string; expectedFingerprint?: string; title?: string },
): BacktestRequest {
  const { strategy, seriesId, others = [], timeframe, from, to, parameters, settings } = state;
  return {
    strategy,
    parameters,
    timeframe,
    settings,
    candles: { kind: "series", seriesId, ...(others.length > 0 && { others }) },
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...pinned,
  };
}

type Choosable = Pick<WorkbenchState, "parameters" | "settings">;

/** What a preset sets: parameters that it does not name keep their default, and the contract is its own if it names one. */
export function withPreset(
  table: Table,
  { values, leverage }: Preset,
  settings: WorkbenchState["settings"],
): Choosable {
  const parameters = fitted(table, values);
  if (leverage === undefined) return { parameters, settings };
  const { perpetual = defaultTerms, ...spot } = settings;
  return {
    parameters,
    settings:
      leverage === null
        ? spot
        : { ...spot, feeAsset: "quote", perpetual: { ...perpetual, leverage } },
  };
}

/** The place of the preset that is set; null where it is none of them. */
export function presetOf(
  { parameters: table, presets = [] }: Pick<StrategyManifest, "parameters" | "presets">,
  { parameters, settings }: Choosable,
): number | null {
  const leverageSet = settings.perpetual?.leverage ?? null;
  const place = presets.findIndex(({ values, leverage = leverageSet }) => {
    const wanted = fitted(table, values);
    const isSame = Object.keys(table).every((name) => wanted[name] === parameters[name]);
    return isSame && leverage === leverageSet;
  });
  return place < 0 ? null : place;
}

/** Names of parameters that differ from their default. */
export function changedNames(
  table: Readonly<Record<string, Parameter>>,
  values: ParameterValues,
): string[] {
  return Object.entries(table)
    .filter(([name, parameter]) => values[name] !== parameter.default)
    .map(([name]) => name);
}
