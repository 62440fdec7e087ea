import { expect, test } from "vitest";
import type { Shown } from "../result/shown.ts";
import { noTrades } from "./no-trades.ts";

const shown = (rejectedOrders: object, refusedLines: readonly object[]) =>
  ({ rejectedOrders, refusedLines }) as Shown;

test("a run whose plan was refused did give signals", () => {
  expect(noTrades(shown({}, []))).toContain("gave no signal");
  expect(noTrades(shown({ "beyond-funds": 2 }, [{}, {}, {}]))).toContain("planned lines: 5");
});
