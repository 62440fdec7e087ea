/** The colour of an amount by its sign; none for nothing. */
export const tone = (value: number | null | undefined): string =>
  !value ? "" : value > 0 ? "text-up" : "text-down";
