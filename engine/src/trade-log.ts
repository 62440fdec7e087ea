import { NumberRows } from "./number-rows.ts";
import type { EngineTrade } from "./result.ts";

/** What a trade is made from; the rest of it follows. */
export type LoggedTrade = Omit<EngineTrade, "number" | "market" | "pnlShare" | "candles">;

/** The numbers of a trade, by their column; a price that there is not is `NaN`. */
const column = {
  isLong: 0,
  quantity: 1,
  entryIndex: 2,
  entryAt: 3,
  entryPrice: 4,
  exitIndex: 5,
  exitAt: 6,
  exitPrice: 7,
  fees: 8,
  funding: 9,
  pnl: 10,
  mae: 11,
  mfe: 12,
  stopPrice: 13,
  targetPrice: 14,
  liquidationPrice: 15,
  liquidationDistance: 16,
} as const;

/** All trades of one market as numbers, in the order they ended; they become objects where somebody asks for those. */
export class TradeLog {
  readonly #market: string;
  readonly #rows = new NumberRows(17);
  readonly #entryReasons: string[] = [];
  readonly #exitReasons: string[] = [];
  readonly #made: EngineTrade[] = [];

  constructor(market: string) {
    this.#market = market;
  }

  get all(): readonly EngineTrade[] {
    for (let i = this.#made.length; i < this.#rows.count; i++) this.#made.push(this.#make(i));
    return this.#made;
  }

  add(trade: LoggedTrade): void {
    this.#rows.add();
    const { sheet: values, start: row } = this.#rows;
    values[row + column.isLong] = trade.side === "long" ? 1 : 0;
    values[row + column.quantity] = trade.quantity;
    values[row + column.entryIndex] = trade.entryIndex;
    values[row + column.entryAt] = trade.entryAt;
    values[row + column.entryPrice] = trade.entryPrice;
    values[row + column.exitIndex] = trade.exitIndex;
    values[row + column.exitAt] = trade.exitAt;
    values[row + column.exitPrice] = trade.exitPrice;
    values[row + column.fees] = trade.fees;
    values[row + column.funding] = trade.funding;
    values[row + column.pnl] = trade.pnl;
    values[row + column.mae] = trade.mae;
    values[row + column.mfe] = trade.mfe;
    values[row + column.stopPrice] = trade.stopPrice ?? Number.NaN;
    values[row + column.targetPrice] = trade.targetPrice ?? Number.NaN;
    values[row + column.liquidationPrice] = trade.liquidationPrice ?? Number.NaN;
    values[row + column.liquidationDistance] = trade.liquidationDistance ?? Number.NaN;
    this.#entryReasons.push(trade.entryReason);
    this.#exitReasons.push(trade.exitReason);
  }

  #make(trade: number): EngineTrade {
    const rows = this.#rows;
    const quantity = rows.at(trade, column.quantity);
    const entryIndex = rows.at(trade, column.entryIndex);
    const entryPrice = rows.at(trade, column.entryPrice);
    const exitIndex = rows.at(trade, column.exitIndex);
    const pnl = rows.at(trade, column.pnl);
    return {
      number: trade + 1,
      market: this.#market,
      side: rows.at(trade, column.isLong) === 1 ? "long" : "short",
      quantity,
      entryIndex,
      entryAt: rows.at(trade, column.entryAt),
      entryPrice,
      exitIndex,
      exitAt: rows.at(trade, column.exitAt),
      exitPrice: rows.at(trade, column.exitPrice),
      fees: rows.at(trade, column.fees),
      funding: rows.at(trade, column.funding),
      pnl,
      pnlShare: pnl / (entryPrice * quantity),
      entryReason: this.#entryReasons[trade] as string,
      exitReason: this.#exitReasons[trade] as string,
      mae: rows.at(trade, column.mae),
      mfe: rows.at(trade, column.mfe),
      candles: exitIndex - entryIndex,
      stopPrice: numberOrNull(rows.at(trade, column.stopPrice)),
      targetPrice: numberOrNull(rows.at(trade, column.targetPrice)),
      liquidationPrice: numberOrNull(rows.at(trade, column.liquidationPrice)),
      liquidationDistance: numberOrNull(rows.at(trade, column.liquidationDistance)),
    };
  }
}

const numberOrNull = (number: number) => (Number.isNaN(number) ? null : number);
