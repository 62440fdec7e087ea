/** A curve: ms since epoch, ascending, and a value for each. */
export type Curve = Readonly<{ time: readonly number[]; values: readonly number[] }>;

/** So many points fill a wide screen. */
const steps = 1_500;

/**
 * Values of curves at the same moments, evenly spread over all of them: the chart gives every moment the same room, however
 * many points a curve has there. A value stands until the next; before its first and after its last a curve has none.
 */
export function atEvenTimes(
  curves: readonly Curve[],
): Readonly<{ time: number[]; values: (number | null)[][] }> {
  const first = Math.min(...curves.map(({ time }) => time[0] ?? Number.POSITIVE_INFINITY));
  const last = Math.max(...curves.map(({ time }) => time.at(-1) ?? Number.NEGATIVE_INFINITY));
  if (!(first < last)) return { time: [], values: curves.map(() => []) };
  // Whole seconds: the chart knows none finer.
  const step = Math.max(1_000, Math.ceil((last - first) / steps / 1_000) * 1_000);
  const count = Math.ceil((last - first) / step) + 1;
  const time = Array.from({ length: count }, (_, at) => Math.min(last, first + at * step));
  return { time, values: curves.map((curve) => valuesAt(curve, time, step)) };
}

function valuesAt({ time, values }: Curve, moments: readonly number[], step: number) {
  const end = (time.at(-1) ?? Number.NEGATIVE_INFINITY) + step;
  let next = 0;
  return moments.map((at) => {
    while ((time[next] ?? Number.POSITIVE_INFINITY) <= at) next++;
    return next === 0 || at >= end ? null : (values[next - 1] ?? null);
  });
}
