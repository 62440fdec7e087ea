import type { Plot } from "@trading/engine";
import type { ChartPlot } from "./draw-result.ts";

const panesMax = 3;
const sampleMax = 400;
/** Lines that are mostly within this factor of the close lie over the price. */
const nearPrice = 2;
/** Lines whose sizes are within this factor of each other share a pane. */
const alike = 4;

/**
 * Puts each line that a strategy draws over the price (pane 0), or with others of its size into a pane of its own. What the
 * strategy says of a line counts; nothing but its size tells an index from the price of a coin that costs 50.
 */
export function placePlots(
  plots: readonly Plot[],
  below: readonly string[],
  close: Float64Array,
): ChartPlot[] {
  const sizes: number[] = [];
  return plots.map(({ name, values }) => {
    if (!below.includes(name) && isNearPrice(values, close)) return { name, values, pane: 0 };
    const size = sizeOf(values);
    let pane = sizes.findIndex((one) => size <= one * alike && one <= size * alike);
    if (pane < 0) pane = sizes.length < panesMax ? sizes.push(size) - 1 : panesMax - 1;
    return { name, values, pane: pane + 1 };
  });
}

function isNearPrice(values: Float64Array, close: Float64Array): boolean {
  let [near, all] = [0, 0];
  for (const at of sampled(values)) {
    const ratio = (values[at] ?? 0) / (close[at] ?? 1);
    all += 1;
    if (ratio < nearPrice && ratio > 1 / nearPrice) near += 1;
  }
  return near * 2 >= all;
}

function sizeOf(values: Float64Array): number {
  let size = 0;
  for (const at of sampled(values)) size = Math.max(size, Math.abs(values[at] ?? 0));
  return size;
}

/** Evenly spaced places of numbers. */
function* sampled(values: Float64Array): Iterable<number> {
  const stride = Math.max(1, Math.floor(values.length / sampleMax));
  for (let at = values.length - 1; at >= 0; at -= stride) {
    if (Number.isFinite(values[at])) yield at;
  }
}
