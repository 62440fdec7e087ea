import type { PerpetualTerms } from "@trading/contracts/perpetuals";
import { Plus, X } from "lucide-react";
import { Button, IconButton } from "../../../ui/button.tsx";
import { CheckField, NumberField } from "../../../ui/field.tsx";
import { count } from "../../../ui/format.ts";
import { defaultTerms } from "../../../ui/run-settings.ts";
import { settingTexts } from "../../../ui/setting-words.ts";
import { SliderField } from "../../../ui/slider.tsx";
import { Choice } from "./choice.tsx";
import { executionTexts as t } from "./execution-texts.ts";

type PerpetualProps = Readonly<{
  terms: PerpetualTerms;
  onChange: (terms: PerpetualTerms) => void;
}>;

/** The terms on which a perpetual is traded: leverage, margin, what a liquidation costs, funding. */
export function PerpetualForm({ terms, onChange }: PerpetualProps) {
  const { leverage, marginMode, liquidationFee, tiers } = terms;
  const set = (change: Partial<PerpetualTerms>) => onChange({ ...terms, ...change });
  return (
    <div className="grid gap-2.5 border-l border-line pl-3">
      <SliderField
        label={t.leverage}
        value={leverage}
        min={1}
        max={Math.max(leverage, ...tiers.map(({ leverageMax }) => leverageMax))}
        step={1}
        unit="×"
        changed={leverage !== defaultTerms.leverage}
        onChange={(next) => set({ leverage: next })}
      />
      <Choice
        label={t.marginMode}
        help={t.marginModeHelp}
        words={settingTexts.marginMode}
        value={marginMode}
        usual={defaultTerms.marginMode}
        onChange={(next) => set({ marginMode: next })}
      />
      <Tiers tiers={tiers} onChange={(next) => set({ tiers: next })} />
      <SliderField
        label={t.liquidationFee}
        value={liquidationFee}
        min={0}
        max={0.05}
        step={0.0005}
        scale={100}
        unit="%"
        changed={liquidationFee !== defaultTerms.liquidationFee}
        onChange={(next) => set({ liquidationFee: next })}
      />
      <FundingFields funding={terms.funding} onChange={(funding) => set({ funding })} />
    </div>
  );
}

type FundingProps = Readonly<{
  funding: PerpetualTerms["funding"];
  onChange: (funding: PerpetualTerms["funding"]) => void;
}>;

const usualFunding = { kind: "constant", rate: 0.0001, everyHours: 8 } as const;

function FundingFields({ funding, onChange }: FundingProps) {
  return (
    <>
      <CheckField
        label={t.isFunded}
        help={t.isFundedHelp}
        checked={funding !== null}
        onChange={(isOn) => onChange(isOn ? usualFunding : null)}
      />
      {funding?.kind === "series" && (
        <p className="text-xs text-muted">{t.recorded(count(funding.points.length))}</p>
      )}
      {funding?.kind === "constant" && (
        <>
          <SliderField
            label={t.rate}
            value={funding.rate}
            min={-0.003}
            max={0.003}
            step={0.00001}
            scale={100}
            unit="%"
            changed
            onChange={(rate) => onChange({ ...funding, rate })}
          />
          <SliderField
            label={t.everyHours}
            value={funding.everyHours}
            min={1}
            max={24}
            step={1}
            unit="h"
            changed={funding.everyHours !== usualFunding.everyHours}
            onChange={(everyHours) => onChange({ ...funding, everyHours })}
          />
        </>
      )}
    </>
  );
}

type Tier = PerpetualTerms["tiers"][number];
type TiersProps = Readonly<{ tiers: readonly Tier[]; onChange: (tiers: Tier[]) => void }>;

/** Lines of the exchange's table of margins; the first begins at nothing. */
function Tiers({ tiers, onChange }: TiersProps) {
  const change = (place: number, part: Partial<Tier>) =>
    onChange(tiers.map((tier, at) => (at === place ? { ...tier, ...part } : tier)));
  const add = () => {
    const last = tiers.at(-1) ?? defaultTerms.tiers[0];
    if (!last) return;
    onChange([
      ...tiers,
      {
        notionalFrom: Math.max(50_000, last.notionalFrom * 2),
        maintenanceRate: Math.min(0.5, last.maintenanceRate * 2),
        leverageMax: Math.max(1, Math.floor(last.leverageMax / 2)),
      },
    ]);
  };
  return (
    <fieldset className="grid gap-1 text-sm" title={t.tiersHelp}>
      <legend className="mb-1 text-muted">{t.tiers}</legend>
      <div
        aria-hidden="true"
        className="grid grid-cols-[1fr_72px_64px_24px] gap-1 text-xs text-muted"
      >
        <span>{t.notionalFrom}</span>
        <span>{t.maintenance}</span>
        <span>{t.leverageMax}</span>
      </div>
      {tiers.map((tier, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a tier is its place in the table.
        <div key={place} className="grid grid-cols-[1fr_72px_64px_24px] items-center gap-1">
          <NumberField
            small
            aria-label={t.tier(place + 1, t.notionalFrom)}
            value={tier.notionalFrom}
            min={0}
            step={1_000}
            disabled={place === 0}
            onChange={(notionalFrom) => change(place, { notionalFrom })}
          />
          <NumberField
            small
            aria-label={t.tier(place + 1, t.maintenance)}
            value={tier.maintenanceRate}
            min={0}
            max={0.99}
            step={0.001}
            scale={100}
            unit="%"
            onChange={(maintenanceRate) => change(place, { maintenanceRate })}
          />
          <NumberField
            small
            aria-label={t.tier(place + 1, t.leverageMax)}
            value={tier.leverageMax}
            min={1}
            max={200}
            step={1}
            unit="×"
            onChange={(leverageMax) => change(place, { leverageMax })}
          />
          {place > 0 && (
            <IconButton
              small
              label={t.removeTier(place + 1)}
              onClick={() => onChange(tiers.filter((_, at) => at !== place))}
            >
              <X size={13} />
            </IconButton>
          )}
        </div>
      ))}
      <Button
        look="quiet"
        small
        icon={<Plus size={13} />}
        className="-ml-3 justify-self-start"
        onClick={add}
      >
        {t.addTier}
      </Button>
    </fieldset>
  );
}
