import type { Clock } from "./clock.ts";
import { toTick } from "./grid.ts";
import type { Side } from "./order.ts";

/** The market as of the last closed candle: what prices of orders are measured against. */
export class LastPrice {
  readonly #close: Float64Array;
  readonly #tick: number | null;
  readonly #clock: Clock;

  constructor(close: Float64Array, tick: number | null, clock: Clock) {
    this.#close = close;
    this.#tick = tick;
    this.#clock = clock;
  }

  get value(): number {
    return this.#close[this.#clock.index] as number;
  }

  /** A price on the market's grid for an order that waits above the market, or below it; `NaN` for what is no number. */
  onTick(price: unknown, isAbove: boolean): number {
    return typeof price === "number" ? toTick(price, this.#tick, isAbove) : Number.NaN;
  }

  /** Whether a limit order would fill at once. */
  isMarketable({ side, price }: Readonly<{ side: Side; price: number }>): boolean {
    return side === "buy" ? price >= this.value : price <= this.value;
  }
}
