import { randomBytes } from "node:crypto";
import type { Operation, Venue } from "./api/operation.ts";
import { spotOperations } from "./api/operations.ts";
import { walletOperations } from "./api/wallet.ts";
import { beatMs, createExchange, type Exchange, type ExchangeSettings } from "./exchange.ts";
import type { Futures } from "./futures/futures.ts";
import type { Route } from "./serve/rest.ts";
import { listen } from "./serve/server.ts";

export type SimulatorSettings = ExchangeSettings &
  Readonly<{
    host?: string;
    /** 0 takes any free port. */
    port?: number;
    /** Names this host may be called by, besides loopback's. */
    hosts?: readonly string[];
    /** For the admin's calls; made up when absent. */
    token?: string;
    connectionsPerFiveMinutes?: number;
    /** Key and certificate as PEM; for clients that refuse to talk without TLS. */
    tls?: Readonly<{ key: string; cert: string }>;
  }>;

/** A running exchange and where it listens. */
export type Simulator = Exchange &
  Readonly<{
    url: string;
    socketUrl: string;
    port: number;
    token: string;
    close: () => Promise<void>;
  }>;

/** Starts an exchange and listens for its clients. */
export async function startSimulator(settings: SimulatorSettings = {}): Promise<Simulator> {
  const exchange = createExchange(settings);
  const { clock, faults, keys, ledger, schedule, spot, hub } = exchange;
  const token = settings.token ?? randomBytes(24).toString("base64url");
  let cutAll = (): void => {};
  const listening = await listen({
    settings: {
      host: settings.host ?? "127.0.0.1",
      port: settings.port ?? 0,
      hosts: settings.hosts ?? [],
      connectionsPerFiveMinutes: settings.connectionsPerFiveMinutes ?? 300,
      tls: settings.tls ?? null,
    },
    routes: routesOf(spot, exchange.futures),
    perform: { keys, ledger, wait: schedule.wait },
    spot: { venue: spot, hub },
    futures: exchange.futures,
    admin: { ...exchange, token, cutAll: () => cutAll() },
  });
  cutAll = listening.cutAll;
  const storms = stormWatch(exchange, listening.cutAll);
  const timer = clock.isStepped
    ? null
    : setInterval(() => {
        exchange.beat();
        storms();
      }, beatMs / 2);
  faults.onChange(() => {
    if (faults.isInMaintenance()) listening.cutAll();
  });
  return {
    ...exchange,
    step: async (byMs) => {
      await exchange.step(byMs);
      storms();
    },
    url: listening.url,
    socketUrl: listening.url.replace("http", "ws"),
    port: listening.port,
    token,
    close: async () => {
      if (timer !== null) clearInterval(timer);
      await listening.close();
    },
  };
}

/** Cuts all connections as often as the storms that are on want. */
function stormWatch({ clock, faults }: Exchange, cutAll: () => void): () => void {
  let stormAt = clock.now();
  return () => {
    const storm = faults.onCalm(clock.now() - stormAt);
    if (storm === "calm") return;
    stormAt = clock.now();
    if (storm === "struck") cutAll();
  };
}

function routesOf(spot: Venue, futures: Futures | null): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  const add = (venue: Venue, operations: readonly Operation[]): void => {
    for (const operation of operations) {
      if (operation.rest !== null) routes.set(operation.rest, { venue, operation });
    }
  };
  add(spot, spotOperations);
  add(spot, walletOperations);
  if (futures !== null) add(futures.venue, futures.operations);
  return routes;
}
