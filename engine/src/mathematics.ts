/**
 * `exp`, `log` and `pow` that give the same bits everywhere: the ones of `Math` may differ between JavaScript engines.
 * Errors stay near one unit in the last place. Sources: argument reduction by ln 2 and the atanh series
 * (Muller, Elementary Functions, 2016), exact products and sums after Dekker (1971).
 */

/** ln 2 in two parts; the first has few enough bits that a multiple by an exponent is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

const exponentMin = -1_074;

/** Every power of two that a double can hold, from 2^-1074 on; doubling is exact. */
const powersOfTwo = (() => {
  const powers = new Float64Array(1_023 - exponentMin + 1);
  powers[0] = Number.MIN_VALUE;
  for (let i = 1; i < powers.length; i++) powers[i] = 2 * (powers[i - 1] as number);
  return powers;
})();

const powerOfTwo = (exponent: number) => powersOfTwo[exponent - exponentMin] as number;

/** e to the power of `x`. */
export function exp(x: number): number {
  return expOf(x, 0);
}

/** The natural logarithm; `NaN` below zero. */
export function log(x: number): number {
  const special = specialLog(x);
  if (special !== null) return special;
  const parts = logParts(x);
  return parts.high + parts.low;
}

/** `x` to the power of `y`, for a base of zero or more and any exponent, and for negative bases with whole exponents. */
export function pow(x: number, y: number): number {
  const special = specialPow(x, y);
  if (special !== null) return special;
  if (x < 0) return isOdd(y) ? -pow(-x, y) : pow(-x, y);
  const { high, low } = logParts(x);
  const product = y * high;
  if (Math.abs(product) > 800) return product > 0 ? Number.POSITIVE_INFINITY : 0;
  return expOf(product, productError(y, high, product) + y * low);
}

/** What needs no logarithm; null for everything else. */
function specialPow(x: number, y: number): number | null {
  if (y === 0) return 1;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (x === 1 || y === 1) return x;
  if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  if (x === 0 || !Number.isFinite(x) || !Number.isFinite(y)) return limitPow(Math.abs(x), y);
  return null;
}

/** Bases of zero and infinity, and infinite exponents. */
function limitPow(base: number, y: number): number {
  const grows = base > 1 === y > 0;
  return grows ? Number.POSITIVE_INFINITY : 0;
}

const isOdd = (y: number) => Math.abs(y) < Number.MAX_SAFE_INTEGER && y % 2 !== 0;

/** exp(x + rest) for a rest far smaller than x. */
function expOf(x: number, rest: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 709.79) return Number.POSITIVE_INFINITY;
  if (x < -745.14) return 0;
  const k = Math.round(x / Math.LN2);
  const high = x - k * ln2High;
  const low = rest - k * ln2Low;
  const r = high + low;
  const lost = high - r + low;
  let tail = 0;
  for (let n = expTerms.length - 1; n >= 0; n--) tail = r * (tail + (expTerms[n] as number));
  const value = 1 + (r + (r * tail + lost));
  // Two steps, because 2^k alone may not be a double where the result is.
  const half = k >> 1;
  return value * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 1 ÷ n! from n = 2 on. */
const expTerms = (() => {
  const terms = [0.5];
  for (let n = 3; n <= 16; n++) terms.push((terms.at(-1) as number) / n);
  return terms;
})();

function specialLog(x: number): number | null {
  if (Number.isNaN(x) || x < 0) return Number.NaN;
  if (x === 0) return Number.NEGATIVE_INFINITY;
  return x === Number.POSITIVE_INFINITY ? x : null;
}

/** log(x) for finite x above 0 as a number and what it lacks. */
function logParts(x: number): Readonly<{ high: number; low: number }> {
  let k = exponentOf(x);
  let m = x * powerOfTwo(-(k >> 1)) * powerOfTwo(-(k - (k >> 1)));
  if (m > Math.SQRT2) {
    m /= 2;
    k += 1;
  }
  const above = m - 1;
  const below = m + 1;
  const belowLost = m - (below - 1);
  const s = above / below;
  const sProduct = s * below;
  const sLow = (above - sProduct - productError(s, below, sProduct) - s * belowLost) / below;
  const s2 = s * s;
  let tail = 0;
  for (let n = 12; n >= 1; n--) tail = s2 * (tail + 1 / (2 * n + 1));
  const base = k * ln2High;
  const high = base + 2 * s;
  const lost = Math.abs(base) >= Math.abs(2 * s) ? base - high + 2 * s : 2 * s - high + base;
  const low = lost + 2 * sLow + 2 * s * tail + k * ln2Low;
  const sum = high + low;
  return { high: sum, low: high - sum + low };
}

/** The k for which x ÷ 2^k lies in [1, 2). */
function exponentOf(x: number): number {
  let from = exponentMin;
  let to = 1_023;
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (powerOfTwo(middle) <= x) from = middle;
    else to = middle - 1;
  }
  return from;
}

/** What rounding took from a × b (Dekker 1971). */
export function productError(a: number, b: number, product: number): number {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

const splitter = 134_217_729;

function upperHalf(value: number): number {
  const scaled = splitter * value;
  return scaled - (scaled - value);
}
