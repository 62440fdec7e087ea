import type { Account } from "./account.ts";
import { Admission } from "./admission.ts";
import { nothingClaimed } from "./claims.ts";
import type { Execution } from "./execution.ts";
import type { Moment } from "./moment.ts";
import type { PlacedOrder } from "./placed-order.ts";
import type { MarketRules } from "./run-settings.ts";
import { askedOf, quantityOf } from "./sizing.ts";
import { inTurn, sidesOf } from "./turns.ts";

/** One way through a candle, and whether orders would have filled otherwise on another. */
export type CoupledWay = Readonly<{ orders: readonly PlacedOrder[]; isOpen: boolean }>;

type Needs = Readonly<{ account: Account; market: MarketRules }>;
type Sides = Readonly<{ above: readonly PlacedOrder[]; below: readonly PlacedOrder[] }>;
type Tried = Readonly<{ orders: readonly PlacedOrder[]; trial: Trial }>;

/** So many orders of a candle are tried on every way: 70 ways with 4 on each side. */
const everyWayMax = 8;
/** Shares of the equity differ a little by what filled before. */
const sameQuantity = 1e-3;

/**
 * Orders that a candle reaches where one pays for another, or sells what another has bought: what fills depends on which comes
 * first, and the candle does not tell. Of the ways that pass the nearer order of each side first, the one is taken that is worth
 * least at the close. Judging each fill by its own gain would let those that lose fall out for want of money, and the others not.
 */
export class CoupledTurns {
  readonly #needs: Needs;
  readonly #execution: Execution;
  readonly #moment: Moment;

  constructor(needs: Needs, execution: Execution, moment: Moment) {
    this.#needs = needs;
    this.#execution = execution;
    this.#moment = moment;
  }

  /** The worst way; null where all that is reached fills alike on every one, or more decides than what is held and free. */
  find(): CoupledWay | null {
    const { orders } = this.#execution;
    if (!this.#areSeveral(orders)) return null;
    const reached = orders.filter((order) => this.#isReached(order));
    if (reached.some(decidesMore) || !this.#isScarce(reached)) return null;
    const tried = this.#ways(reached).map((way) => this.#try(way));
    const [first, ...others] = tried;
    if (first === undefined) return null;
    const worthOf = ({ trial }: Tried) => trial.account.equityAt(this.#moment.close);
    const worst = others.reduce(
      (least, one) => (worthOf(one) < worthOf(least) ? one : least),
      first,
    );
    const isOpen = others.some(({ trial }) => !trial.fillsAs(first.trial, reached));
    return { orders: worst.orders, isOpen };
  }

  /** Whether more than one is reached, asked in each candle that meets any. */
  #areSeveral(orders: readonly PlacedOrder[]): boolean {
    let count = 0;
    for (const order of orders) if (this.#isReached(order) && ++count === 2) return true;
    return false;
  }

  #isReached(order: PlacedOrder): boolean {
    const { number } = this.#moment;
    if (order.waiting === "market" || order.lifetime.isImmediate) return false;
    if (order.since === number && order.beganInside) return false;
    return order.takesPartIn(this.#moment) && order.isWithin(this.#moment);
  }

  /** Whether all buys, or all sales, could not fill without the others. */
  #isScarce(reached: readonly PlacedOrder[]): boolean {
    return (["buy", "sell"] as const).some((side) => {
      const trial = this.#trial();
      return reached.some((order) => order.side === side && !trial.fillsWhole(order));
    });
  }

  #ways(reached: readonly PlacedOrder[]): readonly (readonly PlacedOrder[])[] {
    const sides = sidesOf(reached);
    const { above, below } = sides;
    if (reached.length <= everyWayMax) return interleaved(sides);
    return [[...below, ...above], [...above, ...below], inTurn(reached, this.#moment)];
  }

  #try(orders: readonly PlacedOrder[]): Tried {
    const trial = this.#trial();
    for (const order of orders) trial.meet(order);
    return { orders, trial };
  }

  #trial(): Trial {
    return new Trial(this.#needs, this.#execution);
  }
}

/** What would fill, tried on a copy of the account. */
class Trial {
  readonly account: Account;
  readonly #execution: Execution;
  readonly #admission: Admission;
  readonly #needs: Needs;
  readonly #filled = new Map<PlacedOrder, number>();

  constructor(needs: Needs, execution: Execution) {
    this.account = needs.account.sketch();
    this.#needs = needs;
    this.#execution = execution;
    this.#admission = new Admission({ account: this.account, market: needs.market });
  }

  meet(order: PlacedOrder): void {
    if (this.#isOver(order)) return;
    const { account } = this;
    const { price } = order;
    const claimed = order.claim === null ? this.#needs.account.claimed : nothingClaimed;
    const feeRate = this.#execution.paidRate(order);
    const asked = quantityOf(order, price, feeRate, account, claimed.money);
    const quantity = this.#admission.wanted(order, asked);
    if (this.#admission.cause(order, quantity, price, feeRate, claimed) !== null) return;
    const change = order.side === "buy" ? quantity : -quantity;
    account.book(change, price, quantity * price * feeRate, account.entryIndex);
    this.#filled.set(order, quantity);
  }

  /** Whether an order takes all it asks for, or another has ended it. */
  fillsWhole(order: PlacedOrder): boolean {
    if (this.#isOver(order)) return true;
    const { account, market } = this.#needs;
    const asked = askedOf(order, order.price, this.#execution.paidRate(order), account);
    this.meet(order);
    return this.#quantityOf(order) >= asked * (1 - sameQuantity) - (market.lot ?? 0);
  }

  /** Whether so much of each order was filled as in another trial. */
  fillsAs(other: Trial, orders: readonly PlacedOrder[]): boolean {
    return orders.every((order) => {
      const [one, two] = [this.#quantityOf(order), other.#quantityOf(order)];
      return Math.abs(one - two) <= sameQuantity * Math.max(one, two);
    });
  }

  #quantityOf(order: PlacedOrder): number {
    return this.#filled.get(order) ?? 0;
  }

  /** Whether a rival has filled, or what it protects is gone. */
  #isOver({ entry, rivals, side }: PlacedOrder): boolean {
    const { held } = this.account;
    const isOrphan = entry !== null && (side === "sell" ? held <= 0 : held >= 0);
    return isOrphan || rivals.some((rival) => this.#filled.has(rival));
  }
}

/** Stops that follow, or turn into limits, and liquidation: what they do depends on more than who came before. */
const decidesMore = ({ isForced, kind, trail, waiting }: PlacedOrder) =>
  isForced || trail !== null || (kind === "stop-limit" && waiting === "stop");

/** All ways that keep the order of each side. */
function interleaved({ above, below }: Sides): readonly (readonly PlacedOrder[])[] {
  const [up, ...higher] = above;
  const [down, ...lower] = below;
  if (up === undefined) return [below];
  if (down === undefined) return [above];
  return [
    ...interleaved({ above, below: lower }).map((way) => [down, ...way]),
    ...interleaved({ above: higher, below }).map((way) => [up, ...way]),
  ];
}
