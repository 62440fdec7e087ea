import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** The extremes and the close in the order in which a candle of this shape is taken to reach them. */
export function wayThrough({ open, high, low, close }: Moment): readonly [number, number, number] {
  const isLowFirst = close > open || (close === open && open - low <= high - open);
  return isLowFirst ? [low, high, close] : [high, low, close];
}

/** Both straight ways, and those that come to the first extreme again before the close. */
export function waysThrough({ high, low, close }: Moment): readonly (readonly number[])[] {
  return [
    [low, high, close],
    [high, low, close],
    [low, high, low, close],
    [high, low, high, close],
  ];
}

/** The order that a price meets first on its way, the one placed first where two are equally far; null where it meets none. */
export function firstOnWay(
  orders: readonly PlacedOrder[],
  from: number,
  to: number,
  takesPart: (order: PlacedOrder) => boolean,
): PlacedOrder | null {
  let first: PlacedOrder | null = null;
  let nearest = Number.POSITIVE_INFINITY;
  for (const order of orders) {
    if (!takesPart(order)) continue;
    const distance = distanceTo(order, from, to);
    if (distance < nearest) {
      nearest = distance;
      first = order;
    }
  }
  return first;
}

/** 0 for an order whose price is reached already, infinite for one that is not on the way. */
function distanceTo({ waitsAbove, price }: PlacedOrder, from: number, to: number): number {
  if (waitsAbove ? from >= price : from <= price) return 0;
  const isOnWay = waitsAbove ? to >= price : to <= price;
  return isOnWay ? Math.abs(price - from) : Number.POSITIVE_INFINITY;
}
