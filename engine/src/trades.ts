import type { Columns } from "./columns.ts";
import { endOfData } from "./end-of-data.ts";
import { type Extremes, extremesOf, type Span } from "./extremes.ts";
import { type FillLog, fillNumber } from "./fill-log.ts";
import { heldAfter } from "./held-after.ts";
import { nearnessOf } from "./liquidation-distance.ts";
import type { FundingPayment, LiquidationLevel } from "./result.ts";
import { type LoggedTrade, TradeLog } from "./trade-log.ts";

/** A round trip that is being added up, in words of the trade that it becomes. */
type Trip = { -readonly [Name in keyof LoggedTrade]: LoggedTrade[Name] } & {
  /** What of it is still held; 0 between two trips. */
  left: number;
};

/** What happened in one market besides fills; the lists grow while the run goes on. */
export type MarketRecord = Readonly<{
  symbol: string;
  candles: Columns;
  payments: readonly FundingPayment[];
  levels: readonly LiquidationLevel[];
}>;

/**
 * Cuts the fills into round trips from flat to flat, while the run goes on: the candles that a trip saw are still in the
 * processor's cache then.
 */
export class TradeList {
  readonly #trades: TradeLog;
  readonly #record: MarketRecord;
  readonly #extremes: Extremes;
  /** One for all trips: an object each costs more than adding it up. */
  readonly #trip: Trip = noTrip();
  /** The prices that it saw; one for all too. */
  readonly #seen: Span = { low: 0, high: 0 };
  #cut = 0;
  #paid = 0;

  constructor(record: MarketRecord) {
    this.#trades = new TradeLog(record.symbol);
    this.#record = record;
    this.#extremes = extremesOf(record.candles);
  }

  /** Goes on over the fills that came since. */
  addFrom(fills: FillLog): void {
    for (; this.#cut < fills.count; this.#cut++) this.#add(fills, this.#cut);
  }

  /** All trades. One that is open at the end is listed last, valued at the last close without an exit fee, as "end-of-data". */
  end(): TradeLog {
    const { close, time } = this.#record.candles;
    this.#payUpTo(this.#cut);
    const trip = this.#trip;
    if (trip.left > 0) {
      const last = close.length - 1;
      leave(trip, trip.left, close[last] as number, 0);
      this.#close(last, time[last] as number, endOfData);
    }
    return this.#trades;
  }

  /** Funding that was paid after so many fills or fewer. */
  #payUpTo(fills: number): void {
    const { payments } = this.#record;
    for (; this.#paid < payments.length; this.#paid++) {
      const { fillsBefore, amount } = payments[this.#paid] as FundingPayment;
      if (fillsBefore > fills) return;
      if (this.#trip.left > 0) this.#trip.funding += amount;
    }
  }

  #add(fills: FillLog, fill: number): void {
    const index = fills.indexOf(fill);
    const filled = fills.numberOf(fill, fillNumber.quantity);
    const price = fills.numberOf(fill, fillNumber.price);
    const fee = fills.numberOf(fill, fillNumber.fee);
    this.#payUpTo(fill);
    let quantity = filled;
    const trip = this.#trip;
    if (trip.left > 0 && (trip.side === "long") !== fills.isBuy(fill)) {
      const out = Math.min(quantity, trip.left);
      leave(trip, out, price, (fee * out) / filled);
      quantity = Math.abs(heldAfter(quantity, -out));
      if (trip.left > 0) return;
      this.#close(index, fills.numberOf(fill, fillNumber.at), fills.reasonOf(fill));
    }
    if (quantity === 0) return;
    if (trip.left === 0) begin(trip, fills, fill);
    enter(trip, quantity, price, (fee * quantity) / filled);
  }

  #close(exitIndex: number, exitAt: number, exitReason: string): void {
    const trip = this.#trip;
    const { side, quantity, entryIndex, entryPrice, exitPrice } = trip;
    const direction = side === "long" ? 1 : -1;
    // Of the exit's candle only the exit was seen: the rest may have come after it.
    const seen = this.#seen;
    seen.low = Math.min(entryPrice, exitPrice);
    seen.high = Math.max(entryPrice, exitPrice);
    this.#extremes.widen(seen, entryIndex, exitIndex);
    const worst = side === "long" ? seen.low : seen.high;
    const best = side === "long" ? seen.high : seen.low;
    trip.exitIndex = exitIndex;
    trip.exitAt = exitAt;
    trip.exitReason = exitReason;
    trip.pnl = direction * (exitPrice - entryPrice) * quantity - trip.fees + trip.funding;
    trip.mae = Math.min(0, direction * (worst - entryPrice) * quantity);
    trip.mfe = Math.max(0, direction * (best - entryPrice) * quantity);
    const { levels, candles } = this.#record;
    const { liquidationPrice, liquidationDistance } = nearnessOf(trip, levels, candles);
    trip.liquidationPrice = liquidationPrice;
    trip.liquidationDistance = liquidationDistance;
    this.#trades.add(trip);
  }
}

const noTrip = (): Trip => ({
  side: "long",
  quantity: 0,
  left: 0,
  entryIndex: 0,
  entryAt: 0,
  entryPrice: 0,
  exitIndex: 0,
  exitAt: 0,
  exitPrice: 0,
  fees: 0,
  funding: 0,
  pnl: 0,
  entryReason: "",
  exitReason: "",
  mae: 0,
  mfe: 0,
  stopPrice: Number.NaN,
  targetPrice: Number.NaN,
  liquidationPrice: null,
  liquidationDistance: null,
});

function begin(trip: Trip, fills: FillLog, fill: number): void {
  trip.side = fills.isBuy(fill) ? "long" : "short";
  trip.quantity = 0;
  trip.entryIndex = fills.indexOf(fill);
  trip.entryAt = fills.numberOf(fill, fillNumber.at);
  trip.entryPrice = 0;
  trip.entryReason = fills.reasonOf(fill);
  trip.exitPrice = 0;
  trip.fees = 0;
  trip.funding = 0;
  trip.stopPrice = fills.numberOf(fill, fillNumber.stopPrice);
  trip.targetPrice = fills.numberOf(fill, fillNumber.targetPrice);
}

function enter(trip: Trip, quantity: number, price: number, fee: number): void {
  trip.entryPrice = mixed(trip.entryPrice, trip.quantity, price, quantity);
  trip.quantity += quantity;
  trip.left += quantity;
  trip.fees += fee;
}

function leave(trip: Trip, quantity: number, price: number, fee: number): void {
  trip.exitPrice = mixed(trip.exitPrice, trip.quantity - trip.left, price, quantity);
  trip.left = Math.abs(heldAfter(trip.left, -quantity));
  trip.fees += fee;
}

const mixed = (price: number, quantity: number, added: number, addedQuantity: number) =>
  quantity === 0 ? added : (price * quantity + added * addedQuantity) / (quantity + addedQuantity);
