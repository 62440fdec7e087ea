import type { Clock } from "./clock.ts";
import { fillSettingsOf } from "./fill-settings.ts";
import type { Arrival } from "./late-changes.ts";
import type { FillSettings, RunSettings } from "./run-settings.ts";

/** How late orders arrive, and in how many candles at most that ends. */
type Latency = Readonly<{ candles: number; ms: number; candlesMax: number }>;

type Needs = Readonly<{
  settings: RunSettings;
  lengthMs: number;
  candles: Readonly<{ time: Float64Array }>;
}>;

/** Tells when what a strategy asks for now is at the exchange. */
export class Arrivals {
  /** When decisions fall while a candle of this market may be under way: orders arrive then. Null on the close of one. */
  decidesAt: number | null = null;
  readonly #needs: Needs;
  readonly #clock: Clock;
  /** Null where orders arrive at once. */
  readonly #latency: Latency | null;

  constructor(needs: Needs, clock: Clock) {
    this.#needs = needs;
    this.#clock = clock;
    this.#latency = latencyOf(fillSettingsOf(needs.settings), needs.lengthMs);
  }

  /** When what is asked for now is at the exchange; null where that is at once. */
  get next(): Arrival | null {
    const { decidesAt } = this;
    if (this.#latency === null && decidesAt === null) return null;
    const { index } = this.#clock;
    const { candles, lengthMs } = this.#needs;
    const late = this.#latency ?? { candles: 0, ms: 0 };
    const closedAt = (candles.time[index] as number) + lengthMs;
    const at =
      decidesAt === null
        ? late.ms > 0
          ? closedAt + late.ms
          : Number.NEGATIVE_INFINITY
        : decidesAt + Math.max(late.ms, late.candles * lengthMs);
    return { index: index + 1 + late.candles, at };
  }

  /** How many candles may pass at most before an order that is placed now takes part. */
  get candlesMax(): number {
    return (this.#latency?.candlesMax ?? 0) + (this.#isUnderWay ? 1 : 0);
  }

  /** Whether a candle has begun that has not closed yet: what is placed now cannot fill at prices from before. */
  get #isUnderWay(): boolean {
    if (this.decidesAt === null) return false;
    const begins = this.#needs.candles.time[this.#clock.index + 1];
    return begins !== undefined && begins < this.decidesAt;
  }
}

function latencyOf({ latencyCandles, latencyMs }: FillSettings, lengthMs: number): Latency | null {
  if (latencyCandles === 0 && latencyMs === 0) return null;
  const candlesMax = latencyCandles + Math.ceil(latencyMs / lengthMs);
  return { candles: latencyCandles, ms: latencyMs, candlesMax };
}
