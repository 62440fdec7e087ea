import { Field, Select } from "../../../ui/field.tsx";
import { ChangedDot } from "../../../ui/slider.tsx";

type ChoiceProps<Value extends string> = Readonly<{
  label: string;
  /** What each value is called, and what it means. */
  words: Readonly<Record<Value, string>>;
  help: Readonly<Record<Value, string>>;
  value: Value;
  usual: Value;
  /** What cannot be had here. */
  without?: Value | undefined;
  onChange: (value: Value) => void;
}>;

/** A choice from a few, with what the chosen one means below it. */
export function Choice<Value extends string>(props: ChoiceProps<Value>) {
  const { label, words, help, value, usual, without, onChange } = props;
  const values = (Object.keys(words) as Value[]).filter((one) => one !== without || one === value);
  return (
    <Field label={label} help={help[value]} aside={value !== usual && <ChangedDot />}>
      {(ids) => (
        <Select
          {...ids}
          value={value}
          options={values.map((one) => ({ value: one, label: words[one] }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
