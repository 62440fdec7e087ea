import { networkProblem } from "../exchanges/network-problem.ts";
import type { Reached } from "./first-content.ts";

/** Tried in this order: long histories in few requests first. Public addresses that need no key. */
const candidates = [
  { exchange: "binance", quote: "USDT", url: "https://api.binance.com/api/v3/time" },
  { exchange: "bybit", quote: "USDT", url: "https://api.bybit.com/v5/market/time" },
  { exchange: "kucoin", quote: "USDT", url: "https://api.kucoin.com/api/v1/timestamp" },
  { exchange: "okx", quote: "USDT", url: "https://www.okx.com/api/v5/public/time" },
  { exchange: "coinbase", quote: "USD", url: "https://api.exchange.coinbase.com/time" },
] as const;

const patienceMs = 3_000;

/** Asks all of them at once for the time, which shows within seconds whether there is a network and who refuses us. */
export function probeExchanges(): Promise<Reached[]> {
  return Promise.all(
    candidates.map(async ({ exchange, quote, url }) => ({
      exchange,
      quote,
      problem: await problemOf(url),
    })),
  );
}

async function problemOf(url: string): Promise<string | null> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) });
    await response.body?.cancel();
    if (response.ok) return null;
    return response.status === 451 || response.status === 403
      ? `it does not serve this region (HTTP ${response.status})`
      : `HTTP ${response.status}`;
  } catch (error) {
    return networkProblem(error) ?? (error as Error).message;
  }
}
