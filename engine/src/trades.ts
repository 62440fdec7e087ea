import { heldAfter } from "./account.ts";
import type { Columns } from "./columns.ts";
import { nearnessOf } from "./liquidation-distance.ts";
import type { EngineTrade, Fill, FundingPayment, LiquidationLevel } from "./result.ts";

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
  stopPrice: number | null;
  targetPrice: number | null;
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
  readonly #trades: EngineTrade[] = [];
  readonly #record: MarketRecord;
  #trip: OpenTrip | null = null;
  #cut = 0;
  #paid = 0;

  constructor(record: MarketRecord) {
    this.#record = record;
  }

  /** Goes on over the fills that came since. */
  addFrom(fills: readonly Fill[]): void {
    for (; this.#cut < fills.length; this.#cut++) this.#add(fills[this.#cut] as Fill);
  }

  /** All trades. One that is open at the end is listed last, valued at the last close without an exit fee, as "end-of-data". */
  end(): readonly EngineTrade[] {
    this.#payUpTo(this.#record.candles.close.length);
    if (this.#trip !== null) this.#trades.push(openAtEnd(this.#trip, this.#number, this.#record));
    this.#trip = null;
    return this.#trades;
  }

  get #number(): number {
    return this.#trades.length + 1;
  }

  /** Funding was paid on what was open before the fills of its candle. */
  #payUpTo(last: number): void {
    const { payments } = this.#record;
    for (; this.#paid < payments.length; this.#paid++) {
      const { index, amount } = payments[this.#paid] as FundingPayment;
      if (index > last) return;
      if (this.#trip !== null) this.#trip.funding += amount;
    }
  }

  #add(fill: Fill): void {
    this.#payUpTo(fill.index);
    let quantity = fill.quantity;
    const trip = this.#trip;
    if (trip !== null && isAgainst(trip, fill)) {
      const out = Math.min(quantity, trip.left);
      leave(trip, out, fill.price, (fill.fee * out) / fill.quantity);
      quantity = Math.abs(heldAfter(quantity, -out));
      if (trip.left > 0) return;
      const { index, at, reason } = fill;
      this.#trades.push(closed(trip, index, at, reason, this.#number, this.#record));
      this.#trip = null;
    }
    if (quantity > 0) {
      const fee = (fill.fee * quantity) / fill.quantity;
      this.#trip = enter(this.#trip, fill, quantity, fee);
    }
  }
}

const isAgainst = (trip: OpenTrip, fill: Fill) => (trip.side === "long") === (fill.side === "sell");

function enter(trip: OpenTrip | null, fill: Fill, quantity: number, fee: number): OpenTrip {
  if (trip === null) {
    return {
      side: fill.side === "buy" ? "long" : "short",
      entryIndex: fill.index,
      entryAt: fill.at,
      entryReason: fill.reason,
      entered: quantity,
      entryPrice: fill.price,
      left: quantity,
      exitedPrice: 0,
      fees: fee,
      funding: 0,
      stopPrice: fill.stopPrice,
      targetPrice: fill.targetPrice,
    };
  }
  trip.entryPrice = mixed(trip.entryPrice, trip.entered, fill.price, quantity);
  trip.entered += quantity;
  trip.left += quantity;
  trip.fees += fee;
  return trip;
}

function leave(trip: OpenTrip, quantity: number, price: number, fee: number): void {
  trip.exitedPrice = mixed(trip.exitedPrice, trip.entered - trip.left, price, quantity);
  trip.left = Math.abs(heldAfter(trip.left, -quantity));
  trip.fees += fee;
}

const mixed = (price: number, quantity: number, added: number, addedQuantity: number) =>
  quantity === 0 ? added : (price * quantity + added * addedQuantity) / (quantity + addedQuantity);

function openAtEnd(trip: OpenTrip, number: number, record: MarketRecord): EngineTrade {
  const { candles } = record;
  const last = candles.close.length - 1;
  leave(trip, trip.left, candles.close[last] as number, 0);
  return closed(trip, last, candles.time[last] as number, "end-of-data", number, record);
}

function closed(
  trip: OpenTrip,
  exitIndex: number,
  exitAt: number,
  exitReason: string,
  number: number,
  { candles, levels, symbol }: MarketRecord,
): EngineTrade {
  const { side, entered, entryPrice, exitedPrice, fees, funding, entryIndex } = trip;
  const direction = side === "long" ? 1 : -1;
  const pnl = direction * (exitedPrice - entryPrice) * entered - fees + funding;
  const [lowest, highest] = pricesSeen(trip, exitIndex, candles);
  const worst = side === "long" ? lowest : highest;
  const best = side === "long" ? highest : lowest;
  return {
    number,
    market: symbol,
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
    pnl,
    pnlShare: pnl / (entryPrice * entered),
    entryReason: trip.entryReason,
    exitReason,
    mae: Math.min(0, direction * (worst - entryPrice) * entered),
    mfe: Math.max(0, direction * (best - entryPrice) * entered),
    candles: exitIndex - entryIndex,
    stopPrice: trip.stopPrice,
    targetPrice: trip.targetPrice,
    ...nearnessOf({ side, entryIndex, exitIndex, exitPrice: exitedPrice }, levels, candles),
  };
}

/** Lowest and highest price while open; of the exit's candle only the exit, because the rest may have come after it. */
function pricesSeen(
  trip: OpenTrip,
  exitIndex: number,
  candles: Columns,
): readonly [number, number] {
  const { high, low } = candles;
  let lowest = Math.min(trip.entryPrice, trip.exitedPrice);
  let highest = Math.max(trip.entryPrice, trip.exitedPrice);
  for (let i = trip.entryIndex; i < exitIndex; i++) {
    if ((low[i] as number) < lowest) lowest = low[i] as number;
    if ((high[i] as number) > highest) highest = high[i] as number;
  }
  return [lowest, highest];
}
