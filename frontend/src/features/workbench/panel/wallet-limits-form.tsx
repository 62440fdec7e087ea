import type { RunSettings } from "@trading/contracts/run-settings";
import { marketsTexts as t } from "./markets-texts.ts";
import { OptionalSlider } from "./optional-slider.tsx";

type LimitsProps = Readonly<{
  settings: RunSettings;
  onChange: (settings: RunSettings) => void;
}>;

const lines = [
  { name: "positionsMax", check: t.positionsMax, label: t.positions, first: 3 },
  { name: "exposureMax", check: t.exposureMax, label: t.exposure, first: 1 },
  {
    name: "positionExposureMax",
    check: t.positionExposureMax,
    label: t.positionExposure,
    first: 0.5,
  },
] as const;

type LimitName = (typeof lines)[number]["name"];

/** What all positions of the wallet together may be; without a limit, as much as the funds carry. */
export function WalletLimitsForm({ settings, onChange }: LimitsProps) {
  const { limits = {} } = settings;
  const set = (name: LimitName, value: number | undefined) =>
    onChange(withLimit(settings, name, value));
  return (
    <fieldset className="grid gap-2" title={t.limitHelp}>
      <legend className="mb-1.5 text-sm text-muted">{t.limits}</legend>
      {lines.map(({ name, check, label, first }) => {
        const value = limits[name];
        const isCount = name === "positionsMax";
        return (
          <OptionalSlider
            key={name}
            check={check}
            label={label}
            value={value}
            first={first}
            min={isCount ? 1 : 0.05}
            max={isCount ? 50 : Math.max(value ?? 0, settings.perpetual?.leverage ?? 1)}
            step={isCount ? 1 : 0.05}
            {...(!isCount && {
              words: <span className="font-normal text-muted">{t.ofEquity}</span>,
            })}
            onChange={(next) => set(name, next)}
          />
        );
      })}
    </fieldset>
  );
}

/** Settings without any limit have no limits at all, as when there never were some. */
function withLimit(
  { limits, ...settings }: RunSettings,
  name: LimitName,
  value: number | undefined,
): RunSettings {
  const { [name]: _, ...rest } = limits ?? {};
  const next = value === undefined ? rest : { ...rest, [name]: value };
  return Object.keys(next).length === 0 ? settings : { ...settings, limits: next };
}
