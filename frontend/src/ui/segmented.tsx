import { cx } from "./cx.ts";

type SegmentedProps<Value extends string> = Readonly<{
  label: string;
  value: Value;
  options: readonly Readonly<{ value: Value; label: string; disabled?: boolean }>[];
  onChange: (value: Value) => void;
  className?: string;
}>;

/** A few exclusive choices side by side. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  className,
}: SegmentedProps<Value>) {
  return (
    <fieldset
      aria-label={label}
      className={cx("inline-flex shrink-0 overflow-hidden rounded border border-line", className)}
    >
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          disabled={option.disabled}
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cx(
            "h-6.5 whitespace-nowrap border-r border-line px-2 last:border-r-0 -outline-offset-2 disabled:opacity-40 pointer-coarse:h-11 pointer-coarse:px-3",
            option.value === value
              ? "bg-hover font-medium text-text"
              : "text-muted hover:text-text",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
