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

test("what the command line printed is read", () => {
  const kept = readKeptFile(fileOf({ ...printed, otherMarkets: [] }));
  expect(kept).toMatchObject({ symbol: "BTC/USDT", shown: { fingerprint: "f", trades: [] } });
});

test("a result over several markets is refused rather than called different", () => {
  const path = fileOf({ ...printed, otherMarkets: [{ symbol: "ETH/USDT" }] });
  expect(() => readKeptFile(path)).toThrow(/over several markets/);
});

test("what is no result is refused", () => {
  expect(() => readKeptFile(fileOf({ fingerprint: "f" }))).toThrow(/is no result/);
});
