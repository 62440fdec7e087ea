import type { Account } from "./account.ts";
import { toLot } from "./grid.ts";
import { isPrice } from "./order-checks.ts";
import type { PlacedOrder, Waiting } from "./placed-order.ts";
import type { Fill, RejectionCause } from "./result.ts";
import type { Columns, MarketRules, RunSettings } from "./run.ts";
import { quantityOf } from "./sizing.ts";

export type ExecutionNeeds = Readonly<{
  candles: Columns;
  account: Account;
  market: MarketRules;
  settings: RunSettings;
}>;

/** What an order that met its price does: sizes, pays, books, wakes its protection and ends what it replaces. */
export class Execution {
  readonly fills: Fill[] = [];
  readonly rejected: Partial<Record<RejectionCause, number>> = {};
  /** Orders that wait, in the order they were placed. */
  readonly orders: PlacedOrder[] = [];
  readonly #needs: ExecutionNeeds;
  readonly #slippage: number;

  constructor(needs: ExecutionNeeds) {
    this.#needs = needs;
    this.#slippage = needs.settings.slippageBps / 10_000;
  }

  /** Fills an order at a price of the candle `index`, or refuses it. `isInside` says after the open. */
  fill(order: PlacedOrder, met: number, index: number, isInside: boolean): void {
    const { account, market, settings, candles } = this.#needs;
    const isMaker = order.isPriced && !order.isMarketable;
    const feeRate = isMaker ? settings.makerFee : settings.takerFee;
    const price = order.isPriced ? met : this.#slipped(order, met);
    const wanted = quantityOf(order, price, feeRate, account);
    // What leaves a whole position is not rounded: nothing may stay behind.
    const quantity = order.reduceOnly
      ? Math.min(wanted, this.#reducible(order))
      : toLot(wanted, market.lot);
    const cause = this.#cause(order, quantity, price, feeRate);
    if (cause !== null) {
      this.refuse(order, cause);
      return;
    }
    const change = order.side === "buy" ? quantity : -quantity;
    const fee = quantity * price * feeRate;
    account.book(change, price, fee, index);
    order.move("fill");
    this.fills.push({
      index,
      at: candles.time[index] as number,
      orderId: order.id,
      side: order.side,
      quantity,
      price,
      fee,
      liquidity: isMaker ? "maker" : "taker",
      slippage: Math.abs(price - met) * quantity,
      reason: order.reason,
      stopPrice: legPrice(order, "stop"),
      targetPrice: legPrice(order, "limit"),
    });
    this.#wake(order, quantity, price, index, isInside);
    this.#endOrphans();
  }

  /** Counts a refusal and says so on the order. */
  refuse(order: PlacedOrder, cause: RejectionCause): void {
    order.move("refuse");
    order.cause = cause;
    this.count(cause);
    for (const leg of order.legs) if (leg.isWaiting) leg.move("cancel");
  }

  count(cause: RejectionCause): void {
    this.rejected[cause] = (this.rejected[cause] ?? 0) + 1;
  }

  /** Takes an order back with what waits for it. */
  cancel(order: PlacedOrder): void {
    this.#end(order, "cancel");
  }

  /** Ends an order whose time is over, with what waits for it. */
  expire(order: PlacedOrder): void {
    this.#end(order, "expire");
  }

  /** Keeps the orders that still wait, in their order. */
  forgetEnded(): void {
    const { orders } = this;
    let kept = 0;
    for (const order of orders) if (order.isWaiting) orders[kept++] = order;
    orders.length = kept;
  }

  #end(order: PlacedOrder, event: "cancel" | "expire"): void {
    order.move(event);
    for (const leg of order.legs) if (leg.status === "held") leg.move("cancel");
  }

  #slipped(order: PlacedOrder, price: number): number {
    return order.side === "buy" ? price * (1 + this.#slippage) : price * (1 - this.#slippage);
  }

  #reducible(order: PlacedOrder): number {
    const { held } = this.#needs.account;
    return Math.max(0, order.side === "sell" ? held : -held);
  }

  #cause(
    order: PlacedOrder,
    quantity: number,
    price: number,
    feeRate: number,
  ): RejectionCause | null {
    const { account, market } = this.#needs;
    if (order.reduceOnly) return quantity > 0 ? null : "no-position";
    if (!Number.isFinite(quantity)) return "infinite";
    const change = order.side === "buy" ? quantity : -quantity;
    const exposure = account.exposureAfter(change);
    if (quantity > 0 && exposure <= Math.abs(account.held)) return null;
    const equity = account.equityAt(price);
    if (equity <= 0) return "beyond-funds";
    const isShare = order.size.kind === "share" || order.size.kind === "risk";
    if (isShare && quantity * price <= 1e-9 * equity) return "beyond-funds";
    if (quantity === 0) return "below-lot";
    if (market.notionalMin !== null && quantity * price < market.notionalMin)
      return "below-minimum";
    const needed = exposure * price + quantity * price * feeRate;
    // Asked this way round, a sum too large for a number is refused too.
    return needed <= equity * (1 + 1e-12) ? null : "beyond-funds";
  }

  #wake(
    entry: PlacedOrder,
    quantity: number,
    price: number,
    index: number,
    isInside: boolean,
  ): void {
    for (const leg of entry.legs) {
      leg.move("activate");
      leg.size = { kind: "quantity", amount: quantity };
      leg.since = index;
      leg.beganInside = isInside;
      leg.begin(price);
    }
  }

  /** Protection of a position that is gone would open a new one: it ends here. */
  #endOrphans(): void {
    const { held } = this.#needs.account;
    for (const order of this.orders) {
      const isOrphan =
        order.entry !== null &&
        order.status === "open" &&
        (order.side === "sell" ? held <= 0 : held >= 0);
      if (isOrphan || (order.status === "open" && order.rivals.some(hasFilled))) this.cancel(order);
    }
  }
}

/** Where a leg waits; null without one, and for a trailing stop that does not follow yet. */
function legPrice({ legs }: PlacedOrder, waiting: Waiting): number | null {
  if (legs.length === 0) return null;
  const price = legs.find((leg) => leg.waiting === waiting)?.price;
  return isPrice(price) ? price : null;
}

const hasFilled = (order: PlacedOrder) => order.status === "filled";
