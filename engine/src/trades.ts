import { heldAfter } from "./account.ts";
import type { Columns } from "./columns.ts";
import { endOfData } from "./end-of-data.ts";
import { type Extremes, extremesOf } from "./extremes.ts";
import { type FillLog, fillNumber } from "./fill-log.ts";
import { nearnessOf } from "./liquidation-distance.ts";
import type { FundingPayment, LiquidationLevel } from "./result.ts";
import { TradeLog } from "./trade-log.ts";

/** A round trip that is being added up. */
type OpenTrip = {
  side: "long" | "short";
  entryIndex: number;
  entryAt: number;
  entryReason: string;
  entered: number;
  entryPrice: number;
  left: number;
  exitedPrice: number;
  fees: number;
  funding: number;
  /** `NaN` without. */
  stopPrice: number;
  targetPrice: number;
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
  #trip: OpenTrip | null = null;
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
    if (trip !== null) {
      const last = close.length - 1;
      leave(trip, trip.left, close[last] as number, 0);
      this.#close(trip, last, time[last] as number, endOfData);
    }
    return this.#trades;
  }

  /** Funding that was paid after so many fills or fewer. */
  #payUpTo(fills: number): void {
    const { payments } = this.#record;
    for (; this.#paid < payments.length; this.#paid++) {
      const { fillsBefore, amount } = payments[this.#paid] as FundingPayment;
      if (fillsBefore > fills) return;
      if (this.#trip !== null) this.#trip.funding += amount;
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
    if (trip !== null && (trip.side === "long") !== fills.isBuy(fill)) {
      const out = Math.min(quantity, trip.left);
      leave(trip, out, price, (fee * out) / filled);
      quantity = Math.abs(heldAfter(quantity, -out));
      if (trip.left > 0) return;
      this.#close(trip, index, fills.numberOf(fill, fillNumber.at), fills.reasonOf(fill));
    }
    if (quantity === 0) return;
    this.#trip ??= begin(fills, fill);
    enter(this.#trip, quantity, price, (fee * quantity) / filled);
  }

  #close(trip: OpenTrip, exitIndex: number, exitAt: number, exitReason: string): void {
    const { side, entered, entryPrice, exitedPrice, fees, funding, entryIndex } = trip;
    const { candles, levels } = this.#record;
    const direction = side === "long" ? 1 : -1;
    // Of the exit's candle only the exit was seen: the rest may have come after it.
    const lowest = this.#extremes.lowest(Math.min(entryPrice, exitedPrice), entryIndex, exitIndex);
    const highest = this.#extremes.highest(
      Math.max(entryPrice, exitedPrice),
      entryIndex,
      exitIndex,
    );
    const worst = side === "long" ? lowest : highest;
    const best = side === "long" ? highest : lowest;
    const nearness = nearnessOf(
      { side, entryIndex, exitIndex, exitPrice: exitedPrice },
      levels,
      candles,
    );
    this.#trades.add({
      side,
      quantity: entered,
      entryIndex,
      entryAt: trip.entryAt,
      entryPrice,
      exitIndex,
      exitAt,
      exitPrice: exitedPrice,
      fees,
      funding,
      pnl: direction * (exitedPrice - entryPrice) * entered - fees + funding,
      entryReason: trip.entryReason,
      exitReason,
      mae: Math.min(0, direction * (worst - entryPrice) * entered),
      mfe: Math.max(0, direction * (best - entryPrice) * entered),
      stopPrice: trip.stopPrice,
      targetPrice: trip.targetPrice,
      liquidationPrice: nearness.liquidationPrice,
      liquidationDistance: nearness.liquidationDistance,
    });
    this.#trip = null;
  }
}

function begin(fills: FillLog, fill: number): OpenTrip {
  return {
    side: fills.isBuy(fill) ? "long" : "short",
    entryIndex: fills.indexOf(fill),
    entryAt: fills.numberOf(fill, fillNumber.at),
    entryReason: fills.reasonOf(fill),
    entered: 0,
    entryPrice: 0,
    left: 0,
    exitedPrice: 0,
    fees: 0,
    funding: 0,
    stopPrice: fills.numberOf(fill, fillNumber.stopPrice),
    targetPrice: fills.numberOf(fill, fillNumber.targetPrice),
  };
}

function enter(trip: OpenTrip, quantity: number, price: number, fee: number): void {
  trip.entryPrice = mixed(trip.entryPrice, trip.entered, price, quantity);
  trip.entered += quantity;
  trip.left += quantity;
  trip.fees += fee;
}

function leave(trip: OpenTrip, quantity: number, price: number, fee: number): void {
  trip.exitedPrice = mixed(trip.exitedPrice, trip.entered - trip.left, price, quantity);
  trip.left = Math.abs(heldAfter(trip.left, -quantity));
  trip.fees += fee;
}

const mixed = (price: number, quantity: number, added: number, addedQuantity: number) =>
  quantity === 0 ? added : (price * quantity + added * addedQuantity) / (quantity + addedQuantity);
