import type { ParameterValues, StrategyVersion } from "@trading/contracts/strategies";
import { Field, Select } from "../../../ui/field.tsx";
import { presetOf, presetValues, type WorkbenchState } from "../state.ts";
import { texts } from "../texts.ts";

type ChoiceProps = Readonly<{
  strategy: StrategyVersion;
  values: ParameterValues;
  onChange: (change: Partial<WorkbenchState>) => void;
}>;

/** The author's choices of parameters; says so where none of them is set. */
export function PresetChoice({ strategy, values, onChange }: ChoiceProps) {
  const { presets = [], parameters } = strategy;
  if (presets.length === 0) return null;
  const place = presetOf(strategy, values);
  const options = presets.map(({ title }, i) => ({ value: String(i), label: title }));
  const own = { value: "", label: texts.panel.ownValues };
  return (
    <Field
      label={texts.panel.preset}
      help={place === null ? undefined : presets[place]?.description}
    >
      {(ids) => (
        <Select
          {...ids}
          value={place === null ? "" : String(place)}
          options={place === null ? [own, ...options] : options}
          onChange={(chosen) => {
            const preset = presets[Number(chosen)];
            if (chosen !== "" && preset) onChange({ parameters: presetValues(parameters, preset) });
          }}
        />
      )}
    </Field>
  );
}
