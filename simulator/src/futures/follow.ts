import type { Core } from "../core/core.ts";
import { createRandom } from "../core/random.ts";
import type { Market } from "../core/state.ts";
import { lotsPerMinute } from "../life/agents.ts";
import { createHouse, type House, quote, take } from "../life/house.ts";
import type { Life } from "../life/life.ts";

const beatMs = 500;

/** The price of a futures market that its spot market has, in its own ticks; 0 without one. */
export function spotTicks(spot: Core, market: Market): number {
  const source = spot.markets.get(market.symbol);
  if (source === undefined || source.last === 0) return 0;
  return Math.max(1, Math.round((source.last * source.tickUnits) / market.tickUnits));
}

type Follower = { readonly house: House; nextAt: number };

/** Futures markets live beside their spot market: same past, and quotes that follow its price. */
export function createFollowers(core: Core, spot: Core, seed: string): Life {
  const followers: Follower[] = [];
  for (const market of core.markets.values()) {
    const source = spot.markets.get(market.symbol);
    if (source === undefined) continue;
    copyPast(source, market);
    const house = createHouse(core, market, createRandom(`${seed}:futures:${market.symbol}`));
    followers.push({ house, nextAt: core.now() });
  }
  return {
    nextAt: () => Math.min(...followers.map(({ nextAt }) => nextAt)),
    run: (now) => {
      for (const follower of followers) {
        if (follower.nextAt > now) continue;
        follow(core, spot, follower.house);
        follower.nextAt = now + beatMs / 2 + follower.house.random.integer(beatMs);
      }
    },
  };
}

function follow(core: Core, spot: Core, house: House): void {
  const { market, random } = house;
  const middle = spotTicks(spot, market);
  if (middle === 0 || market.status !== "TRADING") return;
  const fair = Math.max(10, Math.round(middle * (1 + 0.0001 * random.normal())));
  const usual = lotsPerMinute(market, middle);
  quote(core, house, fair, Math.max(1, usual / 20));
  const side = random.chance(0.5) ? "BUY" : "SELL";
  const best = market.book.best(side === "BUY" ? "SELL" : "BUY");
  if (best !== null)
    take(core, house, side, best.ticks, 1 + random.integer(Math.max(1, Math.floor(usual / 50))));
}

/** The spot market's candles, on the futures market's grid. */
function copyPast(source: Market, market: Market): void {
  const ticks = (value: number): number =>
    Math.max(1, Math.round((value * source.tickUnits) / market.tickUnits));
  const lots = (value: number): number => Math.round((value * source.lotUnits) / market.lotUnits);
  market.tape.minutes.load(
    source.tape.minutes.candles.map((candle) => ({
      ...candle,
      open: ticks(candle.open),
      high: ticks(candle.high),
      low: ticks(candle.low),
      close: ticks(candle.close),
      lots: lots(candle.lots),
      takerLots: lots(candle.takerLots),
    })),
  );
  market.last = market.tape.minutes.candles.at(-1)?.close ?? 0;
}
