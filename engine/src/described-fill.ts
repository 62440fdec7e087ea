import { passFills } from "./report/fill-trades.ts";
import type { EngineTrade, Fill } from "./result.ts";

/** A fill with its place in the result. */
export type DescribedFill = Omit<Fill, "index"> &
  Readonly<{
    /** Counted from 1, in the order they happened. */
    number: number;
    /** Symbol of the market. */
    market: string;
    /** Numbers of the trade that it made larger and of the one that it made smaller; both where it turned a position. */
    enters: number | null;
    leaves: number | null;
  }>;

type Words = Pick<DescribedFill, "market" | "side" | "liquidity" | "reason">;

/** All fills of a run as numbers, which travel between threads at no cost; `fillsIn` makes objects of them. */
export type FillTable = Readonly<{
  /** What fills say in words; each names its own by the place here. */
  words: readonly Words[];
  /** `fillWidth` numbers for each fill; a price that there is not is `NaN`, no trade is 0. */
  numbers: Float64Array;
}>;

/** In the order in which `tableOfFills` writes them. */
const columns = [
  "words",
  "at",
  "orderId",
  "quantity",
  "price",
  "fee",
  "slippage",
  "stopPrice",
  "targetPrice",
  "enters",
  "leaves",
] as const;
const width = columns.length;
const [enters, leaves] = [columns.indexOf("enters"), columns.indexOf("leaves")];

/** The fills of a run, each with the trades that it entered and left. */
export function tableOfFills(trades: readonly EngineTrade[], fills: readonly Fill[]): FillTable {
  const numbers = new Float64Array(fills.length * width);
  const words = new WordList();
  const only = trades[0]?.market ?? "";
  let row = 0;
  passFills(trades, fills, (fill, did) => {
    numbers[row] = words.placeOf(fill, fill.market ?? only);
    numbers[row + 1] = fill.at;
    numbers[row + 2] = fill.orderId;
    numbers[row + 3] = fill.quantity;
    numbers[row + 4] = fill.price;
    numbers[row + 5] = fill.fee;
    numbers[row + 6] = fill.slippage;
    numbers[row + 7] = fill.stopPrice ?? Number.NaN;
    numbers[row + 8] = fill.targetPrice ?? Number.NaN;
    numbers[row + 9] = trades[did.enters]?.number ?? 0;
    numbers[row + 10] = trades[did.leaves]?.number ?? 0;
    row += width;
  });
  return { words: words.all, numbers };
}

/** The different words of fills, in the order they first came. */
class WordList {
  readonly all: Words[] = [];
  readonly #places = new Map<string, number>();

  placeOf({ side, liquidity, reason }: Fill, market: string): number {
    const text = `${side} ${liquidity} ${market} ${reason}`;
    const known = this.#places.get(text);
    if (known !== undefined) return known;
    this.#places.set(text, this.all.length);
    return this.all.push({ market, side, liquidity, reason }) - 1;
  }
}

/** How many fills entered and left each trade, by its place in the list. */
export function countFills(
  { numbers }: FillTable,
  trades: readonly EngineTrade[],
): Readonly<{ entries: Uint32Array; exits: Uint32Array }> {
  const entries = new Uint32Array(trades.length + 1);
  const exits = new Uint32Array(trades.length + 1);
  for (let row = 0; row < numbers.length; row += width) {
    count(entries, numbers[row + enters] as number);
    count(exits, numbers[row + leaves] as number);
  }
  return { entries: entries.subarray(1), exits: exits.subarray(1) };
}

function count(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] as number) + 1;
}

/** The fills of a table, or those of one trade by its number. */
export function fillsIn(table: FillTable, trade: number | null = null): DescribedFill[] {
  const { numbers } = table;
  const found: DescribedFill[] = [];
  for (let row = 0; row < numbers.length; row += width) {
    const isWanted =
      trade === null || numbers[row + enters] === trade || numbers[row + leaves] === trade;
    if (isWanted) found.push(fillAt(table, row));
  }
  return found;
}

function fillAt({ words, numbers }: FillTable, row: number): DescribedFill {
  const number = (column: (typeof columns)[number]) =>
    numbers[row + columns.indexOf(column)] as number;
  return {
    number: row / width + 1,
    at: number("at"),
    ...(words[number("words")] as Words),
    orderId: number("orderId"),
    quantity: number("quantity"),
    price: number("price"),
    fee: number("fee"),
    slippage: number("slippage"),
    stopPrice: priceOrNull(number("stopPrice")),
    targetPrice: priceOrNull(number("targetPrice")),
    enters: number("enters") || null,
    leaves: number("leaves") || null,
  };
}

const priceOrNull = (price: number) => (Number.isNaN(price) ? null : price);
