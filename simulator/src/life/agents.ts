import type { Core } from "../core/core.ts";
import type { Market } from "../core/market.ts";
import type { Random } from "../core/random.ts";
import { type House, quote, take } from "./house.ts";
import type { Print } from "./prints.ts";

/** What a market would be worth if nobody traded: a walk with trends, changing unrest and shocks. */
export type FairValue = { price: number; trend: number; unrest: number };

const calmest = 0.0002;
const wildest = 0.0016;

export function createFairValue(ticks: number): FairValue {
  return { price: ticks, trend: 0, unrest: 0.0006 };
}

/** Moves the fair value on by a share of a minute. */
export function drift(fair: FairValue, random: Random, minutes: number): void {
  if (random.chance(minutes / 240)) fair.trend = random.normal() * 0.00005;
  if (random.chance(minutes / 120)) {
    fair.unrest = Math.min(wildest, Math.max(calmest, fair.unrest * (0.7 + random.unit() * 0.65)));
  }
  const shock = random.chance(minutes / 3000) ? random.normal() * 0.012 : 0;
  const step = fair.trend * minutes + fair.unrest * Math.sqrt(minutes) * random.normal() + shock;
  fair.price = Math.max(10, fair.price * (1 + Math.max(-0.2, Math.min(0.2, step))));
}

/** Trades of one minute of the past, without a book. */
export function pastMinute(fair: FairValue, time: number, lots: number, random: Random): Print[] {
  const prints: Print[] = [];
  const count = 6;
  for (let index = 0; index < count; index += 1) {
    drift(fair, random, 1 / count);
    prints.push({
      at: time + index * 10_000 + random.integer(9000),
      ticks: Math.round(fair.price),
      lots: 1 + Math.floor((lots * 2 * random.unit()) / count),
    });
  }
  return prints;
}

/** Typical lots a market trades in a minute: about 50,000 of quote. */
export function lotsPerMinute(market: Market, ticks: number): number {
  const lotWorth = (ticks * market.quoteUnits) / 1e8;
  return Math.max(20, Math.round(50_000 / lotWorth));
}

/** One moment of a living market: makers follow the fair value, takers hit their quotes. */
export function act(core: Core, house: House, fair: FairValue, elapsedMs: number): void {
  const { market, random } = house;
  drift(fair, random, elapsedMs / 60_000);
  const middle = Math.round(fair.price);
  const usual = lotsPerMinute(market, middle);
  quote(core, house, middle, usual / 20);
  const takers = random.integer(3);
  for (let taker = 0; taker < takers; taker += 1) {
    const trend = Math.max(-0.3, Math.min(0.3, fair.trend * 2000));
    const side = random.chance(0.5 + trend) ? "BUY" : "SELL";
    const best = market.book.best(side === "BUY" ? "SELL" : "BUY");
    if (best === null) continue;
    const reach = Math.round((middle / 5000) * random.unit());
    const size = 1 + Math.floor(usual * 0.02 * (random.unit() + random.unit() * random.unit() * 4));
    take(core, house, side, side === "BUY" ? best.ticks + reach : best.ticks - reach, size);
  }
}
