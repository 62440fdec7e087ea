import type { Core } from "../core/core.ts";
import { createRandom } from "../core/random.ts";
import type { Market } from "../core/state.ts";
import type { FairValue } from "./fair-value.ts";
import { type House, quote, take } from "./house.ts";
import type { Print } from "./prints.ts";

const printsPerMinute = 6;

/** Trades of one minute of the past, without a book: the same for the same seed and minute. */
export function pastMinute(fair: FairValue, market: Market, seed: string, time: number): Print[] {
  const random = createRandom(`${seed}:${time}`);
  const lots = lotsPerMinute(market, fair.at(time));
  const lengthMs = 60_000 / printsPerMinute;
  return Array.from({ length: printsPerMinute }, (_, index) => {
    const at = time + Math.floor((index + random.unit()) * lengthMs);
    return {
      at,
      ticks: Math.round(fair.at(at)),
      lots: 1 + Math.floor((lots * 2 * random.unit()) / printsPerMinute),
    };
  });
}

/** Typical lots a market trades in a minute: about 50,000 of quote. */
export function lotsPerMinute(market: Market, ticks: number): number {
  const lotWorth = (ticks * market.quoteUnits) / 1e8;
  return Math.max(20, Math.round(50_000 / lotWorth));
}

/** One moment of a living market: makers follow the fair value, takers hit their quotes. */
export function act(core: Core, house: House, fair: FairValue, now: number): void {
  const { market, random } = house;
  const middle = Math.round(fair.at(now));
  const usual = lotsPerMinute(market, middle);
  quote(core, house, middle, usual / 20);
  const takers = random.integer(3);
  for (let taker = 0; taker < takers; taker += 1) {
    const side = random.chance(0.5 + 0.3 * fair.leaning(now)) ? "BUY" : "SELL";
    const best = market.book.best(side === "BUY" ? "SELL" : "BUY");
    if (best === null) continue;
    const reach = Math.round((middle / 5000) * random.unit());
    const size = 1 + Math.floor(usual * 0.02 * (random.unit() + random.unit() * random.unit() * 4));
    take(core, house, side, side === "BUY" ? best.ticks + reach : best.ticks - reach, size);
  }
}
