import { type OrderEvent, type OrderStatus, orderTransitions } from "./order.ts";

/** A status with what follows it by each event; null where that cannot happen. */
export interface OrderState extends Readonly<Record<OrderEvent, OrderState | null>> {
  readonly status: OrderStatus;
}

/** The table with its rows linked to each other, all of one shape. */
export const orderStates: Readonly<Record<OrderStatus, OrderState>> = linked();

function linked(): Record<OrderStatus, OrderState> {
  const row = (status: OrderStatus) => ({
    status,
    accept: null,
    hold: null,
    activate: null,
    "fill-part": null,
    fill: null,
    cancel: null,
    expire: null,
    refuse: null,
  });
  const statuses = Object.keys(orderTransitions) as OrderStatus[];
  const rows = Object.fromEntries(statuses.map((status) => [status, row(status)])) as Record<
    OrderStatus,
    OrderState
  >;
  for (const status of statuses)
    for (const [event, next] of Object.entries(orderTransitions[status]))
      Object.assign(rows[status], { [event]: rows[next] });
  return rows;
}

/** The state that follows; null where the event cannot happen. Spelt out: a name that changes from call to call is searched for. */
export function stateAfter(state: OrderState, event: OrderEvent): OrderState | null {
  switch (event) {
    case "accept":
      return state.accept;
    case "hold":
      return state.hold;
    case "activate":
      return state.activate;
    case "fill-part":
      return state["fill-part"];
    case "fill":
      return state.fill;
    case "cancel":
      return state.cancel;
    case "expire":
      return state.expire;
    case "refuse":
      return state.refuse;
  }
}

/** The status that follows; null where the event cannot happen. */
export const transition = (status: OrderStatus, event: OrderEvent): OrderStatus | null =>
  stateAfter(orderStates[status], event)?.status ?? null;
