import type { BacktestDetail } from "@trading/contracts/backtests";
import type { Series } from "@trading/contracts/market-data";
import type { Preset, StrategyView } from "@trading/contracts/strategies";
import { expect, test } from "vitest";
import { defaultSettings } from "../../ui/run-settings.ts";
import {
  changedNames,
  fitted,
  freshState,
  presetOf,
  requestOf,
  stateOfBacktest,
  withFittedOthers,
  withPreset,
} from "./state.ts";

const table = {
  fast: { kind: "integer", label: "Fast", help: "", default: 10, min: 2, max: 60, step: 1 },
  side: {
    kind: "choice",
    label: "Side",
    help: "",
    default: "long",
    choices: [{ value: "long", label: "Long" }],
  },
  safe: { kind: "boolean", label: "Safe", help: "", default: true },
} as const;
const strategy = {
  name: "sma-crossover",
  timeframes: ["1h", "4h"],
  parameters: table,
} as unknown as StrategyView;
const series = { id: "s1", timeframe: "1m", timeframes: ["1m", "5m", "4h"] } as unknown as Series;

test("values that a newer table no longer allows fall back to its defaults", () => {
  const given = { fast: 200, side: "both", safe: false, gone: 1 };
  expect(fitted(table, given)).toEqual({ fast: 10, side: "long", safe: false });
});

test("a fresh state takes the first timeframe of the strategy that the series can give", () => {
  expect(freshState(strategy, series).timeframe).toBe("4h");
  expect(freshState(strategy, series, { timeframe: "5m" }).timeframe).toBe("5m");
  expect(freshState(strategy, { ...series, timeframes: ["1m"] }).timeframe).toBe("1m");
});

test("a backtest of a market opens on the series its candles came from", () => {
  const backtest = {
    candles: { kind: "market", exchange: "x", symbol: "BTC/USDT" },
    result: { data: { seriesId: "s9" } },
  } as unknown as BacktestDetail;
  expect(stateOfBacktest(backtest)?.seriesId).toBe("s9");
  expect(stateOfBacktest({ ...backtest, result: null })).toBeNull();
});

test("a request names the version that ran here and leaves out an open range", () => {
  const request = requestOf(freshState(strategy, series), {
    version: "v1",
    expectedFingerprint: "f",
  });
  expect(request).toMatchObject({ version: "v1", expectedFingerprint: "f", timeframe: "4h" });
  expect(request).not.toHaveProperty("from");
});

test("a backtest of several markets opens with all of them, by the series their candles came from", () => {
  const backtest = {
    candles: {
      kind: "market",
      symbol: "BTC/USDT",
      others: [
        { kind: "market", exchange: "x", symbol: "ETH/USDT" },
        { kind: "series", seriesId: "s3", timeframe: "1h" },
      ],
    },
    result: { data: { seriesId: "s1" }, markets: [{ seriesId: "s1" }, { seriesId: "s2" }] },
  } as unknown as BacktestDetail;
  expect(stateOfBacktest(backtest)?.others).toMatchObject([
    { seriesId: "s2" },
    { seriesId: "s3", timeframe: "1h" },
  ]);
});

test("a wallet keeps markets of one currency, each once and in a timeframe it has", () => {
  const made = (id: string, symbol: string, quote: string) =>
    ({ ...series, id, symbol, quote }) as Series;
  const all = [
    made("s1", "BTC/USDT", "USDT"),
    made("s2", "ETH/USDT", "USDT"),
    made("s3", "ETH/USDT", "USDT"),
    made("s4", "ETH/EUR", "EUR"),
  ];
  const others = ["s1", "s2", "s3", "s4", "s5"].map((seriesId) => ({
    kind: "series" as const,
    seriesId,
  }));
  const state = { ...freshState(strategy, all[0] as Series), others };
  expect(withFittedOthers(state, all).others).toEqual([{ kind: "series", seriesId: "s2" }]);
  expect(withFittedOthers({ ...state, timeframe: "1h" }, all).others).toEqual([
    { kind: "series", seriesId: "s2", timeframe: "1m" },
  ]);
});

test("a preset is known by its values and its contract, those it leaves as they are included", () => {
  const presets: Preset[] = [
    { title: "Usual", description: "", values: {}, leverage: null },
    { title: "Fast", description: "", values: { fast: 5 } },
    { title: "Lent", description: "", values: {}, leverage: 10 },
  ];
  const settings = defaultSettings;
  const ofTable = (chosen: Parameters<typeof presetOf>[1]) =>
    presetOf({ parameters: table, presets }, chosen);
  const [usual, fast, lent] = presets.map((preset) => withPreset(table, preset, settings));
  expect([usual, fast, lent].map((chosen) => chosen && ofTable(chosen))).toEqual([0, 1, 2]);
  expect(lent?.settings.perpetual).toMatchObject({ leverage: 10, marginMode: "isolated" });
  expect(ofTable({ parameters: { ...fitted(table, {}), fast: 7 }, settings })).toBeNull();
  // One that names no contract keeps the one that is set; spot takes it away.
  const onLent = lent?.settings ?? settings;
  expect(presets[1] && ofTable(withPreset(table, presets[1], onLent))).toBe(1);
  expect(presets[0] && withPreset(table, presets[0], onLent).settings).toEqual(settings);
});

test("only parameters off their default count as changed", () => {
  expect(changedNames(table, { fast: 11, side: "long", safe: true })).toEqual(["fast"]);
});
