import { expect, test } from "vitest";
import {
  bundleOf,
  strategySource,
  trading,
  wanderingCandles,
} from "../../test/support/strategy-files.ts";
import { createHostPool } from "./host-pool.ts";
import type { RunOrder } from "./host-protocol.ts";

const limits = {
  budgetMs: 60_000,
  budgetPerCandleUs: 0,
  describeMs: 5_000,
  explainableShare: 0.1,
  memoryMbMax: 400,
  ordersMax: 100,
};

async function orderFor(source: string): Promise<RunOrder> {
  const { code, version } = await bundleOf(source);
  return {
    code,
    version,
    parameters: { fast: 5 },
    market: { symbol: "BTC/USDT", tick: null, lot: null, notionalMin: null },
    timeframe: "1h",
    candles: wanderingCandles(200),
    dataRevision: "0".repeat(64),
    settings: { capital: 10_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
  };
}

test("more runs than hosts wait their turn, and one that must be stopped harms no other", async () => {
  const pool = createHostPool(2, limits);
  const good = await orderFor(trading);
  const endless = await orderFor(strategySource("for (;;);"));
  const stop = new AbortController();
  const blocked = pool.run(endless, { signal: stop.signal });
  const runs = await Promise.all(Array.from({ length: 6 }, () => pool.run(good)));
  expect(new Set(runs.map((run) => run.fingerprint)).size).toBe(1);
  stop.abort(new Error("enough"));
  await expect(blocked).rejects.toThrow("enough");
  expect((await pool.run(good)).fingerprint).toBe(runs[0]?.fingerprint);
  pool.close();
});
