import type { RunDescription } from "@trading/engine";
import {
  createStrategyHost,
  type HostLimits,
  type RunWatch,
  type StrategyHost,
} from "./host-client.ts";
import type { RunOrder } from "./host-protocol.ts";

export type HostPool = Readonly<{
  /** Runs on a free host, a warm one first; waits while all are busy. */
  run(order: RunOrder, watch?: RunWatch): Promise<RunDescription>;
  close(): void;
}>;

const idleMs = 30_000;

/**
 * Strategy hosts for `size` runs at once. After a quiet while they end: a host waits with 100 MB in hand, and is
 * there again in a fifth of a second.
 */
export function createHostPool(size: number, limits: HostLimits): HostPool {
  const hosts = Array.from({ length: size }, () => createStrategyHost(limits));
  const free: StrategyHost[] = [...hosts];
  const waiting: ((host: StrategyHost) => void)[] = [];
  let quiet: NodeJS.Timeout | undefined;

  const acquire = (): Promise<StrategyHost> => {
    clearTimeout(quiet);
    const host = free.find((one) => one.isWarm()) ?? free[0];
    if (host === undefined) return new Promise((resolve) => waiting.push(resolve));
    free.splice(free.indexOf(host), 1);
    return Promise.resolve(host);
  };
  const release = (host: StrategyHost): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(host);
    else next(host);
    if (free.length < hosts.length) return;
    quiet = setTimeout(() => {
      for (const one of free) one.close();
    }, idleMs);
    quiet.unref();
  };

  return {
    async run(order, watch) {
      const host = await acquire();
      try {
        return await host.run(order, watch);
      } finally {
        release(host);
      }
    },
    close() {
      clearTimeout(quiet);
      for (const host of hosts) host.close();
    },
  };
}
