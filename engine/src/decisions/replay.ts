import type { Context } from "../context.ts";
import type { Order } from "../order.ts";
import { behind } from "../order-view.ts";
import type { PlacedOrder } from "../placed-order.ts";
import type { Strategy } from "../strategy.ts";
import { type Decision, isOrder, isTie, SaidOrder } from "./tape.ts";

/** A strategy that decides what stands on a tape, whatever comes of it. */
export function replayed(tape: readonly Decision[], like: Strategy): Strategy {
  return {
    ...like,
    parameters: {},
    warmup: () => tape[0]?.index ?? Number.MAX_SAFE_INTEGER,
    indicators: () => ({}),
    plots: () => ({}),
    state: () => new Replay(tape),
    decidesOn: undefined,
    onCandle(context) {
      const { state, index } = context as Context & { state: Replay };
      state.performWhile(
        (one) => one.index === index,
        () => context,
      );
    },
    onCandles: undefined,
    onFill: undefined,
    onStart: undefined,
    onStop: undefined,
  };
}

/** The same over all markets of a wallet: what was decided at a moment is decided at that moment, in the same order. */
export const replayedTogether = (tape: readonly Decision[], like: Strategy): Strategy => ({
  ...replayed(tape, like),
  warmup: () => 0,
  onCandles(wallet) {
    const { time } = wallet;
    const state = wallet.state as Replay;
    state.performWhile(
      ({ at }) => at === time,
      ({ market }) => wallet.market(market),
    );
  },
});

class Replay {
  readonly #tape: readonly Decision[];
  #next = 0;
  /** What came of the orders of the tape this time. */
  readonly #orders = new Map<Order, Order>();

  constructor(tape: readonly Decision[]) {
    this.#tape = tape;
  }

  performWhile(isNow: (one: Decision) => boolean, contextOf: (one: Decision) => Context): void {
    for (
      let now = this.#tape[this.#next];
      now !== undefined && isNow(now);
      now = this.#tape[this.#next]
    ) {
      this.#perform(contextOf(now), now);
      this.#next++;
    }
  }

  #perform(context: Context, { action, said, order, isDone }: Decision): void {
    const given = said.map((one) => (one instanceof SaidOrder ? this.#orderNow(one.order) : one));
    if (given.includes(null)) {
      // An order that never came about cannot be changed. What it was tied to was taken back then, or goes on without it.
      if (!isTie(action)) return;
      const orders = given.filter((one) => one !== null) as [Order];
      const isLed = action === "oneCancelsOther" || given[0] !== null;
      if (isDone && isLed) context[action](...orders);
      else for (const one of orders) context.cancel(one);
      return;
    }
    const act = context[action] as (...given: unknown[]) => unknown;
    const answer = act.apply(context, given);
    if (order !== null && isOrder(answer)) this.#orders.set(order, answer);
  }

  /** What came of an order of the tape this time; null where nothing did. */
  #orderNow(then: Order): Order | null {
    const known = this.#orders.get(then);
    if (known) return known;
    // Stop and target of a bracket come with its entry.
    const leg = behind(then) as PlacedOrder;
    const { entry } = leg;
    const entryNow = entry && this.#orders.get(entry.view);
    if (!entryNow) return null;
    const legNow = (behind(entryNow) as PlacedOrder).legs[entry.legs.indexOf(leg)];
    return legNow?.isWaiting ? legNow.view : null;
  }
}
