import type { RunSettings } from "@trading/contracts/run-settings";
import { Button } from "../../../ui/button.tsx";
import { CheckField } from "../../../ui/field.tsx";
import { defaultSettings, defaultTerms } from "../../../ui/run-settings.ts";
import { settingTexts } from "../../../ui/setting-words.ts";
import { SliderField } from "../../../ui/slider.tsx";
import { Choice } from "./choice.tsx";
import { executionTexts as t } from "./execution-texts.ts";
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
  const { latencyCandles, latencyMs, volumeShareMax, perpetual } = settings;
  const set = (change: Partial<RunSettings>) => onChange({ ...settings, ...change });
  return (
    <div className="grid gap-2.5 pb-3">
      <Choices settings={settings} hasDetail={hasDetail} set={set} />
      <CheckField
        label={t.isPartial}
        help={t.isPartialHelp}
        checked={volumeShareMax !== null}
        onChange={(isOn) => set({ volumeShareMax: isOn ? 0.1 : null })}
      />
      {volumeShareMax !== null && (
        <SliderField
          label={t.share}
          value={volumeShareMax}
          min={0.001}
          max={1}
          step={0.001}
          scale={100}
          unit="%"
          logarithmic
          changed
          onChange={(next) => set({ volumeShareMax: next })}
        />
      )}
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
      <CheckField
        label={t.isPerpetual}
        help={t.isPerpetualHelp}
        checked={perpetual !== undefined}
        onChange={(isOn) => onChange(withPerpetual(settings, isOn))}
      />
      {!perpetual && <Lending settings={settings} onChange={onChange} />}
      {perpetual && (
        <PerpetualForm terms={perpetual} onChange={(terms) => set({ perpetual: terms })} />
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

/** Fee and slippage amounts belong to the section Money, limits to the wallet: they stay. */
function asUsual({ capital, makerFee, takerFee, slippageBps, limits }: RunSettings): RunSettings {
  const usual = { ...defaultSettings, capital, makerFee, takerFee, slippageBps };
  return limits ? { ...usual, limits } : usual;
}

/** A perpetual knows only the quote currency. */
function withPerpetual(settings: RunSettings, isOn: boolean): RunSettings {
  const { perpetual: _, borrowRate: _lent, ...spot } = settings;
  return isOn ? { ...spot, feeAsset: "quote", perpetual: defaultTerms } : spot;
}

type LendingProps = Pick<FormProps, "settings" | "onChange">;

/** Whether spot lends coins to sell them short, and for how much a year. */
function Lending({ settings, onChange }: LendingProps) {
  const { borrowRate, ...cash } = settings;
  return (
    <>
      <CheckField
        label={t.isLent}
        help={t.isLentHelp}
        checked={borrowRate !== undefined}
        onChange={(isOn) => onChange(isOn ? { ...cash, borrowRate: 0.1 } : cash)}
      />
      {borrowRate !== undefined && (
        <SliderField
          label={t.borrowRate}
          value={borrowRate}
          min={0}
          max={1}
          step={0.005}
          scale={100}
          unit="%"
          changed
          onChange={(next) => onChange({ ...cash, borrowRate: next })}
        />
      )}
    </>
  );
}

type ChoiceProps = Readonly<{
  settings: RunSettings;
  hasDetail: boolean;
  set: (change: Partial<RunSettings>) => void;
}>;

/** One list to choose from per question, each with what the choice means. */
function Choices({ settings, hasDetail, set }: ChoiceProps) {
  const { fillPolicy, fillOn, feeAsset, slippageModel } = settings;
  const { labels } = settingTexts;
  return (
    <>
      <Choice
        label={labels.fillPolicy}
        help={t.fillPolicyHelp}
        words={settingTexts.fillPolicy}
        value={fillPolicy}
        usual={defaultSettings.fillPolicy}
        without={hasDetail ? undefined : "detail"}
        onChange={(next) => set({ fillPolicy: next })}
      />
      <Choice
        label={labels.fillOn}
        help={t.fillOnHelp}
        words={settingTexts.fillOn}
        value={fillOn}
        usual={defaultSettings.fillOn}
        onChange={(next) => set({ fillOn: next })}
      />
      <Choice
        label={t.slippageModel}
        help={t.slippageModelHelp}
        words={settingTexts.slippageModel}
        value={slippageModel}
        usual={defaultSettings.slippageModel}
        onChange={(next) => set({ slippageModel: next })}
      />
      {settings.perpetual === undefined && (
        <Choice
          label={labels.feeAsset}
          help={t.feeAssetHelp}
          words={settingTexts.feeAsset}
          value={feeAsset}
          usual={defaultSettings.feeAsset}
          onChange={(next) => set({ feeAsset: next })}
        />
      )}
    </>
  );
}
