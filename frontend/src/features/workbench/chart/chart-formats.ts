/** How a chart writes its values. */
export type ChartFormats = Readonly<{
  price: (value: number) => string;
  money: (value: number) => string;
  percent: (fraction: number) => string;
  /** The smallest difference that `percent` shows. */
  percentStep: number;
}>;

/** Four digits say enough of a line whose unit is the strategy's. */
export const plotNumber = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(4))) : "–";
