import { type Account, heldAfter } from "./account.ts";
import { toLot } from "./grid.ts";
import { isPrice } from "./order-checks.ts";
import { PerpetualAccount } from "./perpetual-account.ts";
import { forcedOrder, type PlacedOrder, type Waiting } from "./placed-order.ts";
import type { Fill, LiquidationLevel, RejectionCause } from "./result.ts";
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
  readonly liquidationLevels: LiquidationLevel[] = [];
  readonly #slippage: number;
  /** What liquidates; null where nothing is lent. */
  readonly #forced: PlacedOrder | null;

  constructor(needs: ExecutionNeeds) {
    this.#needs = needs;
    this.#slippage = needs.settings.slippageBps / 10_000;
    this.#forced = needs.account instanceof PerpetualAccount ? forcedOrder() : null;
    if (this.#forced !== null) this.orders.push(this.#forced);
  }

  /** Fills an order at a price of the candle `index`, or refuses it. `isInside` says after the open. */
  fill(order: PlacedOrder, met: number, index: number, isInside: boolean): void {
    const { account, market, settings, candles } = this.#needs;
    if (order.isForced) {
      this.#liquidate(order, met, index);
      return;
    }
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
    if (this.#forced !== null) this.settle(index, isInside);
  }

  /** Lets the exchange's order wait where the position is to be liquidated from now on. */
  settle(index: number, isInside: boolean): void {
    const forced = this.#forced;
    if (forced === null) return;
    const { held, liquidationPrice } = this.#needs.account;
    forced.side = held < 0 ? "buy" : "sell";
    forced.waitsAbove = held < 0;
    if (Object.is(forced.price, liquidationPrice)) return;
    forced.price = liquidationPrice;
    forced.since = index;
    forced.beganInside = isInside;
    const price = Number.isNaN(liquidationPrice) ? null : liquidationPrice;
    this.liquidationLevels.push({ index, price });
  }

  /** The exchange takes the whole position and every order of the market. */
  #liquidate(forced: PlacedOrder, met: number, index: number): void {
    const { account, candles } = this.#needs;
    if (!(account instanceof PerpetualAccount) || account.held === 0) return;
    const { price, fee } = account.takeover(met);
    const quantity = Math.abs(account.held);
    const { side, reason } = forced;
    account.book(side === "buy" ? quantity : -quantity, price, fee, index);
    this.fills.push({
      index,
      at: candles.time[index] as number,
      orderId: forced.id,
      side,
      quantity,
      price,
      fee,
      liquidity: "taker",
      slippage: 0,
      reason,
      stopPrice: null,
      targetPrice: null,
    });
    for (const order of this.orders) if (order.isWaiting && !order.isForced) this.cancel(order);
    this.settle(index, true);
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
    const exposure = Math.abs(heldAfter(account.held, change));
    if (quantity > 0 && exposure <= Math.abs(account.held)) return null;
    const equity = account.equityAt(price);
    if (equity <= 0) return "beyond-funds";
    const isShare = order.size.kind === "share" || order.size.kind === "risk";
    if (isShare && quantity * price <= 1e-9 * equity) return "beyond-funds";
    if (quantity === 0) return "below-lot";
    if (market.notionalMin !== null && quantity * price < market.notionalMin)
      return "below-minimum";
    return account.cause(change, price, quantity * price * feeRate);
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
