import { setTimeout as sleep } from "node:timers/promises";
import type { Exchanges } from "../exchanges/exchange.ts";
import { PlatformError } from "../platform/errors.ts";
import { allMarkets, type WatchName, type WatchStore } from "./watch-store.ts";

type Needs = Readonly<{
  watches: WatchStore;
  exchanges: Exchanges;
  now(): number;
  onError(error: unknown, job: string): void;
}>;

const beatMs = 500;
const readsAtOnceMax = 8;
const candlesShown = 300;
const minuteMs = 60_000;

/** Reads what people look at from its exchange, once for all of them, until nobody looks. Any number of workers may. */
export function followMarkets(needs: Needs): { close(): Promise<void> } {
  const ending = new AbortController();
  const { signal } = ending;
  const reading = new Set<Promise<void>>();
  const beat = async () => {
    for (const name of await needs.watches.claimDue(readsAtOnceMax - reading.size)) {
      const read = readWatched(needs, name, signal).finally(() => reading.delete(read));
      reading.add(read);
    }
    await needs.watches.removeUnwatched();
  };
  const running = (async () => {
    while (!signal.aborted) {
      await beat().catch((error) => needs.onError(error, "follow-markets"));
      await sleep(beatMs, undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(reading);
  })();
  return {
    close() {
      ending.abort(new Error("the worker ends"));
      return running;
    },
  };
}

/** One reading, kept for all who look; what the exchange said when it failed is kept as well. Never throws. */
export async function readWatched(
  { watches, exchanges, now, onError }: Needs,
  name: WatchName,
  signal: AbortSignal,
): Promise<void> {
  try {
    const exchange = await exchanges.open(name.exchange);
    const { symbol } = name;
    const fromMs = Math.floor(now() / minuteMs) * minuteMs - (candlesShown - 1) * minuteMs;
    const answer =
      symbol === allMarkets
        ? { prices: await exchange.readPrices(signal) }
        : { candles: await exchange.readCandles({ symbol, timeframe: "1m", fromMs }, signal) };
    await watches.record(name, { answer });
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof PlatformError)) onError(error, "follow-markets");
    const problem =
      error instanceof PlatformError ? error.message : "Reading failed; it is tried again.";
    await watches.record(name, { problem }).catch((failed) => onError(failed, "follow-markets"));
  }
}
