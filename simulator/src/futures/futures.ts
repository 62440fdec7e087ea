import type { WebSocket } from "ws";
import { binanceLimits, type LimitSettings, Limits } from "../api/limits.ts";
import type { Operation } from "../api/operation.ts";
import { byName } from "../api/operations.ts";
import type { Clock } from "../clock.ts";
import { type Core, createCore, deposit, openAccount } from "../core/core.ts";
import { formatUnits, toUnits } from "../core/decimal.ts";
import { silence, tellAll } from "../core/journal.ts";
import type { MarketSettings } from "../core/market-settings.ts";
import type { Account, Market } from "../core/state.ts";
import type { Faults } from "../faults/faults.ts";
import type { Life } from "../life/life.ts";
import type { Ledger } from "../oracle/ledger.ts";
import { serveCalls } from "../serve/call-socket.ts";
import type { StreamDialect } from "../serve/depth-events.ts";
import { createHub, type Hub } from "../serve/hub.ts";
import { createMarketEvents } from "../serve/market-events.ts";
import type { PerformNeeds } from "../serve/perform.ts";
import { serveStreams } from "../serve/stream-socket.ts";
import { futuresAccount } from "./account.ts";
import { type FuturesVenue, price } from "./call.ts";
import { futuresUserEvents } from "./events.ts";
import { createFollowers, spotTicks } from "./follow.ts";
import { createListenKeys } from "./listen-keys.ts";
import { futuresData } from "./market-data.ts";
import { Positions } from "./positions.ts";
import { createRisk } from "./risk.ts";
import { futuresSettlement, marginAsset } from "./settlement.ts";
import { futuresTrading } from "./trading.ts";

export type FuturesSettings = Readonly<{
  seed: string;
  clock: Clock;
  ledger: Ledger;
  faults: Faults;
  spot: Core;
  markets: readonly MarketSettings[];
  /** Whether its markets live by themselves beside their spot markets. */
  isAlive: boolean;
  /** Limits that differ from Binance's. */
  limits: Partial<LimitSettings>;
}>;

/** USD-M futures beside spot: own books, own balances, the same keys. */
export type Futures = Readonly<{
  venue: FuturesVenue;
  operations: readonly Operation[];
  life: Life;
  tick: (now: number) => void;
  /** Gives a spot account its futures side; USDT is put there as well. */
  adopt: (spot: Account, balances: Readonly<Record<string, string>>) => void;
  serveSocket: (perform: PerformNeeds, url: URL, socket: WebSocket, ip: string) => void;
}>;

const dialect: StreamDialect = {
  depth: (lastSent, now) => ({ T: now, pu: lastSent }),
  trade: { X: "MARKET" },
};

export function createFutures(settings: FuturesSettings): Futures {
  const { seed, clock, ledger, faults, spot } = settings;
  const positions = new Positions();
  const core = createCore({
    seed: `${seed}:futures`,
    now: clock.now,
    markets: settings.markets,
    settlement: futuresSettlement(positions),
    journal: ledger,
    firstAccountId: 1_000_000,
  });
  // Conditional orders are asked for without their symbol: ids must differ between markets.
  for (const [index, market] of [...core.markets.values()].entries()) {
    market.orderCount = (index + 1) * 1_000_000_000;
  }
  const limits = new Limits(clock.now, {
    ...binanceLimits,
    weightPerMinute: 2400,
    ordersPerTenSeconds: 300,
    ...settings.limits,
  });
  const hub = createHub(faults);
  const events = createMarketEvents(core, hub, dialect);
  core.journal = tellAll([
    ledger,
    { ...silence, order: (order, execution) => limits.onExecution(order, execution) },
    futuresUserEvents(hub, positions, clock.now),
    events.journal,
  ]);
  const risk = createRisk(core, positions, (market) => spotTicks(spot, market));
  const accounts = new Map<Account, Account>();
  const accountOf = (one: Account): Account => {
    const found = accounts.get(one) ?? openAccount(core, one.name);
    accounts.set(one, found);
    return found;
  };
  const venue: FuturesVenue = { core, limits, faults, accountOf, positions, risk };
  const life = settings.isAlive ? createFollowers(core, spot, seed) : still;
  const sendMarkPrices = createMarkPrices(venue, hub);
  const listenKeys = createListenKeys(hub);
  const operations = [
    ...futuresData,
    ...futuresTrading,
    ...futuresAccount,
    ...listenKeys.operations,
  ];
  const callNames = byName(operations);
  return {
    venue,
    operations,
    life,
    tick: (now) => {
      risk.tick(now);
      events.tick(now);
      sendMarkPrices(now);
    },
    adopt: (one, balances) => {
      const amount = balances[marginAsset];
      const account = accountOf(one);
      if (amount !== undefined) deposit(core, account, marginAsset, toUnits(amount));
    },
    serveSocket: (perform, url, socket, ip) => {
      if (url.pathname.startsWith("/ws-fapi/")) {
        serveCalls(
          { ...perform, venue, hub, operations: callNames, hasUserStream: false },
          socket,
          ip,
          false,
        );
        return;
      }
      const listenKey = url.searchParams.get("listenKey");
      const names = streamsOf(url);
      listenKeys.attach(socket, [...(listenKey === null ? [] : [listenKey]), ...names]);
      serveStreams({ hub, now: clock.now }, socket, names, /\/stream$/.test(url.pathname));
    },
  };
}

/** /fstream/market/ws/a/b or /fstream/stream?streams=a/b. */
function streamsOf(url: URL): string[] {
  const query = url.searchParams.get("streams");
  const path = url.pathname.split("/ws/")[1] ?? "";
  return (query ?? path).split("/").filter((name) => name !== "");
}

const still: Life = { nextAt: () => Number.POSITIVE_INFINITY, run: () => {} };

/** Mark price and funding of each market, once a second. */
function createMarkPrices(venue: FuturesVenue, hub: Hub): (now: number) => void {
  let lastSecond = 0;
  const view = (market: Market, now: number): Record<string, unknown> => {
    const risk = venue.risk.of(market);
    return {
      e: "markPriceUpdate",
      E: now,
      s: market.symbol,
      p: price(market, risk.mark),
      i: price(market, risk.index),
      P: price(market, risk.index),
      r: formatUnits(risk.rate),
      T: risk.nextFundingAt,
    };
  };
  return (now) => {
    const second = Math.floor(now / 1000);
    if (second === lastSecond) return;
    lastSecond = second;
    const markets = [...venue.core.markets.values()];
    for (const market of markets) {
      const name = market.symbol.toLowerCase();
      for (const suffix of ["markPrice", "markPrice@1s"])
        hub.publish(`${name}@${suffix}`, () => view(market, now));
    }
    for (const stream of ["!markPrice@arr", "!markPrice@arr@1s"]) {
      hub.publish(stream, () => markets.map((market) => view(market, now)));
    }
  };
}
