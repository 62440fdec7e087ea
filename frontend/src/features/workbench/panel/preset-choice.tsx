import type { StrategyVersion } from "@trading/contracts/strategies";
import { Field, Select } from "../../../ui/field.tsx";
import { presetOf, type WorkbenchState, withPreset } from "../state.ts";
import { texts } from "../texts.ts";

type ChoiceProps = Readonly<{
  strategy: StrategyVersion;
  state: WorkbenchState;
  onChange: (change: Partial<WorkbenchState>) => void;
}>;

/** The author's choices of parameters and contract; says so where none of them is set. */
export function PresetChoice({ strategy, state, onChange }: ChoiceProps) {
  const { presets = [], parameters } = strategy;
  if (presets.length === 0) return null;
  const place = presetOf(strategy, state);
  const options = presets.map(({ title }, i) => ({ value: String(i), label: title }));
  const own = { value: "", label: texts.panel.ownValues };
  return (
    <Field
      label={texts.panel.preset}
      help={place === null ? texts.panel.ownValuesHelp : presets[place]?.description}
    >
      {(ids) => (
        <Select
          {...ids}
          value={place === null ? "" : String(place)}
          options={place === null ? [own, ...options] : options}
          onChange={(chosen) => {
            const preset = presets[Number(chosen)];
            if (chosen !== "" && preset) onChange(withPreset(parameters, preset, state.settings));
          }}
        />
      )}
    </Field>
  );
}
