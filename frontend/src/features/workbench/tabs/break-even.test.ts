import { expect, test } from "vitest";
import type { RunTrade } from "../result/shown.ts";
import { breakEvenFee, tradedNotional } from "./break-even.ts";

const trade = (number: number, pnl: number, exitReason = "signal") =>
  ({ number, pnl, exitReason, quantity: 2, entryPrice: 100, exitPrice: 110 }) as RunTrade;

test("a trade still open has only been entered", () => {
  expect(tradedNotional([trade(1, 0), trade(2, 0, "end-of-data")])).toBe(420 + 200);
});

test("the break-even fee spreads the profit before fees over what was traded", () => {
  expect(breakEvenFee(80, 20, 10_000)).toBe(0.01);
  expect(breakEvenFee(-30, 20, 10_000)).toBeNull();
});
