import { expect, test } from "vitest";
import type { RunTrade } from "../result/shown.ts";
import { workbenchSearch } from "../search.ts";
import { matches, sortTrades } from "./trade-list.ts";

const trade = (number: number, changed: Partial<RunTrade>): RunTrade =>
  ({ number, side: "long", exitReason: "stop", market: "A", pnl: 1, ...changed }) as RunTrade;

const trades = [
  trade(1, { pnl: 3 }),
  trade(2, { side: "short", pnl: -1 }),
  trade(3, { exitReason: "target", pnl: 3 }),
  trade(4, { market: "B", pnl: 0 }),
];

test.each([
  [{}, [1, 2, 3, 4]],
  [{ side: "short" }, [2]],
  [{ result: "won" }, [1, 3]],
  [{ result: "lost" }, [2, 4]],
  [{ exit: "target" }, [3]],
  [{ market: "A", result: "won", exit: "stop" }, [1]],
  [{ exit: "never" }, []],
] as const)("the filter %j lists %j", (filter, numbers) => {
  expect(trades.filter((one) => matches(one, filter)).map(({ number }) => number)).toEqual(numbers);
});

test("trades that are equal stay in the order they happened", () => {
  const by = (order: "asc" | "desc") =>
    sortTrades(trades, { by: "pnl", order }).map(({ number }) => number);
  expect(by("desc")).toEqual([1, 3, 4, 2]);
  expect(by("asc")).toEqual([2, 4, 1, 3]);
});

test("an address says what is valid and nothing else", () => {
  const typed = { side: "up", result: "won", sort: "pnl", order: "x", exit: "stop", market: 7 };
  expect(workbenchSearch(typed)).toEqual({ result: "won", sort: "pnl", exit: "stop" });
  expect(workbenchSearch({ exchange: "binance", backtest: "b" })).toEqual({ backtest: "b" });
});
