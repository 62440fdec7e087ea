import type { Parameter, ParameterValues } from "@trading/contracts/strategies";
import { RotateCcw } from "lucide-react";
import { useId } from "react";
import { IconButton } from "../../../ui/button.tsx";
import { CheckField, Field, NumberField, Select } from "../../../ui/field.tsx";
import { parameterText } from "../../../ui/parameter-text.ts";
import { SliderField } from "../../../ui/slider.tsx";
import { texts } from "../texts.ts";

type Table = Readonly<Record<string, Parameter>>;
type Value = number | boolean | string;
type FormProps = Readonly<{
  table: Table;
  values: ParameterValues;
  timeframes: readonly string[];
  onChange: (name: string, value: Value) => void;
}>;

/** The form of a strategy: one control per line of its parameter table. */
export function ParameterForm({ table, values, timeframes, onChange }: FormProps) {
  const names = Object.keys(table);
  if (names.length === 0) return <p className="text-sm text-muted">{texts.panel.noParameters}</p>;
  return names.map((name) => {
    const parameter = table[name];
    const value = values[name];
    if (parameter === undefined || value === undefined) return null;
    const reset =
      value === parameter.default ? null : (
        <ResetButton parameter={parameter} onReset={() => onChange(name, parameter.default)} />
      );
    return (
      <ParameterField
        key={name}
        parameter={parameter}
        value={value}
        timeframes={timeframes}
        reset={reset}
        onChange={(next) => onChange(name, next)}
      />
    );
  });
}

type FieldProps = Readonly<{
  parameter: Parameter;
  value: Value;
  timeframes: readonly string[];
  reset: React.ReactNode;
  onChange: (value: Value) => void;
}>;

function ParameterField({ parameter, value, timeframes, reset, onChange }: FieldProps) {
  switch (parameter.kind) {
    case "boolean":
      return (
        <CheckField
          label={parameter.label}
          help={parameter.help}
          aside={reset}
          checked={value === true}
          onChange={onChange}
        />
      );
    case "choice":
    case "timeframe": {
      const options =
        parameter.kind === "choice"
          ? parameter.choices
          : timeframes.map((one) => ({ value: one, label: one }));
      return (
        <Field label={parameter.label} help={parameter.help} aside={reset}>
          {(ids) => <Select {...ids} value={String(value)} options={options} onChange={onChange} />}
        </Field>
      );
    }
    case "integer":
    case "decimal":
    case "percent":
      return (
        <NumberParameter
          parameter={parameter}
          value={Number(value)}
          reset={reset}
          onChange={onChange}
        />
      );
  }
}

type Ranged = Extract<Parameter, { kind: "integer" | "decimal" | "percent" }>;

function NumberParameter(props: {
  parameter: Ranged;
  value: number;
  reset: React.ReactNode;
  onChange: (value: number) => void;
}) {
  const { parameter, value, reset, onChange } = props;
  const id = useId();
  const { label, help, min, max, step } = parameter;
  const isPercent = parameter.kind === "percent";
  const shown = { value, min, max, step, onChange, scale: isPercent ? 100 : 1 };
  const unit = isPercent ? { unit: "%" } : {};
  const aside = (
    <>
      {!isPercent && parameter.unit !== undefined && (
        <span className="font-normal text-muted">{parameter.unit}</span>
      )}
      {reset}
    </>
  );
  const kind = sliderKind(parameter);
  if (kind === "none") {
    return (
      <div className="flex items-center gap-2 text-sm" title={help}>
        <label htmlFor={id} className="flex-1 text-muted">
          {label}
        </label>
        {aside}
        <NumberField {...shown} {...unit} id={id} className="w-24 text-base" small />
      </div>
    );
  }
  return (
    <SliderField
      {...shown}
      {...unit}
      label={label}
      help={help}
      logarithmic={kind === "logarithmic"}
      changed={reset !== null}
      words={aside}
    />
  );
}

/** How a range can be dragged: wide ones by ratio, and those with far more values than pixels not at all. */
export function sliderKind({ min, max, step }: Pick<Ranged, "min" | "max" | "step">) {
  if (min > 0 && max / min >= 200) return "logarithmic";
  return (max - min) / step > 100_000 ? "none" : "linear";
}

function ResetButton({ parameter, onReset }: { parameter: Parameter; onReset: () => void }) {
  const label = texts.panel.reset(parameter.label, parameterText(parameter, parameter.default));
  return (
    <IconButton
      small
      label={label}
      onClick={onReset}
      className="-my-1 -mr-1.5 pointer-coarse:-my-2"
    >
      <RotateCcw size={12} />
    </IconButton>
  );
}
