import type { Detail } from "./columns.ts";
import { RunInputError } from "./errors.ts";
import type { FillSettings, RunSettings } from "./run-settings.ts";
import { timeframeMs } from "./timeframe.ts";

/** How orders meet candles where nothing else is asked for. */
const usual: FillSettings = {
  fillPolicy: "pessimistic",
  fillOn: "next-candle",
  feeAsset: "quote",
  slippageModel: "bps",
  slippageShare: 0,
  volumeShareMax: null,
  latencyCandles: 0,
  latencyMs: 0,
  policyRange: false,
};

type Held = FillSettings & Pick<RunSettings, "perpetual">;

/** Every fill setting, with what was left out as usual. */
export function fillSettingsOf(settings: RunSettings): Held {
  const given = Object.entries(settings).filter(([, value]) => value !== undefined);
  return { ...usual, ...Object.fromEntries(given) };
}

/** The fill settings that decide something and are not as usual: a run that uses none keeps the fingerprint it had. */
export function unusualOf(settings: RunSettings): Readonly<Record<string, string | number>> {
  const { policyRange: _, ...deciding } = usual;
  const all = fillSettingsOf(settings);
  const changed = (Object.keys(deciding) as (keyof typeof deciding)[]).filter(
    (name) => all[name] !== usual[name],
  );
  return Object.fromEntries(changed.map((name) => [name, all[name] as string | number]));
}

type Rule = readonly [isKept: (settings: Held) => boolean, problem: string];

const isOneOf = (names: readonly string[], value: unknown) => names.includes(value as string);
const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;

const rules: readonly Rule[] = [
  [
    ({ fillPolicy }) => isOneOf(["pessimistic", "path", "detail"], fillPolicy),
    "fillPolicy must be pessimistic, path or detail.",
  ],
  [
    ({ fillOn }) => isOneOf(["next-candle", "signal-close"], fillOn),
    "fillOn must be next-candle or signal-close.",
  ],
  [
    ({ feeAsset }) => isOneOf(["quote", "received"], feeAsset),
    "feeAsset must be quote or received.",
  ],
  [
    ({ slippageModel }) => isOneOf(["bps", "range", "volume"], slippageModel),
    "slippageModel must be bps, range or volume.",
  ],
  [({ slippageShare }) => isShare(slippageShare), "slippageShare must be from 0 to 1."],
  [
    ({ volumeShareMax }) =>
      volumeShareMax === null || (isShare(volumeShareMax) && volumeShareMax > 0),
    "volumeShareMax must be above 0 and at most 1, or null.",
  ],
  [
    ({ latencyCandles, latencyMs }) => isCount(latencyCandles) && isCount(latencyMs),
    "latencyCandles and latencyMs must be whole numbers from 0.",
  ],
  [
    ({ fillOn, latencyCandles, latencyMs }) =>
      fillOn === "next-candle" || latencyCandles + latencyMs === 0,
    "an order that fills at the signal's close has no latency.",
  ],
  [
    ({ feeAsset, perpetual }) => feeAsset === "quote" || perpetual === undefined,
    "a perpetual's fees are paid in its quote currency: nothing is received but the position.",
  ],
];

/** Throws `RunInputError` for fill settings that contradict each other, whatever the candles. */
export function checkFills(settings: RunSettings): void {
  const all: Held = fillSettingsOf(settings);
  const broken = rules.find(([isKept]) => !isKept(all));
  if (broken) throw new RunInputError(broken[1]);
}

/** Throws `RunInputError` for fill settings that no run can keep to. */
export function checkFillSettings({
  settings,
  timeframe,
  detail,
}: Readonly<{ settings: RunSettings; timeframe: string; detail?: Detail | undefined }>): void {
  checkFills(settings);
  if (settings.fillPolicy !== "detail") return;
  if (!detail) throw new RunInputError("the policy detail needs finer candles.");
  const finer = timeframeMs(detail.timeframe) ?? Number.NaN;
  const coarse = timeframeMs(timeframe) ?? Number.NaN;
  if (!(finer < coarse && coarse % finer === 0))
    throw new RunInputError(`candles of ${detail.timeframe} are no detail of ${timeframe}.`);
}
