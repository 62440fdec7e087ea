import type { RunSettings } from "@trading/contracts/run-settings";
import { useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { defaultSettings } from "../../../ui/run-settings.ts";
import { SliderField } from "../../../ui/slider.tsx";
import { texts } from "../texts.ts";

type MoneyProps = Readonly<{
  settings: RunSettings;
  quote: string;
  onChange: (settings: RunSettings) => void;
}>;

/** Capital and costs. One slider sets both fees until somebody wants them apart, or where they differ. */
export function MoneyForm({ settings, quote, onChange }: MoneyProps) {
  const { capital, makerFee, takerFee, slippageModel, slippageBps, slippageShare } = settings;
  const [wantsApart, setWantsApart] = useState(false);
  const isApart = wantsApart || makerFee !== takerFee;
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
      {isApart ? (
        <>
          <FeeField
            label={texts.panel.makerFee}
            help={texts.panel.makerHelp}
            fee={makerFee}
            usual={defaultSettings.makerFee}
            onChange={(fee) => onChange({ ...settings, makerFee: fee })}
          />
          <FeeField
            label={texts.panel.takerFee}
            help={texts.panel.takerHelp}
            fee={takerFee}
            usual={defaultSettings.takerFee}
            onChange={(fee) => onChange({ ...settings, takerFee: fee })}
          />
        </>
      ) : (
        <FeeField
          label={texts.panel.fee}
          fee={takerFee}
          usual={defaultSettings.takerFee}
          onChange={(fee) => onChange({ ...settings, makerFee: fee, takerFee: fee })}
        />
      )}
      <Button
        look="quiet"
        small
        className="-my-2 -ml-3 justify-self-start"
        onClick={() => {
          setWantsApart(!isApart);
          if (isApart && makerFee !== takerFee) onChange({ ...settings, makerFee: takerFee });
        }}
      >
        {isApart ? texts.panel.feesTogether : texts.panel.feesApart}
      </Button>
      {slippageModel === "bps" ? (
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
      ) : (
        <SliderField
          label={texts.panel.slippageShare}
          value={slippageShare}
          min={0}
          max={1}
          step={0.01}
          scale={100}
          unit="%"
          changed={slippageShare !== defaultSettings.slippageShare}
          onChange={(next) => onChange({ ...settings, slippageShare: next })}
        />
      )}
    </>
  );
}

type FeeProps = Readonly<{
  label: string;
  help?: string;
  fee: number;
  usual: number;
  onChange: (fee: number) => void;
}>;

const FeeField = ({ fee, usual, ...rest }: FeeProps) => (
  <SliderField
    {...rest}
    value={fee}
    min={0}
    max={0.01}
    step={0.0001}
    scale={100}
    unit="%"
    changed={fee !== usual}
  />
);
