import type { Core } from "../core/core.ts";
import { toUnits } from "../core/decimal.ts";
import { worth } from "../core/market.ts";
import { createRandom } from "../core/random.ts";
import type { Market } from "../core/state.ts";
import { act, lotsPerMinute, pastMinute } from "./agents.ts";
import type { CandleFile } from "./candle-file.ts";
import { createFairValue, type FairValue } from "./fair-value.ts";
import { createHouse, type House, quote, tradeAt } from "./house.ts";
import { type Print, printsOf } from "./prints.ts";

/** What moves a market: its own seeded agents, a file's candles, or nothing. */
export type LifeSource =
  | Readonly<{ kind: "agents" }>
  | Readonly<{ kind: "replay"; file: CandleFile; livePart: number }>
  | Readonly<{ kind: "none" }>;

export type LifeSettings = Readonly<{
  seed: string;
  historyDays: number;
  source: (market: Market) => LifeSource;
}>;

/** Runs all markets as exchange time passes. */
export type Life = Readonly<{
  /** When something happens next, ms; infinity for a dead exchange. */
  nextAt: () => number;
  /** Lets everything up to this exchange time happen; time itself is read from the exchange's clock. */
  run: (now: number) => void;
}>;

type Driver = { readonly house: House; nextAt: number; step: (now: number) => void };

const minute = 60_000;
const agentBeatMs = 500;

/** Fills the past with history and starts every market at its last price. */
export function createLife(core: Core, settings: LifeSettings): Life {
  const drivers: Driver[] = [];
  for (const market of core.markets.values()) {
    const source = settings.source(market);
    if (source.kind === "none") continue;
    const seed = `${settings.seed}:${market.symbol}`;
    const house = createHouse(core, market, createRandom(seed));
    drivers.push(
      source.kind === "agents"
        ? agentDriver(core, house, seed, settings.historyDays)
        : replayDriver(core, house, seed, source),
    );
  }
  return {
    nextAt: () => Math.min(...drivers.map(({ nextAt }) => nextAt)),
    run: (now) => {
      for (const driver of drivers) {
        if (driver.nextAt <= now) driver.step(now);
      }
    },
  };
}

function agentDriver(core: Core, house: House, seed: string, historyDays: number): Driver {
  const { market } = house;
  const price = Number(toUnits(market.settings.price) / BigInt(market.tickUnits));
  const fair = createFairValue(seed, price);
  const until = core.now() - (core.now() % minute);
  const first = until - Math.round(historyDays * 1440) * minute;
  for (let time = first; time < until; time += minute) {
    remember(market, pastMinute(fair, market, seed, time));
  }
  return alive(core, house, fair);
}

/** A market kept alive by agents from now on. */
function alive(core: Core, house: House, fair: FairValue): Driver {
  const driver: Driver = {
    house,
    nextAt: core.now(),
    step: (now) => {
      act(core, house, fair, now);
      driver.nextAt = now + agentBeatMs / 2 + house.random.integer(agentBeatMs);
    },
  };
  return driver;
}

/** Writes prints of the past on the tape. */
function remember(market: Market, prints: readonly Print[]): void {
  for (const { at, ticks, lots } of prints) {
    market.tradeCount += 1;
    const buyerIsMaker = ticks < market.last;
    market.last = ticks;
    const quoteUnits = worth(market, ticks, lots);
    market.tape.minutes.add({
      id: market.tradeCount,
      ticks,
      lots,
      quote: quoteUnits,
      at,
      buyerIsMaker,
    });
  }
}

/** Trades per candle: enough to look alive, not so many that long candles stall. */
const printsPerCandle = (lengthMs: number): number =>
  Math.max(4, Math.min(120, Math.round(lengthMs / 5000)));

/** The file's past becomes history that ends now; its last candles are then lived through. */
function replayDriver(
  core: Core,
  house: House,
  seed: string,
  { file, livePart }: Readonly<{ file: CandleFile; livePart: number }>,
): Driver {
  const { market, random } = house;
  const { candles, lengthMs } = file;
  const now = core.now();
  const live = Math.max(0, Math.min(candles.length, Math.round(candles.length * (1 - livePart))));
  const turn = candles[live] ?? candles.at(-1);
  if (turn === undefined) throw new RangeError(`${market.symbol}: the file has no candles`);
  const shift = now - (now % lengthMs) - turn.time;
  const count = printsPerCandle(lengthMs);
  const shifted = (index: number): Print[] => {
    const candle = candles[index];
    if (candle === undefined) return [];
    return printsOf({ ...candle, time: candle.time + shift }, lengthMs, count, random);
  };
  for (let index = 0; index < live; index += 1) remember(market, shifted(index));
  if (market.last > 0) quote(core, house, market.last, lotsPerMinute(market, market.last) / 20);
  const afterwards = (): Driver =>
    alive(core, house, createFairValue(seed, market.last, core.now()));
  return replaying(core, house, {
    printsAt: shifted,
    from: live,
    until: candles.length,
    afterwards,
  });
}

/** Candles yet to be lived, and who keeps the market alive when they are used up. */
type Upcoming = Readonly<{
  printsAt: (index: number) => Print[];
  from: number;
  until: number;
  afterwards: () => Driver;
}>;

function replaying(core: Core, house: House, upcoming: Upcoming): Driver {
  const { market } = house;
  const { printsAt, until, afterwards } = upcoming;
  let index = upcoming.from;
  let prints: Print[] = [];
  let next = 0;
  let after: Driver | null = null;
  const refill = (): void => {
    while (next >= prints.length && index < until) {
      prints = printsAt(index);
      next = 0;
      index += 1;
    }
  };
  refill();
  const driver: Driver = {
    house,
    nextAt: prints[0]?.at ?? core.now(),
    step: (now) => {
      for (let print = prints[next]; print !== undefined && print.at <= now; print = prints[next]) {
        tradeAt(core, house, print.ticks, print.lots);
        next += 1;
        refill();
      }
      if (market.last > 0) quote(core, house, market.last, lotsPerMinute(market, market.last) / 20);
      const following = prints[next];
      if (following !== undefined) driver.nextAt = following.at;
      else {
        after ??= afterwards();
        after.step(now);
        driver.nextAt = after.nextAt;
      }
    },
  };
  return driver;
}
