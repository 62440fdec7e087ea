import { expect, test } from "vitest";
import { type OrderEvent, type OrderStatus, orderTransitions } from "./order.ts";
import { transition } from "./order-state.ts";

const statuses: readonly OrderStatus[] = [
  "new",
  "held",
  "open",
  "filled",
  "cancelled",
  "expired",
  "refused",
];
const events: readonly OrderEvent[] = [
  "accept",
  "hold",
  "activate",
  "fill-part",
  "fill",
  "cancel",
  "expire",
  "refuse",
];

test("every pair of status and event leads where the table says, and nowhere else", () => {
  const reached = statuses.flatMap((status) =>
    events.flatMap((event) => {
      const next = transition(status, event);
      return next === null ? [] : [`${status} ${event} ${next}`];
    }),
  );
  expect(reached).toEqual([
    "new accept open",
    "new hold held",
    "new refuse refused",
    "held activate open",
    "held cancel cancelled",
    "held expire expired",
    "held refuse refused",
    "open hold held",
    "open fill-part open",
    "open fill filled",
    "open cancel cancelled",
    "open expire expired",
    "open refuse refused",
  ]);
});

test("filled, cancelled, expired and refused are final", () => {
  const { filled, cancelled, expired, refused } = orderTransitions;
  expect([filled, cancelled, expired, refused]).toEqual([{}, {}, {}, {}]);
});
