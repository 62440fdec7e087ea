import { CompensatedSum } from "./compensated.ts";
import { exp } from "./mathematics.ts";

export function sumOf(values: ArrayLike<number>): number {
  const sum = new CompensatedSum();
  for (let i = 0; i < values.length; i++) sum.add(values[i] as number);
  return sum.value;
}

export const meanOf = (values: ArrayLike<number>): number => sumOf(values) / values.length;

/** Standard deviation of a sample (n − 1); `mean` where it is known already. */
export function deviationOf(values: readonly number[], mean = meanOf(values)): number {
  const squares = new CompensatedSum();
  for (let i = 0; i < values.length; i++) {
    const far = (values[i] as number) - mean;
    squares.add(far * far);
  }
  return Math.sqrt(squares.value / (values.length - 1));
}

/** Covariance of two samples of equal length (n − 1). */
export function covarianceOf(a: readonly number[], b: readonly number[]): number {
  const meanA = meanOf(a);
  const meanB = meanOf(b);
  return sumOf(a.map((one, i) => (one - meanA) * ((b[i] as number) - meanB))) / (a.length - 1);
}

/** The mean of `power`-th powers of the distances from the mean (over n). */
export function momentOf(values: readonly number[], power: 2 | 3 | 4): number {
  const mean = meanOf(values);
  const terms = values.map((value) => {
    const far = value - mean;
    return power === 2 ? far * far : power === 3 ? far * far * far : far * far * (far * far);
  });
  return sumOf(terms) / values.length;
}

export const sorted = (values: readonly number[]): Float64Array => Float64Array.from(values).sort();

/** Quantile of rising values, linear between neighbours; `NaN` of none. */
export function quantileOf(rising: Float64Array, share: number): number {
  const place = share * (rising.length - 1);
  const below = Math.floor(place);
  const low = rising[below] ?? Number.NaN;
  return low + (place - below) * ((rising[below + 1] ?? low) - low);
}

export const medianOf = (values: readonly number[]): number => quantileAmong(values, 0.5);

/** Quantile of values in any order; for one alone they need not be sorted. */
export function quantileAmong(values: readonly number[], share: number): number {
  const parted = Float64Array.from(values);
  const place = share * (parted.length - 1);
  const below = Math.floor(place);
  const low = selectFrom(parted, below);
  let above = Number.POSITIVE_INFINITY;
  for (let i = below + 1; i < parted.length; i++) above = Math.min(above, parted[i] as number);
  return above === Number.POSITIVE_INFINITY ? low : low + (place - below) * (above - low);
}

/** The number that would be at a place if they were sorted (Hoare's Find, 1961); those behind it are not less. `NaN` of none. */
function selectFrom(values: Float64Array, place: number): number {
  let from = 0;
  let to = values.length - 1;
  while (from < to) {
    const pivot = values[place] as number;
    let left = from;
    let right = to;
    while (left <= right) {
      const low = values[left] as number;
      const high = values[right] as number;
      if (low < pivot) left++;
      else if (pivot < high) right--;
      else {
        values[left++] = high;
        values[right--] = low;
      }
    }
    if (right < place) from = left;
    if (place < left) to = right;
  }
  return values[place] ?? Number.NaN;
}

const logRootTwoPi = 0.9189385332046728;

/** Probability that a normal variable is below `x` (Marsaglia, Evaluating the Normal Distribution, 2004). */
export function normalProbability(x: number): number {
  if (Math.abs(x) > 8) return x > 0 ? 1 : 0;
  let sum = x;
  let term = x;
  for (let i = 3; sum + term !== sum; i += 2) {
    term *= (x * x) / i;
    sum += term;
  }
  return 0.5 + sum * exp(-0.5 * x * x - logRootTwoPi);
}
