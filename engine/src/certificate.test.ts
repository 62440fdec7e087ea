import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { columnsOf, minute } from "../test/support/runs.ts";
import { certify } from "./certificate.ts";

const calm = (count: number, volume = 1) =>
  Array.from({ length: count }, (_, i) => {
    const close = 100 + (i % 3);
    return [i * minute, close, close, close, close, volume];
  });

test("no candles: nothing to say", () => {
  const empty = certify(columnsOf([]), minute);
  expect(empty).toMatchObject({
    rows: 0,
    firstMs: null,
    lastMs: null,
    gaps: 0,
    missing: 0,
    jumps: 0,
  });
});

test("a gap runs from the first missing open to the next candle there", () => {
  const rows = calm(10).filter((_, i) => i !== 3 && i !== 4 && i !== 8);
  const found = certify(columnsOf(rows), minute, 7);
  expect(found).toMatchObject({ rows: 7, gaps: 2, missing: 3, duplicates: 7 });
  expect(found.gapList).toEqual([
    { fromMs: 3 * minute, toMs: 5 * minute, candles: 2 },
    { fromMs: 8 * minute, toMs: 9 * minute, candles: 1 },
  ]);
});

test.each([
  ["high below low", [0, 10, 9, 11, 10, 1], "high 9 is below low 11"],
  ["open outside", [0, 12, 11, 9, 10, 1], "open 12 is outside low 9 and high 11"],
  ["close outside", [0, 10, 11, 9, 8, 1], "close 8 is outside low 9 and high 11"],
  ["zero price", [0, 0, 11, 0, 8, 1], "a price is not a positive number"],
  ["NaN", [0, 10, Number.NaN, 9, 10, 1], "a price is not a positive number"],
  ["negative volume", [0, 10, 11, 9, 10, -1], "the volume is not zero or more"],
])("impossible candle: %s", (_name, row, why) => {
  const found = certify(columnsOf([row]), minute);
  expect(found.impossibleList).toEqual([{ atMs: 0, why }]);
});

test("ten candles without volume are a stretch, nine are not", () => {
  const rows = [...calm(30)].map((row, i) => {
    const isQuiet = (i >= 2 && i < 12) || (i >= 15 && i < 24);
    return isQuiet ? [...row.slice(0, 5), 0] : row;
  });
  const found = certify(columnsOf(rows), minute);
  expect(found.zeroVolumeStretches).toBe(1);
  expect(found.zeroVolumeList).toEqual([{ fromMs: 2 * minute, toMs: 12 * minute, candles: 10 }]);
});

test("a close far from the one before is a jump, with its change", () => {
  const rows = calm(200).map((row, i) =>
    i === 100 ? [row[0] as number, 300, 300, 300, 300, 1] : row,
  );
  const found = certify(columnsOf(rows), minute);
  expect(found.jumps).toBe(2);
  expect(found.jumpList[0]?.atMs).toBe(100 * minute);
  expect(found.jumpList[0]?.change).toBeCloseTo(300 / 100 - 1, 1);
});

test("lists are cut at 500, counts are whole", () => {
  const rows = calm(2_000).filter((_, i) => i % 2 === 0);
  const found = certify(columnsOf(rows), minute);
  expect(found.gaps).toBe(999);
  expect(found.gapList.length).toBe(500);
});

const folder = new URL("../../../shared/data/", import.meta.url);
const recorded = [
  ["ftx_BTC-PERP_1m_2022-01", 1, 45_031, 0, 0],
  ["freqtrade_ADA_BTC-5m", 5, 5_720, 5, 40],
  ["freqtrade_DASH_BTC-5m", 5, 5_758, 2, 2],
  ["freqtrade_UNITTEST_BTC-1m", 1, 13_681, 538, 717],
  ["freqtrade_UNITTEST_BTC-30m", 30, 1_920, 0, 0],
  ["freqtrade_XLM_BTC-5m", 5, 5_760, 0, 0],
  ["freqtrade_XRP_USDT_USDT-1h-mark", 60, 100, 0, 0],
  ["lean_coinbase_BTCUSD_1d", 1_440, 1_318, 8, 34],
  ["octobot_bittrex_ADA-BTC_1m", 1, 12_322, 1_421, 2_076],
  ["octobot_binance_BNB-USDT_4h", 240, 500, 0, 0],
] as const;

test.for(recorded)("recorded candles: %s", ([name, minutes, rows, gaps, missing], { skip }) => {
  skip(!existsSync(folder), "../shared/data is not there");
  const text = gunzipSync(readFileSync(new URL(`${name}.csv.gz`, folder))).toString();
  const lines = text.trim().split("\n").slice(1);
  const found = certify(
    columnsOf(lines.map((line) => line.split(",").map(Number))),
    minutes * minute,
  );
  expect(found).toMatchObject({ rows, gaps, missing });
});
