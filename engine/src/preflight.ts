import type { Account } from "./account.ts";
import type { Claimed } from "./claims.ts";
import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import { toLot, toTick } from "./grid.ts";
import type { Side } from "./order.ts";
import { isPrice } from "./order-checks.ts";
import type { RefusedLine, RejectionCause } from "./result.ts";
import type { MarketRules, RunSettings } from "./run-settings.ts";

/** An order that a strategy means to rest, under the name by which its author knows it. */
export type PlannedOrder = Readonly<{
  name: string;
  side: Side;
  price: number;
  quantity: number;
  /** It only sells a part of what is held: held to the market's limits, and costs nothing. */
  reduceOnly?: boolean;
}>;

/** The same on the market's grid, and why it would be refused: the cause, and with its numbers; null where it would not. */
export type CheckedOrder = PlannedOrder &
  Readonly<{ cause: RejectionCause | null; why: string | null }>;

type Needs = Readonly<{
  /** Why nothing can be traded now, null where it can; and what orders of other markets hold. */
  broker: Readonly<{ refusal: RejectionCause | null; claimedElsewhere: Claimed }>;
  account: Account;
  market: MarketRules;
  settings: RunSettings;
  candles: Columns;
}>;

/** How many refused lines are kept by name; a plan that is made anew names its lines again. */
const refusedLinesMax = 200;
const nameMax = 100;

/** Holds the orders of a plan against the market's limits and the funds before any of them is placed. */
export class Preflight {
  /** Each line once for each cause, as it was when it was refused first. */
  readonly #refused = new Map<string, { -readonly [Key in keyof RefusedLine]: RefusedLine[Key] }>();
  readonly #needs: Needs;
  readonly #clock: Clock;

  constructor(needs: Needs, clock: Clock) {
    this.#needs = needs;
    this.#clock = clock;
  }

  get refused(): readonly RefusedLine[] {
    return [...this.#refused.values()];
  }

  /**
   * Checks in the order given: funds go to the first lines. All are paid out of the equity, or out of the margin that it
   * carries, fee included; what a line sells is taken to be bought at the last close, unless it is held already. Of two lines of one side at one price
   * the second is refused. Throws `TypeError` for what is no list of orders.
   */
  check(planned: readonly PlannedOrder[]): readonly CheckedOrder[] {
    if (!isPlan(planned))
      throw new TypeError("preflight takes a list of orders with name, side, price and quantity.");
    const plan = new Plan(this.#needs, this.#needs.candles.close[this.#clock.index] as number);
    return planned.map((line) => {
      const checked = plan.check(onGrid(line, this.#needs.market));
      if (checked.cause !== null) this.#note(checked, checked.cause);
      return checked;
    });
  }

  #note({ name, side, price, quantity, why }: CheckedOrder, cause: RejectionCause): void {
    const key = `${name}\n${cause}`;
    const known = this.#refused.get(key);
    if (known) known.times++;
    else if (this.#refused.size < refusedLinesMax) {
      const at = this.#needs.candles.time[this.#clock.index] as number;
      const line = { name, side, price, quantity, cause, why: why ?? "", at, times: 1 };
      this.#refused.set(key, line);
    }
  }
}

/** The lines that were accepted, and what they hold and need once all of them have filled. */
class Plan {
  readonly #needs: Needs;
  readonly #close: number;
  readonly #equity: number;
  readonly #feeRate: number;
  readonly #accepted: { price: number; quantity: number }[] = [];
  readonly #places = new Set<string>();
  readonly #claimed: Claimed;
  #left: number;

  constructor(needs: Needs, close: number) {
    const { account, settings } = needs;
    this.#needs = needs;
    this.#close = close;
    this.#equity = account.equityAt(close);
    this.#feeRate = Math.max(settings.makerFee, settings.takerFee);
    this.#claimed = needs.broker.claimedElsewhere;
    this.#left = account.planFunds(close) - this.#claimed.money;
  }

  check(order: PlannedOrder): CheckedOrder {
    const { account, broker, market } = this.#needs;
    const price = order.side === "buy" ? order.price : this.#close;
    const place = `${order.side} ${order.price}`;
    const isTaken = this.#places.has(place);
    const bought = order.reduceOnly === true ? 0 : order.quantity;
    const cost = bought * price * (1 / account.leverage + this.#feeRate);
    const { quantity, paid } = this.#heldBy(price);
    const liquidation = account.planLiquidation(quantity, paid, this.#equity);
    const cause =
      broker.refusal ??
      (isTaken ? "bad-price" : limitCause(order, market)) ??
      (bought > 0 && price <= liquidation ? "beyond-liquidation" : null) ??
      (bought > 0 ? account.planCause(quantity + bought, price, this.#claimed) : null) ??
      (cost > this.#left + 1e-12 * this.#equity && bought > 0 ? "beyond-funds" : null);
    if (cause !== null) {
      const look = { order, market, cost, left: this.#left, liquidation, isTaken };
      const facts = {
        ...look,
        leverage: account.leverage,
        after: (quantity + bought) * price,
      };
      return { ...order, cause, why: sentences[cause]?.(facts) ?? cause.replaceAll("-", " ") };
    }
    this.#left -= cost;
    this.#places.add(place);
    this.#accepted.push({ price, quantity: bought });
    return { ...order, cause: null, why: null };
  }

  /** What the accepted lines hold before one at this price fills, and what was paid for it. */
  #heldBy(price: number): Readonly<{ quantity: number; paid: number }> {
    let [quantity, paid] = [0, 0];
    for (const line of this.#accepted) {
      if (line.price < price) continue;
      quantity += line.quantity;
      paid += line.quantity * line.price;
    }
    return { quantity, paid };
  }
}

type Facts = Readonly<{
  order: PlannedOrder;
  market: MarketRules;
  leverage: number;
  /** Money that the line needs, and that there is. */
  cost: number;
  left: number;
  /** Worth of all that is held once it has filled. */
  after: number;
  liquidation: number;
  isTaken: boolean;
}>;

const money = (amount: number) => amount.toFixed(2);
const plain = (value: number) => String(Number(value.toPrecision(8)));

const sentences: Readonly<Partial<Record<RejectionCause, (facts: Facts) => string>>> = {
  "not-trading": () => "is on a market that has no candles now",
  "unknown-market": () => "is on a market that the run does not have",
  "bad-price": ({ isTaken }) =>
    isTaken ? "lies on the same price step as another line" : "has no price above 0",
  "below-lot": ({ market }) => `is less than one lot of ${market.lot ?? 0}`,
  "below-minimum": ({ order, market }) =>
    `is worth ${money(order.quantity * order.price)}, less than the market's minimum of ${market.notionalMin}`,
  "beyond-funds": ({ cost, left, leverage }) =>
    leverage > 1
      ? `needs ${money(cost)} of margin at ${leverage}× and fees, ${money(Math.max(0, left))} are left`
      : `costs ${money(cost)} with fees, ${money(Math.max(0, left))} are left`,
  "leverage-above-tier": ({ after, leverage }) =>
    `makes the position worth ${money(after)}, for which the market does not allow ${leverage}×`,
  "beyond-liquidation": ({ liquidation }) =>
    `comes after ${plain(liquidation)}, where the lines before it would be liquidated`,
  "beyond-exposure": ({ after }) =>
    `makes the position worth ${money(after)}, more than the wallet's limits allow`,
  "too-many-positions": () => "opens one position more than the wallet's limits allow",
};

const isPlan = (planned: unknown): boolean =>
  Array.isArray(planned) && planned.every((line) => typeof line === "object" && line !== null);

const onGrid = (line: PlannedOrder, { tick, lot }: MarketRules): PlannedOrder => ({
  ...line,
  name: String(line.name).slice(0, nameMax),
  price: toTick(line.price, tick, line.side === "sell"),
  quantity: toLot(line.quantity, lot),
});

function limitCause(
  { side, price, quantity }: PlannedOrder,
  { notionalMin }: MarketRules,
): RejectionCause | null {
  if (side !== "buy" && side !== "sell") return "bad-request";
  if (!isPrice(price)) return "bad-price";
  if (Number.isNaN(quantity)) return "not-a-number";
  if (!Number.isFinite(quantity)) return "infinite";
  if (quantity < 0) return "negative-quantity";
  if (quantity === 0) return "below-lot";
  return notionalMin !== null && quantity * price < notionalMin ? "below-minimum" : null;
}
