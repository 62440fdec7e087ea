import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  useId,
  useState,
} from "react";
import { catalogue } from "./catalogue.ts";
import { cx } from "./cx.ts";

const inputLook =
  "w-full min-w-0 rounded border border-line bg-ground px-2 hover:border-muted/60 disabled:opacity-50 aria-invalid:border-down-fill pointer-coarse:h-11";
export const inputClass = `h-8 ${inputLook}`;

type Frame = Readonly<{
  label: string;
  help?: ReactNode;
  error?: string | undefined;
  aside?: ReactNode;
}>;
type Ids = Readonly<{
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}>;

/** A label over one control, with help or what is wrong below it; `children` gets the ids that tie them together. */
export function Field({
  label,
  help,
  error,
  aside,
  children,
}: Frame & { children: (ids: Ids) => ReactNode }) {
  const id = useId();
  const note = error ?? help;
  return (
    <div className="grid content-start gap-1">
      <div className="flex items-center justify-between gap-2 text-sm">
        <label htmlFor={id} className="text-muted">
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        "aria-describedby": note === undefined ? undefined : `${id}-note`,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {note !== undefined && (
        <p
          id={`${id}-note`}
          className={cx("text-xs", error === undefined ? "text-muted" : "text-down")}
        >
          {note}
        </p>
      )}
    </div>
  );
}

type TextProps = Frame &
  Omit<InputHTMLAttributes<HTMLInputElement>, "onChange" | "value"> & {
    value: string;
    onChange: (value: string) => void;
  };

/** One line of text with its label. */
export function TextField({
  label,
  help,
  error,
  aside,
  value,
  onChange,
  className,
  ...rest
}: TextProps) {
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(ids) => (
        <input
          {...rest}
          {...ids}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(inputClass, className)}
        />
      )}
    </Field>
  );
}

type CheckProps = Readonly<{
  label: string;
  help?: string | undefined;
  aside?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}>;

/** A switch with its label beside it. */
export const CheckField = ({ label, help, aside, checked, onChange }: CheckProps) => (
  <label className="flex items-center gap-2 text-sm pointer-coarse:min-h-8" title={help}>
    <input
      type="checkbox"
      className="size-4 accent-(--accent)"
      checked={checked}
      onChange={(event) => onChange(event.target.checked)}
    />
    <span className="flex-1 text-muted">{label}</span>
    {aside}
  </label>
);

type Option<Value extends string> = Readonly<{ value: Value; label: string }>;
type SelectProps<Value extends string> = Omit<
  SelectHTMLAttributes<HTMLSelectElement>,
  "onChange" | "value"
> &
  Readonly<{ value: Value; options: readonly Option<Value>[]; onChange: (value: Value) => void }>;

/** A choice from a short list, drawn by the browser so that it works on every device. Needs an `aria-label` outside a Field. */
export function Select<Value extends string>({
  value,
  options,
  onChange,
  className,
  ...rest
}: SelectProps<Value>) {
  const changed = (text: string) => {
    const option = options.find((one) => one.value === text);
    if (option !== undefined) onChange(option.value);
  };
  return (
    <select
      {...rest}
      value={value}
      onChange={(event) => changed(event.target.value)}
      className={cx(inputClass, "pr-1", className)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

type NumberProps = Readonly<{
  value: number;
  onChange: (value: number) => void;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
  /** Shown value = value × scale: 100 shows a fraction as per cent. */
  scale?: number;
  decimals?: number | undefined;
  unit?: string | undefined;
  className?: string;
  small?: boolean;
  disabled?: boolean;
  "aria-label"?: string;
  id?: string;
  "aria-describedby"?: string | undefined;
}>;

const texts = catalogue("field", {
  atLeast: (bound: string) => `At least ${bound}`,
  atMost: (bound: string) => `At most ${bound}`,
  noNumber: "Not a number",
});

const bounded = (value: number, min = -Infinity, max = Infinity): number =>
  Math.min(max, Math.max(min, value));
const tidy = (value: number): number => Number(value.toPrecision(12));

/**
 * A number with its unit: free typing, taken over on Enter or on leaving; arrow keys step, Shift steps by ten. What is typed beyond
 * the bounds stays, with the reason below it, and is not taken.
 */
export function NumberField({
  value,
  onChange,
  min,
  max,
  step = 1,
  scale = 1,
  decimals,
  unit,
  className,
  small = false,
  ...rest
}: NumberProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [known, setKnown] = useState(value);
  const errorId = useId();
  const edit = (next: string | null) => {
    setDraft(next);
    setRefused(null);
  };
  if (known !== value) {
    setKnown(value);
    edit(null);
  }
  const shown = (one: number) =>
    tidy(one * scale).toLocaleString("en-US", { maximumFractionDigits: decimals ?? 8 });
  const bound = (one: number) => (unit === undefined ? shown(one) : `${shown(one)} ${unit}`);
  const problemOf = (typed: number): string | null => {
    if (!Number.isFinite(typed)) return texts.noNumber;
    if (max !== undefined && typed > max) return texts.atMost(bound(max));
    return min !== undefined && typed < min ? texts.atLeast(bound(min)) : null;
  };
  const commit = () => {
    if (draft === null) return;
    if (draft.trim() === "") return edit(null);
    const typed = tidy(Number(draft.replaceAll(",", "").replace("−", "-")) / scale);
    const problem = problemOf(typed);
    setRefused(problem);
    if (problem !== null) return;
    setDraft(null);
    onChange(typed);
  };
  const move = (direction: number) => {
    edit(null);
    onChange(bounded(tidy(value + direction * step), min, max));
  };
  const input = (
    <span className="relative inline-flex w-full">
      <input
        {...rest}
        {...(refused !== null && { "aria-invalid": true, "aria-describedby": errorId })}
        inputMode="decimal"
        autoComplete="off"
        value={draft ?? shown(value)}
        onChange={(event) => edit(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === "Enter") commit();
          if (event.key === "Escape") edit(null);
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          move((event.key === "ArrowUp" ? 1 : -1) * (event.shiftKey ? 10 : 1));
        }}
        className={cx(
          small ? `h-7 ${inputLook}` : inputClass,
          "text-right",
          unit !== undefined && unitRoom(unit),
        )}
      />
      {unit !== undefined && (
        <span className="pointer-events-none absolute inset-y-0 right-2 grid place-items-center text-sm text-muted">
          {unit}
        </span>
      )}
    </span>
  );
  return (
    <span className={cx("inline-grid content-start gap-0.5", className)}>
      {input}
      {refused !== null && (
        <span id={errorId} role="alert" className="text-right text-xs text-down">
          {refused}
        </span>
      )}
    </span>
  );
}

/** Space that a unit takes at the end of a field. */
const unitRoom = (unit: string): string =>
  unit.length > 2 ? "pr-12" : unit.length === 2 ? "pr-8" : "pr-6";
