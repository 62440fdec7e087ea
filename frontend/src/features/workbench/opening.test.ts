import type { Series } from "@trading/contracts/market-data";
import type { StrategyVersion, StrategyView } from "@trading/contracts/strategies";
import { expect, test } from "vitest";
import { defaultSettings } from "../../ui/run-settings.ts";
import { openingState } from "./opening.ts";
import type { WorkbenchState } from "./state.ts";

const fast = { kind: "integer", label: "Fast", help: "", default: 10, min: 2, max: 60, step: 1 };
const newest = { name: "cross", version: "v2", timeframes: ["1h"], parameters: {} };
const older = { ...newest, version: "v1", parameters: { fast } };
const lists = {
  strategies: [newest] as unknown as StrategyView[],
  series: [{ id: "s1", timeframe: "1h", timeframes: ["1h"] }] as unknown as Series[],
};
const liked = { currency: "USDT", capital: 10_000 };
const wanted = (version?: string): WorkbenchState => ({
  strategy: "cross",
  seriesId: "s1",
  timeframe: "1h",
  from: null,
  to: null,
  parameters: { fast: 12 },
  settings: { ...defaultSettings, makerFee: 0.0002 },
  ...(version !== undefined && { version }),
});

test("a backtest of an older version opens with that version and its parameters", () => {
  const state = openingState(
    { ...lists, older: older as unknown as StrategyVersion },
    {},
    wanted("v1"),
    liked,
  );
  expect(state).toEqual(wanted("v1"));
});

test("a backtest of the newest version follows what its file says later", () => {
  const state = openingState({ ...lists, older: null }, {}, wanted("v2"), liked);
  expect(state).toEqual({ ...wanted(), parameters: {} });
});

test("a series opens with the first strategy where none is named", () => {
  expect(openingState({ ...lists, older: null }, { series: "s1" }, null, liked)?.strategy).toBe(
    "cross",
  );
});

test("a series opens with a strategy that has something to set", () => {
  const hold = { ...newest, name: "buy-and-hold" };
  const cross = { ...newest, parameters: { fast } };
  const strategies = [hold, cross] as unknown as StrategyView[];
  const state = openingState({ ...lists, strategies, older: null }, { series: "s1" }, null, liked);
  expect(state?.strategy).toBe("cross");
});

test("a fresh start takes a series in the user's currency and their capital", () => {
  const series = [
    { id: "s1", quote: "USDT", timeframe: "1h", timeframes: ["1h"] },
    { id: "s2", quote: "EUR", timeframe: "1h", timeframes: ["1h"] },
  ] as unknown as Series[];
  const opened = (currency: string) =>
    openingState({ ...lists, series, older: null }, {}, null, { currency, capital: 500 });
  expect(opened("EUR")).toMatchObject({ seriesId: "s2", settings: { capital: 500 } });
  expect(opened("GBP")).toMatchObject({ seriesId: "s1" });
});
