/** From the lowest to the highest value that a chart shows. */
export type Span = Readonly<{ min: number; max: number }>;

/** The span of some values, of those that are numbers; `also` lies inside too. A flat one gets some room. */
export function spanOf(values: Iterable<number>, also: readonly number[] = []): Span {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const list of [also, values]) {
    for (const value of list) {
      if (!Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  if (min > max) return { min: 0, max: 1 };
  if (min < max) return { min, max };
  const room = Math.abs(min) * 0.1 || 1;
  return { min: min - room, max: max + room };
}

/** Round numbers inside a span, about `wanted` of them: 1, 2 or 5 times a power of ten apart. */
export function ticksOf({ min, max }: Span, wanted = 5): number[] {
  const rough = (max - min) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((one) => one * power >= rough) ?? 10) * power;
  const first = Math.ceil(min / step - 1e-9);
  const count = Math.floor(max / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, at) =>
    Number(((first + at) * step).toPrecision(12)),
  );
}

/** Where a value lies in a span, from 0 to 1. */
export const shareIn = ({ min, max }: Span, value: number): number => (value - min) / (max - min);
