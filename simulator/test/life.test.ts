import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import type { Candle } from "../src/core/candle-store.ts";
import { klines } from "../src/core/klines.ts";
import { createRandom } from "../src/core/random.ts";
import { createExchange, type Exchange } from "../src/exchange.ts";
import { readCandleFile } from "../src/life/candle-file.ts";
import { printsOf } from "../src/life/prints.ts";
import { marketFor } from "../src/markets.ts";
import { monday } from "./support/quiet.ts";

const minute = 60_000;

test("prints open, peak, bottom and close as their candle does, and trade its volume", () => {
  const random = createRandom("prints");
  for (let run = 0; run < 500; run += 1) {
    const low = 1000 + random.integer(100);
    const high = low + random.integer(50);
    const pick = (): number => low + random.integer(high - low + 1);
    const candle = {
      time: 0,
      open: pick(),
      high,
      low,
      close: pick(),
      lots: 4 + random.integer(5000),
    };
    const prints = printsOf(candle, minute, 4 + random.integer(30), random);
    const prices = prints.map(({ ticks }) => ticks);
    expect(prices[0]).toBe(candle.open);
    expect(prices.at(-1)).toBe(candle.close);
    expect([Math.min(...prices), Math.max(...prices)]).toEqual([low, high]);
    expect(prints.reduce((sum, { lots }) => sum + lots, 0)).toBe(candle.lots);
    expect(prints.every(({ at, lots }) => at < minute && lots > 0)).toBe(true);
  }
});

async function agents(seed: string): Promise<Exchange> {
  const exchange = createExchange({ seed, startAt: monday, historyDays: 0.2, ledgerKeeps: "all" });
  const { account } = exchange.openAccount({ USDT: "1000" });
  expect(account.id).toBeGreaterThan(0);
  await exchange.step(5000);
  return exchange;
}

test("a seed makes its market: prices, book and ledger repeat; another seed makes another", async () => {
  const [one, same, other] = await Promise.all([agents("a"), agents("a"), agents("b")]);
  expect(one.ledger.count()).toBeGreaterThan(300);
  expect(same.ledger.hash()).toBe(one.ledger.hash());
  expect(other.ledger.hash()).not.toBe(one.ledger.hash());
});

test("an agent market has a past without gaps that leads to its present", async () => {
  const { spot } = await agents("past");
  const market = spot.core.markets.get("BTCUSDT");
  if (market === undefined) throw new Error("no market");
  const now = spot.core.now();
  const candles = klines(market.tape, { interval: "1m", start: null, end: null, limit: 280 }, now);
  expect(candles).toHaveLength(280);
  for (const [index, { time }] of candles.entries())
    expect(time).toBe((candles[0]?.time ?? 0) + index * minute);
  expect(candles.at(-1)?.close).toBe(market.last);
  const hours = klines(market.tape, { interval: "1h", start: null, end: null, limit: 3 }, now);
  const [last] = hours.slice(-2);
  const inside = candles.filter(
    ({ time }) => time >= (last?.time ?? 0) && time < (last?.time ?? 0) + 60 * minute,
  );
  expect(last?.lots).toBe(inside.reduce((sum, { lots }) => sum + lots, 0));
  expect(last?.high).toBe(Math.max(...inside.map(({ high }) => high)));
});

test("a market started again later has the same past and goes on from it", async () => {
  const startedAt = (startAt: number) =>
    createExchange({ seed: "again", startAt, historyDays: 0.1 }).spot.core.markets;
  const later = startedAt(monday + 60 * minute);
  const hour = (candles: readonly Candle[]) =>
    candles
      .filter(({ time }) => time > monday - 60 * minute && time < monday)
      .map(({ time, open, high, low, close, lots }) => ({ time, open, high, low, close, lots }));
  for (const [symbol, { tape }] of startedAt(monday)) {
    const past = hour(tape.minutes.candles);
    expect(past).toHaveLength(59);
    expect(hour(later.get(symbol)?.tape.minutes.candles ?? []), symbol).toEqual(past);
  }
});

test("after a restart the past says what the market traded at while it lived", async () => {
  const lived = createExchange({ seed: "lived", startAt: monday, historyDays: 0.01 });
  await lived.step(2 * minute);
  const startAt = monday + 2 * minute;
  const again = createExchange({ seed: "lived", startAt, historyDays: 0.01 });
  for (const [symbol, { last }] of lived.spot.core.markets) {
    const told = again.spot.core.markets.get(symbol)?.last ?? 0;
    expect(Math.abs(last / told - 1), symbol).toBeLessThan(0.004);
  }
});

const path = "../shared/data/lean_crypto_binance_btcbusd_1m_20221213.csv.gz";

test("a replayed file comes back as its own candles, past and lived alike", async ({ skip }) => {
  skip(!existsSync(path), "../shared/data is not there");
  const settings = marketFor("BTCUSDT", 17_000);
  const file = readCandleFile(path, settings);
  const exchange = createExchange({
    seed: "replay",
    startAt: monday,
    markets: [settings],
    source: () => ({ kind: "replay", file, livePart: 0.1 }),
  });
  const lived = 30;
  await exchange.step(lived * minute);
  const market = exchange.spot.core.markets.get("BTCUSDT");
  if (market === undefined) throw new Error("no market");
  const turn = Math.round(file.candles.length * 0.9);
  const start = monday - turn * minute;
  const candles = klines(
    market.tape,
    { interval: "1m", start, end: monday + lived * minute - 1, limit: 2000 },
    exchange.clock.now(),
  );
  expect(candles).toHaveLength(turn + lived);
  for (const [index, { open, high, low, close, lots }] of candles.entries()) {
    const source = file.candles[index];
    expect({ open, high, low, close, lots }, `candle ${index}`).toEqual({
      open: source?.open,
      high: source?.high,
      low: source?.low,
      close: source?.close,
      lots: source?.lots,
    });
  }
});
