import type { Account } from "./account.ts";
import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import { toLot, toTick } from "./grid.ts";
import type { Side } from "./order.ts";
import { isPrice } from "./order-checks.ts";
import type { RefusedLine, RejectionCause } from "./result.ts";
import type { MarketRules, RunSettings } from "./run-settings.ts";

/** An order that a strategy means to rest, under the name by which its author knows it. */
export type PlannedOrder = Readonly<{ name: string; side: Side; price: number; quantity: number }>;

/** The same on the market's grid, and why it would be refused; null where it would not. */
export type CheckedOrder = PlannedOrder & Readonly<{ cause: RejectionCause | null }>;

type Needs = Readonly<{
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
   * Checks in the order given: funds go to the first lines. All are paid out of the equity, fee included; what a line sells
   * is taken to be bought at the last close. Of two lines of one side at one price the second is refused.
   */
  check(planned: readonly PlannedOrder[]): readonly CheckedOrder[] {
    const { account, market, settings, candles } = this.#needs;
    const close = candles.close[this.#clock.index] as number;
    const equity = account.equityAt(close);
    const feeRate = Math.max(settings.makerFee, settings.takerFee);
    const taken = new Set<string>();
    let spent = 0;
    return planned.map((line) => {
      const order = onGrid(line, market);
      const place = `${order.side} ${order.price}`;
      const price = order.side === "buy" ? order.price : close;
      const cost = order.quantity * price * (1 + feeRate);
      const isBeyond = spent + cost > equity * (1 + 1e-12);
      const cause =
        (taken.has(place) ? "bad-price" : limitCause(order, market)) ??
        (isBeyond ? "beyond-funds" : null);
      if (cause !== null) this.#note({ ...order, cause });
      else {
        spent += cost;
        taken.add(place);
      }
      return { ...order, cause };
    });
  }

  #note({ name, side, price, quantity, cause }: PlannedOrder & { cause: RejectionCause }): void {
    const key = `${name}\n${cause}`;
    const known = this.#refused.get(key);
    if (known) known.times++;
    else if (this.#refused.size < refusedLinesMax) {
      const at = this.#needs.candles.time[this.#clock.index] as number;
      this.#refused.set(key, { name, side, price, quantity, cause, at, times: 1 });
    }
  }
}

const onGrid = (line: PlannedOrder, { tick, lot }: MarketRules): PlannedOrder => ({
  ...line,
  name: String(line.name).slice(0, nameMax),
  price: toTick(line.price, tick),
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
