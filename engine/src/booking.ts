import type { Account } from "./account.ts";
import type { Columns } from "./columns.ts";
import { FillLog } from "./fill-log.ts";
import type { Moment } from "./moment.ts";
import { isPrice } from "./order-checks.ts";
import type { PlacedOrder, Waiting } from "./placed-order.ts";
import type { Fill } from "./result.ts";

/** What an order pays, and whether out of the coins that it buys. */
export type Terms = Readonly<{ isMaker: boolean; feeRate: number; isFeeReceived: boolean }>;

/** Books fills: in the account, in the volume of the moment and in the log. */
export class Booking {
  readonly fills = new FillLog();
  readonly #account: Account;
  readonly #candles: Columns;
  readonly #moment: Moment;
  /** The fill that is booked: one for all, because an object each costs more than booking it. */
  readonly #fill = emptyFill();

  constructor(
    { account, candles }: Readonly<{ account: Account; candles: Columns }>,
    moment: Moment,
  ) {
    this.#account = account;
    this.#candles = candles;
    this.#moment = moment;
  }

  /** So much of an order was traded at a price, where it met another. */
  book(order: PlacedOrder, traded: number, price: number, met: number, terms: Terms): void {
    const { index } = this.#moment;
    const { feeRate, isMaker, isFeeReceived } = terms;
    this.#moment.take(order.side, traded, isMaker);
    // Where the fee comes out of the coins, a buy that closes a position takes as many more as the fee needs.
    const quantity = isFeeReceived && !order.reduceOnly ? traded * (1 - feeRate) : traded;
    const paid = isFeeReceived && order.reduceOnly ? traded / (1 - feeRate) : traded;
    const fee = paid * price * feeRate;
    this.#account.book(order.side === "buy" ? quantity : -quantity, price, fee, index);
    order.filled += quantity;
    const fill = this.#fill;
    fill.index = index;
    fill.at = this.#candles.time[index] as number;
    fill.orderId = order.id;
    fill.side = order.side;
    fill.quantity = quantity;
    fill.price = price;
    fill.fee = fee;
    fill.liquidity = isMaker ? "maker" : "taker";
    fill.slippage = Math.abs(price - met) * quantity;
    fill.reason = order.reason;
    fill.stopPrice = legPrice(order, "stop");
    fill.targetPrice = legPrice(order, "limit");
    this.fills.add(fill);
  }

  /** The exchange took the whole position. */
  takeOver({ id, side, reason }: PlacedOrder, price: number, fee: number): void {
    const { index } = this.#moment;
    const quantity = Math.abs(this.#account.held);
    this.#account.book(side === "buy" ? quantity : -quantity, price, fee, index);
    this.fills.add({
      index,
      at: this.#candles.time[index] as number,
      orderId: id,
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
  }
}

const emptyFill = (): { -readonly [Name in keyof Fill]: Fill[Name] } => ({
  index: 0,
  at: 0,
  orderId: 0,
  side: "buy",
  quantity: 0,
  price: 0,
  fee: 0,
  liquidity: "taker",
  slippage: 0,
  reason: "",
  stopPrice: Number.NaN,
  targetPrice: Number.NaN,
});

/** Where a leg waits; `NaN` without one, and for a trailing stop that does not follow yet. */
function legPrice({ legs }: PlacedOrder, waiting: Waiting): number {
  if (legs.length === 0) return Number.NaN;
  const price = legs.find((leg) => leg.waiting === waiting)?.price;
  return isPrice(price) ? price : Number.NaN;
}
