import { expect, test } from "vitest";
import type { Shown } from "../result/shown.ts";
import { noTrades } from "./no-trades.ts";

const shown = (rejectedOrders: object, refusedLines: readonly object[], warmup = 0) =>
  ({ rejectedOrders, refusedLines, warmup, data: { rows: 48 } }) as Shown;

test("a run whose plan was refused did give signals", () => {
  expect(noTrades(shown({}, []))).toContain("gave no signal");
  expect(noTrades(shown({ "beyond-funds": 2 }, [{}, {}, {}]))).toContain("planned lines: 5");
});

test("a run that ends before it may decide says how many candles it needs", () => {
  expect(noTrades(shown({}, [], 199))).toContain("needs 199 candles before it decides");
});
