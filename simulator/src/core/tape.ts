import { CandleStore } from "./candle-store.ts";

/** One execution as the public sees it. */
export type Trade = Readonly<{
  id: number;
  ticks: number;
  lots: number;
  quote: bigint;
  at: number;
  buyerIsMaker: boolean;
  buyerOrderId: number;
  sellerOrderId: number;
}>;

/** Trades of one taker order at one price, as one. */
export type AggregateTrade = {
  readonly id: number;
  readonly ticks: number;
  lots: number;
  readonly firstId: number;
  lastId: number;
  readonly at: number;
  readonly buyerIsMaker: boolean;
  readonly takerOrderId: number;
};

/** What a market printed: recent trades and candles since its history began. */
export type Tape = {
  readonly trades: Trade[];
  readonly aggregates: AggregateTrade[];
  readonly minutes: CandleStore;
  readonly seconds: CandleStore;
};

const tradesKept = 20_000;

export function createTape(): Tape {
  return {
    trades: [],
    aggregates: [],
    minutes: new CandleStore(60_000, Number.POSITIVE_INFINITY),
    seconds: new CandleStore(1000, 3600),
  };
}

/** Prints a trade. Answers the aggregate it belongs to. */
export function print(tape: Tape, trade: Trade, nextAggregateId: number): AggregateTrade {
  tape.trades.push(trade);
  if (tape.trades.length > 2 * tradesKept) tape.trades.splice(0, tradesKept);
  tape.minutes.add(trade);
  tape.seconds.add(trade);
  const takerOrderId = trade.buyerIsMaker ? trade.sellerOrderId : trade.buyerOrderId;
  const open = tape.aggregates.at(-1);
  if (
    open !== undefined &&
    open.takerOrderId === takerOrderId &&
    open.ticks === trade.ticks &&
    open.at === trade.at &&
    open.lastId === trade.id - 1
  ) {
    open.lots += trade.lots;
    open.lastId = trade.id;
    return open;
  }
  const fresh: AggregateTrade = {
    id: nextAggregateId,
    ticks: trade.ticks,
    lots: trade.lots,
    firstId: trade.id,
    lastId: trade.id,
    at: trade.at,
    buyerIsMaker: trade.buyerIsMaker,
    takerOrderId,
  };
  tape.aggregates.push(fresh);
  if (tape.aggregates.length > 2 * tradesKept) tape.aggregates.splice(0, tradesKept);
  return fresh;
}

/** Index of the first trade with this id or later. */
export function firstIndexFrom(trades: readonly { readonly id: number }[], id: number): number {
  return lowerBound(trades, (trade) => trade.id < id);
}

/** Index of the first element that is not before. */
export function lowerBound<T>(items: readonly T[], isBefore: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && isBefore(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
