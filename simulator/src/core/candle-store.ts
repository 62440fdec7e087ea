/** One candle in ticks and lots; quote amounts in units. */
export type Candle = {
  /** Open time, ms. */
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  lots: number;
  quote: bigint;
  trades: number;
  takerLots: number;
  takerQuote: bigint;
  firstId: number;
  lastId: number;
};

type Print = Readonly<{
  id: number;
  ticks: number;
  lots: number;
  quote: bigint;
  at: number;
  buyerIsMaker: boolean;
}>;

/**
 * Candles of one step without gaps: like Binance, a step without trades repeats the last close with zero
 * volume, from the first candle on.
 */
export class CandleStore {
  readonly stepMs: number;
  readonly #kept: number;
  #candles: Candle[] = [];

  constructor(stepMs: number, kept: number) {
    this.stepMs = stepMs;
    this.#kept = kept;
  }

  get candles(): readonly Candle[] {
    return this.#candles;
  }

  /** Appends history; candles must follow each other. Gaps are closed with flat candles. */
  load(candles: readonly Candle[]): void {
    for (const candle of candles) {
      this.roll(candle.time);
      const last = this.#candles.at(-1);
      if (last?.time === candle.time) this.#candles[this.#candles.length - 1] = candle;
      else this.#candles.push(candle);
    }
  }

  add(trade: Print): void {
    const time = trade.at - (trade.at % this.stepMs);
    this.roll(time);
    let candle = this.#candles.at(-1);
    if (candle === undefined || candle.time < time) {
      candle = flat(time, trade.ticks);
      this.#candles.push(candle);
    }
    addPrint(candle, trade);
    if (this.#candles.length > 2 * this.#kept) this.#candles.splice(0, this.#kept);
  }

  /** Makes flat candles up to and including the step that holds this time. */
  roll(at: number): void {
    const time = at - (at % this.stepMs);
    let last = this.#candles.at(-1);
    if (last !== undefined && time - last.time > this.stepMs * Math.min(this.#kept, 10_000_000)) {
      // Nobody can ask for what lies before the kept window.
      last = flat(time - this.stepMs * this.#kept, last.close);
      this.#candles = [last];
    }
    while (last !== undefined && last.time < time) {
      last = flat(last.time + this.stepMs, last.close);
      this.#candles.push(last);
    }
  }

  /** Index of the first candle that opens at this time or later. */
  indexAt(time: number): number {
    const first = this.#candles[0];
    if (first === undefined) return 0;
    return Math.max(
      0,
      Math.min(this.#candles.length, Math.ceil((time - first.time) / this.stepMs)),
    );
  }
}

export function flat(time: number, ticks: number): Candle {
  return {
    time,
    open: ticks,
    high: ticks,
    low: ticks,
    close: ticks,
    lots: 0,
    quote: 0n,
    trades: 0,
    takerLots: 0,
    takerQuote: 0n,
    firstId: -1,
    lastId: -1,
  };
}

function addPrint(candle: Candle, trade: Print): void {
  if (candle.trades === 0) {
    candle.open = trade.ticks;
    candle.high = trade.ticks;
    candle.low = trade.ticks;
    candle.firstId = trade.id;
  }
  if (trade.ticks > candle.high) candle.high = trade.ticks;
  if (trade.ticks < candle.low) candle.low = trade.ticks;
  candle.close = trade.ticks;
  candle.lots += trade.lots;
  candle.quote += trade.quote;
  candle.trades += 1;
  candle.lastId = trade.id;
  if (!trade.buyerIsMaker) {
    candle.takerLots += trade.lots;
    candle.takerQuote += trade.quote;
  }
}

/** Adds a later candle to an earlier one. */
export function merge(into: Candle, next: Candle): void {
  if (next.trades > 0 && into.trades === 0) {
    into.open = next.open;
    into.high = next.high;
    into.low = next.low;
    into.firstId = next.firstId;
  } else if (next.trades > 0) {
    if (next.high > into.high) into.high = next.high;
    if (next.low < into.low) into.low = next.low;
  }
  into.close = next.close;
  into.lots += next.lots;
  into.quote += next.quote;
  into.trades += next.trades;
  into.takerLots += next.takerLots;
  into.takerQuote += next.takerQuote;
  if (next.lastId >= 0) into.lastId = next.lastId;
}
