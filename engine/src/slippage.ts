import type { Moment } from "./moment.ts";
import type { Side } from "./order.ts";
import type { FillSettings, RunSettings } from "./run-settings.ts";

/** How far the market moves against an order that fills at market: three models, each of the candle that it fills in. */
export class Slippage {
  readonly #bps: number;
  readonly #share: number;
  readonly #model: FillSettings["slippageModel"];
  readonly #moment: Moment;

  constructor({ slippageBps }: RunSettings, fills: FillSettings, moment: Moment) {
    this.#bps = slippageBps / 10_000;
    this.#share = fills.slippageShare;
    this.#model = fills.slippageModel;
    this.#moment = moment;
  }

  /** Whether the quantity decides the price. */
  get hasImpact(): boolean {
    return this.#model === "volume";
  }

  /** The price that a side gets instead of the one that was met; always above 0. */
  from(met: number, side: Side, quantity: number): number {
    if (this.#model === "bps")
      return side === "buy" ? met * (1 + this.#bps) : met * (1 - this.#bps);
    const way = Math.min(this.#wayOf(side, quantity), met * largest);
    return side === "buy" ? met + way : met - way;
  }

  #wayOf(side: Side, quantity: number): number {
    if (this.#model === "range") return this.#share * this.#moment.range;
    const { volume, bought, sold } = this.#moment;
    const way = this.#share * this.#moment.usualRange;
    // Where nothing traded, the order is taken for all of the volume.
    return volume === 0
      ? way
      : way * rootBetween((side === "buy" ? bought : sold) / volume, quantity / volume);
  }
}

/** Mean impact of a share of the volume after others have gone before: many small orders cost what one large one does. */
function rootBetween(before: number, share: number): number {
  if (before === 0 || share === 0) return Math.sqrt(before + share);
  const after = before + share;
  return (after * Math.sqrt(after) - before * Math.sqrt(before)) / share;
}

/** No model makes a price worse than by this share of it. */
const largest = 0.9999;
