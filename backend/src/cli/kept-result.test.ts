import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSettings } from "@trading/contracts/run-settings";
import { afterAll, expect, test } from "vitest";
import { readKeptFile } from "./kept-result.ts";

const dir = mkdtempSync(join(tmpdir(), "kept-"));
afterAll(() => rmSync(dir, { recursive: true }));

const printed = {
  fingerprint: "f",
  engineVersion: "1.3.0",
  strategy: "sma-crossover",
  version: "v",
  parameters: {},
  settings: runSettings.parse({}),
  data: {
    symbol: "BTC/USDT",
    timeframe: "1h",
    first: "2024-01-01T00:00:00.000Z",
    last: "2024-01-02T00:00:00.000Z",
    revision: "r",
  },
  metrics: {},
  report: {
    receipt: {
      engineVersion: "1.3.0",
      strategyVersion: "v",
      inputs: "i",
      dataRevision: "r",
      fingerprint: "f",
    },
  },
  trades: [],
};
const fileOf = (document: object) => {
  const path = join(dir, "kept.json");
  writeFileSync(path, JSON.stringify(document));
  return path;
};

test("what the command line printed is read, with every market of a wallet in its order", () => {
  const rules = { tick: 0.01, lot: null, notionalMin: null };
  const other = { ...printed.data, symbol: "ETH/USDT", timeframe: "4h", rules };
  const kept = readKeptFile(fileOf({ ...printed, otherMarkets: [other] }));
  const fromMs = Date.parse("2024-01-01T00:00:00Z");
  expect(kept.told).toMatchObject({ fingerprint: "f", trades: [] });
  expect(kept.markets).toEqual([
    expect.objectContaining({
      symbol: "BTC/USDT",
      range: { fromMs, toMs: fromMs + 25 * 3_600_000 },
    }),
    expect.objectContaining({
      symbol: "ETH/USDT",
      rules,
      range: { fromMs, toMs: fromMs + 28 * 3_600_000 },
    }),
  ]);
});

test("what is no result is refused", () => {
  expect(() => readKeptFile(fileOf({ fingerprint: "f" }))).toThrow(/is no result/);
});
