/** Enough decimals to tell quantities of its size apart: eight for dust, two for thousands. */
export const quantityDecimals = (quantity: number): number =>
  Math.min(8, Math.max(2, 6 - Math.floor(Math.log10(Math.max(quantity, 1e-8)))));
