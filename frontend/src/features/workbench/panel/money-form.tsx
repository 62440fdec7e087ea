import type { RunSettings } from "@trading/contracts/backtests";
import { SliderField } from "../../../ui/slider.tsx";
import { defaultSettings } from "../state.ts";
import { texts } from "../texts.ts";

type MoneyProps = Readonly<{
  settings: RunSettings;
  quote: string;
  onChange: (settings: RunSettings) => void;
}>;

/** Capital and costs. One slider sets both fees; a backtest with two different ones shows the taker's. */
export function MoneyForm({ settings, quote, onChange }: MoneyProps) {
  const { capital, takerFee, slippageBps } = settings;
  return (
    <>
      <SliderField
        label={texts.panel.capital}
        value={capital}
        min={1}
        max={100_000_000}
        step={1}
        logarithmic
        words={<span className="font-normal text-muted">{quote}</span>}
        changed={capital !== defaultSettings.capital}
        onChange={(next) => onChange({ ...settings, capital: next })}
      />
      <SliderField
        label={texts.panel.fee}
        value={takerFee}
        min={0}
        max={0.01}
        step={0.0001}
        scale={100}
        unit="%"
        changed={takerFee !== defaultSettings.takerFee}
        onChange={(fee) => onChange({ ...settings, makerFee: fee, takerFee: fee })}
      />
      <SliderField
        label={texts.panel.slippage}
        value={slippageBps}
        min={0}
        max={100}
        step={1}
        unit="bps"
        changed={slippageBps !== defaultSettings.slippageBps}
        onChange={(next) => onChange({ ...settings, slippageBps: next })}
      />
    </>
  );
}
