import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";

/**
 * Orders that a candle reaches after its open, in the order in which they are met whoever was placed first: on each side of the
 * open the nearer comes first; of the next two on both sides, which may come either way, the one that is worse at the close.
 */
export function inTurn(orders: readonly PlacedOrder[], moment: Moment): readonly PlacedOrder[] {
  const reached = orders.filter((order) => order.waiting !== "market" && order.isWithin(moment));
  if (reached.length < 2) return reached;
  const above = reached.filter((order) => order.waitsAbove).sort((a, b) => a.price - b.price);
  const below = reached.filter((order) => !order.waitsAbove).sort((a, b) => b.price - a.price);
  const turns: PlacedOrder[] = [];
  while (turns.length < reached.length) {
    const [up, down] = [above[0], below[0]];
    const isUp = !down || (up && gainAt(moment.close, up) < gainAt(moment.close, down));
    turns.push(...(isUp ? above : below).splice(0, 1));
  }
  return turns;
}

/** What a fill at the order's price has gained by a price, for each unit. */
const gainAt = (price: number, order: PlacedOrder) =>
  order.side === "buy" ? price - order.price : order.price - price;

/** Whether the market passes one order on its way to the other. */
export const isNearer = (order: PlacedOrder, other: PlacedOrder) =>
  order.waitsAbove === other.waitsAbove &&
  (other.waitsAbove ? order.price < other.price : order.price > other.price);
