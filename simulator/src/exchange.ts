import { createKeys, type Keys } from "./api/keys.ts";
import { binanceLimits, type LimitSettings, Limits } from "./api/limits.ts";
import type { Venue } from "./api/operation.ts";
import { type Clock, runningClock, steppedClock } from "./clock.ts";
import { type Core, createCore, deposit, openAccount } from "./core/core.ts";
import { toUnits } from "./core/decimal.ts";
import { silence, tellAll } from "./core/journal.ts";
import type { MarketSettings } from "./core/market-settings.ts";
import { createRandom } from "./core/random.ts";
import { spotSettlement } from "./core/spot-settlement.ts";
import type { Account } from "./core/state.ts";
import { createFaults, type Faults } from "./faults/faults.ts";
import { playScenario, type ScenarioStep } from "./faults/scenario.ts";
import { createFutures, type Futures } from "./futures/futures.ts";
import { createLife, type Life, type LifeSource } from "./life/life.ts";
import { defaultFutures, defaultMarkets } from "./markets.ts";
import { createLedger, type Ledger } from "./oracle/ledger.ts";
import { spotDialect } from "./serve/depth-events.ts";
import { createHub, type Hub } from "./serve/hub.ts";
import { createMarketEvents, type MarketEvents } from "./serve/market-events.ts";
import { createSchedule, type Schedule } from "./serve/schedule.ts";
import { spotUserEvents } from "./serve/user-events.ts";

export type ExchangeSettings = Readonly<{
  /** Everything random follows from it (keys and the token do not: they are secrets). */
  seed?: string;
  markets?: readonly MarketSettings[];
  /** Perpetuals beside them; null for none. */
  futures?: readonly MarketSettings[] | null;
  /** Stands still at this time until it is stepped; absent, it follows the wall clock. */
  startAt?: number;
  speed?: number;
  historyDays?: number;
  source?: (symbol: string) => LifeSource;
  limits?: Partial<LimitSettings>;
  scenario?: readonly ScenarioStep[];
  ledgerKeeps?: "all" | "clients";
  ledgerSink?: (line: string) => void;
}>;

export type NewAccount = Readonly<{ account: Account; apiKey: string; secret: string }>;

/** The whole exchange, before anybody listens on a port. */
export type Exchange = Readonly<{
  clock: Clock;
  faults: Faults;
  ledger: Ledger;
  keys: Keys;
  spot: Venue;
  hub: Hub;
  futures: Futures | null;
  schedule: Schedule;
  /** Makes an account with balances (decimal strings) and an HMAC key for it. */
  openAccount: (balances: Readonly<Record<string, string>>, name?: string) => NewAccount;
  /** Lets everything happen that is due now. */
  beat: () => void;
  /** Moves a stepped clock; everything due on the way happens in order. */
  step: (byMs: number) => Promise<void>;
}>;

export const beatMs = 100;
const defaultHistoryDays = 3;

/** Makes an exchange whose markets have a past and live from now on. */
export function createExchange(settings: ExchangeSettings): Exchange {
  const seed = settings.seed ?? "demo";
  const clock = clockOf(settings);
  const ledger = createLedger({
    now: clock.now,
    keep: settings.ledgerKeeps ?? "clients",
    sink: settings.ledgerSink,
  });
  const faults = createFaults(clock.now, createRandom(`${seed}:faults`));
  const hub = createHub(faults);
  const { venue, events, life } = createSpot(settings, seed, { clock, ledger, faults, hub });
  const keys = createKeys();
  const schedule = createSchedule(clock);
  const scenario = playScenario(faults, settings.scenario ?? [], clock.now());
  const futures = createFuturesBeside(
    settings,
    seed,
    { clock, ledger, faults, hub },
    venue.core,
    Number.isFinite(life.nextAt()),
  );
  applyConditions(faults, futures === null ? [venue] : [venue, futures.venue]);
  const beat = (): void => {
    const now = clock.now();
    scenario(now);
    life.run(now);
    futures?.life.run(now);
    events.tick(now);
    futures?.tick(now);
    schedule.run(now);
  };
  beat();
  return {
    clock,
    faults,
    ledger,
    keys,
    spot: venue,
    hub,
    futures,
    schedule,
    beat,
    step: (byMs) =>
      stepTo(
        clock,
        clock.now() + byMs,
        [life, ...(futures === null ? [] : [futures.life])],
        beat,
        schedule,
      ),
    openAccount: (balances, name = "client") => {
      const account = openAccount(venue.core, name);
      for (const [asset, amount] of Object.entries(balances)) {
        deposit(venue.core, account, asset, toUnits(amount));
      }
      futures?.adopt(account, balances);
      return { account, ...keys.issue(account) };
    },
  };
}

function createFuturesBeside(
  settings: ExchangeSettings,
  seed: string,
  needs: SpotNeeds,
  spot: Core,
  isAlive: boolean,
): Futures | null {
  const markets = settings.futures === undefined ? defaultFutures : settings.futures;
  if (markets === null) return null;
  const { clock, ledger, faults } = needs;
  const limits = settings.limits ?? {};
  const futures = createFutures({ seed, clock, ledger, faults, spot, markets, isAlive, limits });
  cutMatches(futures.venue.core, faults);
  return futures;
}

const clockOf = ({ startAt, speed }: ExchangeSettings): Clock =>
  startAt === undefined ? runningClock(Date.now, speed ?? 1) : steppedClock(startAt);

type SpotNeeds = Readonly<{ clock: Clock; ledger: Ledger; faults: Faults; hub: Hub }>;
type Spot = Readonly<{ venue: Venue; events: MarketEvents; life: Life }>;

function createSpot(settings: ExchangeSettings, seed: string, needs: SpotNeeds): Spot {
  const { clock, ledger, faults, hub } = needs;
  const limits = new Limits(clock.now, { ...binanceLimits, ...settings.limits });
  const core = createCore({
    seed,
    now: clock.now,
    markets: settings.markets ?? defaultMarkets,
    settlement: spotSettlement,
    journal: ledger,
  });
  const events = createMarketEvents(core, hub, spotDialect);
  core.journal = tellAll([
    ledger,
    { ...silence, order: (order, execution) => limits.onExecution(order, execution) },
    spotUserEvents(hub, clock.now),
    events.journal,
  ]);
  cutMatches(core, faults);
  const source = settings.source ?? ((): LifeSource => ({ kind: "agents" }));
  const life = createLife(core, {
    seed,
    historyDays: settings.historyDays ?? defaultHistoryDays,
    source: ({ symbol }) => source(symbol),
  });
  return { venue: { core, limits, faults, accountOf: (account) => account }, events, life };
}

/** Lets the fault "partial fills in n pieces" reach the matching. */
export function cutMatches(core: Core, faults: Faults): void {
  core.pieces = ({ market, account, clientId }) =>
    faults.pieces({ symbol: market.symbol, account: account.id, clientIds: [clientId] });
}

async function stepTo(
  clock: Clock,
  target: number,
  lives: readonly Life[],
  beat: () => void,
  schedule: Schedule,
): Promise<void> {
  while (clock.now() < target) {
    const now = clock.now();
    const soonest = Math.min(...lives.map((life) => Math.max(life.nextAt(), now + 1)));
    clock.step(Math.min(target, now + beatMs, soonest) - now);
    beat();
    // Whoever slept until now acts before time moves on.
    if (schedule.hasWoken()) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Keeps market states and limits in step with the conditions that hold. */
function applyConditions(faults: Faults, venues: readonly Venue[]): void {
  const usual = venues.map(({ limits }) => ({ ...limits.settings }));
  const apply = ({ core, limits }: Venue, index: number): void => {
    Object.assign(limits.settings, usual[index]);
    for (const { weightPerMinute, ordersPerTenSeconds } of faults.states("squeeze")) {
      Object.assign(limits.settings, { weightPerMinute, ordersPerTenSeconds });
    }
    const halted = new Map(faults.states("halt").map(({ symbol, status }) => [symbol, status]));
    for (const market of core.markets.values()) {
      market.status = halted.get(market.symbol) ?? "TRADING";
    }
  };
  faults.onConditions(() => venues.forEach(apply));
}
