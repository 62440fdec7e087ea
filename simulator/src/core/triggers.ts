type Stop = Readonly<{ request: Readonly<{ stop: number; stopAbove: boolean }> }>;

/** Stops that wait for a price, per direction; woken in the order of their price, then of their arrival. */
export type Triggers<Order extends Stop> = {
  readonly above: Order[];
  readonly below: Order[];
};

export function createTriggers<Order extends Stop>(): Triggers<Order> {
  return { above: [], below: [] };
}

/** Rising stops are sorted highest first, falling ones lowest first: the next to wake is last. */
export function arm<Order extends Stop>(triggers: Triggers<Order>, order: Order): void {
  const { stop, stopAbove } = order.request;
  const orders = stopAbove ? triggers.above : triggers.below;
  const direction = stopAbove ? -1 : 1;
  let index = orders.length;
  while (index > 0) {
    const before = orders[index - 1];
    // Equal prices: the newer goes in front, so the older wakes first.
    if (before === undefined || (before.request.stop - stop) * direction < 0) break;
    index -= 1;
  }
  orders.splice(index, 0, order);
}

export function disarm<Order extends Stop>(triggers: Triggers<Order>, order: Order): void {
  const orders = order.request.stopAbove ? triggers.above : triggers.below;
  const index = orders.indexOf(order);
  if (index >= 0) orders.splice(index, 1);
}

/** Takes out the next stop this price wakes, or null. */
export function wake<Order extends Stop>(triggers: Triggers<Order>, ticks: number): Order | null {
  const rising = triggers.above.at(-1);
  if (rising !== undefined && rising.request.stop <= ticks) return triggers.above.pop() ?? null;
  const falling = triggers.below.at(-1);
  if (falling !== undefined && falling.request.stop >= ticks) return triggers.below.pop() ?? null;
  return null;
}
