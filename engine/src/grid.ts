/**
 * Multiples of a step, computed so that decimal steps give decimal results: three tenths are `0.3`, not `0.1 * 3`.
 */
function multiple(count: number, step: number): number {
  const perUnit = Math.round(1 / step);
  const isDecimal = perUnit > 0 && Math.abs(1 / step - perUnit) <= 1e-9 * perUnit;
  return isDecimal ? count / perUnit : count * step;
}

/** Prices this near to a tick, in ticks, are taken to lie on it: the rest is what computing with decimals left. */
const nearEnough = 1e-6;

/**
 * The multiple of a market's tick on which an order can wait that is met from below (`isAbove`) or from above: the price itself,
 * or the next one that is not met before it, so that nobody pays more or gets less than allowed. The price itself where the
 * tick is unknown.
 */
export function toTick(price: number, tick: number | null, isAbove: boolean): number {
  if (tick === null || !Number.isFinite(price)) return price;
  const ticks = price / tick;
  return multiple(isAbove ? Math.ceil(ticks - nearEnough) : Math.floor(ticks + nearEnough), tick);
}

/** The largest multiple of a market's lot that is not above; the quantity itself where the lot is unknown. */
export const toLot = (quantity: number, lot: number | null): number =>
  lot === null || !Number.isFinite(quantity)
    ? quantity
    : multiple(Math.floor((quantity / lot) * (1 + 1e-12)), lot);
