/**
 * Exact amounts. Every amount is a whole number of 0.00000001 ("units"); prices and quantities are whole
 * numbers of their market's tick and lot. Nothing here is ever rounded without its name saying so.
 */
export const decimals = 8;
export const unitsPerOne = 100_000_000n;

export type ParsedDecimal =
  | { kind: "ok"; units: bigint }
  | { kind: "malformed" }
  | { kind: "too-precise" };

const form = /^([0-9]{1,20})(?:\.([0-9]{1,20}))?$/;

/** Reads "12.5" as units; refuses signs, exponents and more than eight significant decimals. */
export function parseDecimal(text: string): ParsedDecimal {
  const match = form.exec(text);
  if (match === null) return { kind: "malformed" };
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return { kind: "too-precise" };
  return { kind: "ok", units: BigInt((match[1] ?? "") + fraction.padEnd(decimals, "0")) };
}

/** Units of a decimal the program itself wrote. Throws on anything else. */
export function toUnits(text: string): bigint {
  const parsed = parseDecimal(text);
  if (parsed.kind !== "ok") throw new RangeError(`not a decimal with 8 places: ${text}`);
  return parsed.units;
}

const perOne = 100_000_000;

/** Units as a decimal string with eight places, as Binance writes amounts. */
export function formatUnits(units: bigint | number): string {
  const value = Number(units);
  if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return format(units, decimals);
  const whole = Math.floor(value / perOne);
  return `${whole}.${String(perOne + (value - whole * perOne)).slice(1)}`;
}

/** A whole number of 10^-places as a decimal string. */
export function format(value: bigint | number, places: number): string {
  const negative = value < 0;
  const digits = (negative ? -value : value).toString().padStart(places + 1, "0");
  const cut = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return negative ? `-${text}` : text;
}

/** a × b ÷ one, rounded towards zero: a share of an amount, both in units. */
export function shareOf(amount: bigint, share: bigint): bigint {
  return (amount * share) / unitsPerOne;
}

/** How many decimals a step like 0.001 has. */
export function placesOf(stepUnits: number): number {
  let places = decimals;
  let step = stepUnits;
  while (places > 0 && step % 10 === 0) {
    step /= 10;
    places -= 1;
  }
  return places;
}

export function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
