/**
 * Multiples of a step, computed so that decimal steps give decimal results: three tenths are `0.3`, not `0.1 * 3`.
 */
function multiple(count: number, step: number): number {
  const perUnit = Math.round(1 / step);
  const isDecimal = perUnit > 0 && Math.abs(1 / step - perUnit) <= 1e-9 * perUnit;
  return isDecimal ? count / perUnit : count * step;
}

/** The nearest multiple of a market's tick; the price itself where the tick is unknown. */
export const toTick = (price: number, tick: number | null): number =>
  tick === null || !Number.isFinite(price) ? price : multiple(Math.round(price / tick), tick);

/** The largest multiple of a market's lot that is not above; the quantity itself where the lot is unknown. */
export const toLot = (quantity: number, lot: number | null): number =>
  lot === null || !Number.isFinite(quantity)
    ? quantity
    : multiple(Math.floor((quantity / lot) * (1 + 1e-12)), lot);
