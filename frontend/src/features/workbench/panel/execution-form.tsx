import type { RunSettings } from "@trading/contracts/run-settings";
import { Button } from "../../../ui/button.tsx";
import { CheckField } from "../../../ui/field.tsx";
import { defaultSettings, defaultTerms } from "../../../ui/run-settings.ts";
import { settingTexts } from "../../../ui/setting-words.ts";
import { SliderField } from "../../../ui/slider.tsx";
import { Choice } from "./choice.tsx";
import { executionTexts as t } from "./execution-texts.ts";
import { OptionalSlider } from "./optional-slider.tsx";
import { PerpetualForm } from "./perpetual-form.tsx";

type FormProps = Readonly<{
  settings: RunSettings;
  onChange: (settings: RunSettings) => void;
  /** Whether the series has finer candles than those set. */
  hasDetail: boolean;
  /** How many values are not as usual. */
  changed: number;
}>;

/** Everything about fills, latency and the contract; each change runs at once. */
export function ExecutionForm({ settings, hasDetail, onChange, changed }: FormProps) {
  const { perpetual } = settings;
  const set: Change = (change) => onChange({ ...settings, ...change });
  const both = { settings, set };
  return (
    <div className="grid gap-2.5 pb-3">
      <SettingChoice {...both} name="fillPolicy" without={hasDetail ? undefined : "detail"} />
      <SettingChoice {...both} name="fillOn" />
      <SettingChoice {...both} name="slippageModel" />
      {!perpetual && <SettingChoice {...both} name="feeAsset" />}
      <OptionalSlider
        check={t.isPartial}
        help={t.isPartialHelp}
        label={t.share}
        value={settings.volumeShareMax ?? undefined}
        first={0.1}
        min={0.001}
        max={1}
        step={0.001}
        scale={100}
        unit="%"
        logarithmic
        onChange={(share) => set({ volumeShareMax: share ?? null })}
      />
      <Latency {...both} />
      <CheckField
        label={t.isPerpetual}
        help={t.isPerpetualHelp}
        checked={perpetual !== undefined}
        onChange={(isOn) => onChange(withPerpetual(settings, isOn))}
      />
      {perpetual ? (
        <PerpetualForm terms={perpetual} onChange={(terms) => set({ perpetual: terms })} />
      ) : (
        <OptionalSlider
          check={t.isLent}
          help={t.isLentHelp}
          label={t.borrowRate}
          value={settings.borrowRate}
          first={0.1}
          min={0}
          max={1}
          step={0.005}
          scale={100}
          unit="%"
          onChange={(rate) => onChange(withLending(settings, rate))}
        />
      )}
      {changed > 0 && (
        <Button
          look="quiet"
          small
          className="-ml-3 justify-self-start"
          onClick={() => onChange(asUsual(settings))}
        >
          {t.reset}
        </Button>
      )}
    </div>
  );
}

type Change = (change: Partial<RunSettings>) => void;
type PartProps = Readonly<{ settings: RunSettings; set: Change }>;

/** How long an order needs: whole candles, time, or both. */
function Latency({ settings: { latencyCandles, latencyMs }, set }: PartProps) {
  return (
    <>
      <SliderField
        label={t.latencyCandles}
        help={t.latencyHelp}
        value={latencyCandles}
        min={0}
        max={20}
        step={1}
        changed={latencyCandles !== 0}
        onChange={(next) => set({ latencyCandles: next })}
      />
      <SliderField
        label={t.latencyMs}
        help={t.latencyHelp}
        value={latencyMs}
        min={0}
        max={10_000}
        step={50}
        unit="ms"
        changed={latencyMs !== 0}
        onChange={(next) => set({ latencyMs: next })}
      />
    </>
  );
}

type Chosen = "fillPolicy" | "fillOn" | "slippageModel" | "feeAsset";
type Words = Readonly<{ [Name in Chosen]: Readonly<Record<RunSettings[Name], string>> }>;
const words: Words = settingTexts;
const help: Words = t.means;
const labels = { ...settingTexts.labels, slippageModel: t.slippageModel };

/** One of the settings that are a choice from a few. */
function SettingChoice<Name extends Chosen>({
  name,
  without,
  settings,
  set,
}: PartProps & Readonly<{ name: Name; without?: RunSettings[Name] | undefined }>) {
  return (
    <Choice<RunSettings[Name]>
      label={labels[name]}
      help={help[name]}
      words={words[name]}
      value={settings[name]}
      usual={defaultSettings[name]}
      without={without}
      onChange={(next) => set({ [name]: next })}
    />
  );
}

/** Fee and slippage amounts belong to the section Money, limits to the wallet: they stay. */
function asUsual({ capital, makerFee, takerFee, slippageBps, limits }: RunSettings): RunSettings {
  const usual = { ...defaultSettings, capital, makerFee, takerFee, slippageBps };
  return limits ? { ...usual, limits } : usual;
}

/** A perpetual knows only the quote currency, and nothing is lent. */
function withPerpetual(settings: RunSettings, isOn: boolean): RunSettings {
  const { perpetual: _, borrowRate: _lent, ...spot } = settings;
  return isOn ? { ...spot, feeAsset: "quote", perpetual: defaultTerms } : spot;
}

/** Spot lends coins to sell them short at this interest, or not at all. */
function withLending(settings: RunSettings, borrowRate: number | undefined): RunSettings {
  const { borrowRate: _, ...cash } = settings;
  return borrowRate === undefined ? cash : { ...cash, borrowRate };
}
