import { CompensatedSum } from "./compensated.ts";

export function sumOf(values: ArrayLike<number>): number {
  const sum = new CompensatedSum();
  for (let i = 0; i < values.length; i++) sum.add(values[i] as number);
  return sum.value;
}

export const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;

/** Standard deviation of a sample (n − 1). */
export function deviationOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return Math.sqrt(
    sumOf(values.map((value) => (value - mean) * (value - mean))) / (values.length - 1),
  );
}
