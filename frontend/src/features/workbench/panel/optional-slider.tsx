import { CheckField } from "../../../ui/field.tsx";
import { SliderField, type SliderFieldProps } from "../../../ui/slider.tsx";

type OptionalProps = Omit<SliderFieldProps, "value" | "onChange" | "changed" | "help"> &
  Readonly<{
    /** What the switch says, and what it means. */
    check: string;
    help?: string;
    /** Undefined while it is off. */
    value: number | undefined;
    /** Where it begins when it is switched on. */
    first: number;
    onChange: (value: number | undefined) => void;
  }>;

/** A value that is off as a rule: a switch, and its slider while that is on. */
export const OptionalSlider = ({
  check,
  help,
  value,
  first,
  onChange,
  ...slider
}: OptionalProps) => (
  <>
    <CheckField
      label={check}
      help={help}
      checked={value !== undefined}
      onChange={(isOn) => onChange(isOn ? first : undefined)}
    />
    {value !== undefined && <SliderField {...slider} value={value} changed onChange={onChange} />}
  </>
);
