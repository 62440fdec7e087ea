import type { Account } from "./account.ts";
import type { Execution } from "./execution.ts";
import { fillNumber } from "./fill-log.ts";
import type { Moment } from "./moment.ts";
import type { PathInside } from "./path-inside.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { Reach } from "./reach.ts";
import { waysThrough } from "./way.ts";

export type WorstWay = Readonly<{
  /** The way through a candle that leaves the account worth least at its close. */
  corners: readonly number[];
  /** Whether others fill otherwise. */
  isOpen: boolean;
  /** Whether nothing but these ways is to be thought of: they fill alike, and wake nothing. */
  isCertain: boolean;
}>;

/**
 * Tries a candle that reaches several orders on some ways through it, by meeting it for good and taking that back. What fills first
 * may pay for the next, free or close what that needs, or wake its stop; and the candle does not tell what came first.
 */
export class Ways {
  readonly #account: Account;
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #reach: Reach;
  readonly #path: PathInside;

  constructor(
    account: Account,
    execution: Execution,
    moment: Moment,
    reach: Reach,
    path: PathInside,
  ) {
    this.#account = account;
    this.#execution = execution;
    this.#moment = moment;
    this.#reach = reach;
    this.#path = path;
  }

  /** Meets the candle in the one of these ways that leaves the account worth least at the close, the first of several. */
  takeWorst(ways: readonly (() => void)[]): void {
    const putBack = this.#remember();
    let least = Number.POSITIVE_INFINITY;
    let worst = ways[0];
    let last: typeof worst;
    for (const way of ways) {
      putBack();
      way();
      last = way;
      if (this.#worth >= least) continue;
      least = this.#worth;
      worst = way;
    }
    if (last === worst) return;
    putBack();
    worst?.();
  }

  get #worth(): number {
    return this.#account.equityAt(this.#moment.close);
  }

  /** Remembers how all stands; the result puts it back, as often as it is asked to. */
  #remember(): () => void {
    const putBack = this.#execution.remember();
    const { isAmbiguous } = this.#reach;
    return () => {
      putBack();
      this.#reach.isAmbiguous = isAmbiguous;
    };
  }

  /** The worst way; null where no more than one order decides. */
  worst(): WorstWay | null {
    if (!this.#dependOnEachOther()) return null;
    const putBack = this.#remember();
    const before = this.#execution.fills.count;
    const tried = waysThrough(this.#moment).map((corners) => {
      this.#path.walk(corners);
      const isNearRuin = this.#execution.orders.some(
        (one) => one.isForced && one.isWithin(this.#moment),
      );
      const seen = { corners, worth: this.#worth, fills: this.#filledSince(before), isNearRuin };
      putBack();
      return seen;
    });
    const { corners } = tried.reduce((least, one) => (one.worth < least.worth ? one : least));
    const isOpen = tried.some(({ fills }) => fills !== tried[0]?.fills);
    const isCertain =
      !isOpen &&
      !tried.some((one) => one.isNearRuin) &&
      !this.#execution.orders.some((one) => this.#mayMeet(one) && wakes(one));
    return { corners, isOpen, isCertain };
  }

  /** Which orders filled, how much and where, whatever came first. */
  #filledSince(before: number): string {
    const { fills } = this.#execution;
    const told: string[] = [];
    for (let i = before; i < fills.count; i++) {
      const of = (column: number) => fills.numberOf(i, column).toPrecision(6);
      told.push([fillNumber.orderId, fillNumber.quantity, fillNumber.price].map(of).join(" "));
    }
    return told.sort().join();
  }

  /** Takes such a way for good. */
  walk({ corners }: WorstWay): void {
    this.#path.walk(corners);
  }

  /**
   * Whether the candle may come to more than one order, or to one that wakes others, and not only to a stop and its target, of which
   * the stop is taken, or to limits of one side, which every way meets alike where none wakes a liquidation.
   */
  #dependOnEachOther(): boolean {
    let first: PlacedOrder | null = null;
    let areSeveral = false;
    const { orders } = this.#execution;
    let arePlain = orders[0]?.isForced !== true;
    for (const order of orders) {
      if (!this.#mayMeet(order)) continue;
      const isOtherSide = first !== null && first.waitsAbove !== order.waitsAbove;
      areSeveral ||= order.followers.length > 0;
      areSeveral ||= first !== null && !(isOtherSide && areAlike(first, order));
      arePlain &&= isPlain(order) && !isOtherSide;
      if (areSeveral && !arePlain) return true;
      first ??= order;
    }
    return false;
  }

  #mayMeet(order: PlacedOrder): boolean {
    if (order.waiting === "market" || !order.takesPartIn(this.#moment)) return false;
    return order.trail !== null || order.isWithin(this.#moment);
  }
}

/** Whether more than its own fill comes of it. */
const wakes = ({ followers, isForced, kind, legs, trail }: PlacedOrder) =>
  isForced || trail !== null || kind === "stop-limit" || legs.length > 0 || followers.length > 0;

/** Whether two rivals differ in nothing but their price, so that the one with the worse price is the worse. */
const areAlike = (one: PlacedOrder, other: PlacedOrder) =>
  one.rivals.includes(other) &&
  one.side === other.side &&
  one.size.kind === other.size.kind &&
  one.size.amount === other.size.amount &&
  [one, other].every(isAlone);

/** A limit that wakes nothing and takes what it asks for. */
const isPlain = (order: PlacedOrder) =>
  order.waiting === "limit" && !order.reduceOnly && order.rivals.length === 0 && isAlone(order);

const isAlone = ({ followers, legs }: PlacedOrder) => followers.length === 0 && legs.length === 0;
