import { type CSSProperties, type ReactNode, useId } from "react";
import { catalogue } from "./catalogue.ts";
import { NumberField } from "./field.tsx";

const texts = catalogue("slider", { changed: "changed" });

export type SliderFieldProps = Readonly<{
  label: string;
  help?: string;
  value: number;
  min: number;
  max: number;
  step: number;
  onChange: (value: number) => void;
  /** Shown value = value × scale: 100 shows a fraction as per cent. */
  scale?: number;
  decimals?: number;
  unit?: string;
  /** What the value means in words, beside the label: "10 candles", "off". */
  words?: ReactNode;
  changed?: boolean;
  /** Puts the slider on a logarithmic scale; `min` must be above zero. */
  logarithmic?: boolean;
}>;

/** A slider, the number and its unit for one value; a dot marks what differs from the default. */
export function SliderField(props: SliderFieldProps) {
  const {
    label,
    help,
    value,
    min,
    max,
    step,
    onChange,
    scale = 1,
    unit,
    words,
    changed = false,
    logarithmic = false,
  } = props;
  const id = useId();
  const share = shareOf(value, min, max, logarithmic);
  const dragged = (next: number) => {
    const raw = logarithmic ? min * (max / min) ** next : next;
    onChange(onGrid(raw, min, max, step));
  };
  return (
    <div className="grid gap-0.5" title={help}>
      <div className="flex items-center justify-between gap-2 text-sm">
        <label htmlFor={id} className="text-muted">
          {label}
        </label>
        <span className="flex items-center gap-1.5 font-medium">
          {changed && <ChangedDot />}
          {words}
        </span>
      </div>
      <div className="flex items-center gap-2">
        <input
          id={id}
          type="range"
          className="slider min-w-0 flex-1"
          style={{ "--share": String(share) } as CSSProperties}
          min={logarithmic ? 0 : min}
          max={logarithmic ? 1 : max}
          step={logarithmic ? 0.001 : step}
          value={logarithmic ? share : value}
          {...(logarithmic && {
            "aria-valuetext": String(value),
            onKeyDown: (event) => {
              const steps = keySteps[event.key];
              if (steps === undefined) return;
              event.preventDefault();
              onChange(onGrid(value + steps * step, min, max, step));
            },
          })}
          onChange={(event) => dragged(event.target.valueAsNumber)}
        />
        <NumberField
          aria-label={label}
          value={value}
          min={min}
          max={max}
          step={step}
          scale={scale}
          decimals={props.decimals}
          unit={unit}
          onChange={onChange}
          className="w-24"
          small
        />
      </div>
    </div>
  );
}

/** Marks what differs from usual. */
export const ChangedDot = () => (
  <span role="img" aria-label={texts.changed} className="size-1.25 rounded-full bg-accent" />
);

/** Keys move a logarithmic slider by steps of the value: a step of its scale may be too small to change anything. */
const keySteps: Readonly<Record<string, number>> = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
};

function shareOf(value: number, min: number, max: number, logarithmic: boolean): number {
  if (max <= min) return 0;
  const share = logarithmic
    ? Math.log(Math.max(value, min) / min) / Math.log(max / min)
    : (value - min) / (max - min);
  return Math.min(1, Math.max(0, share));
}

function onGrid(value: number, min: number, max: number, step: number): number {
  const steps = Math.round((value - min) / step);
  return Math.min(max, Math.max(min, Number((min + steps * step).toPrecision(12))));
}
