import type { RunDescription } from "@trading/engine";
import { expect, test } from "vitest";
import { alteredFigure } from "./altered-figure.ts";
import { tradeLine } from "./backtest-output.ts";

const trade = { market: "BTC/USDT", entryAt: 0, exitAt: 60_000, pnl: 1, liquidationPrice: null };
const run = {
  fingerprint: "f",
  metrics: { finalEquity: 101, sharpe: null },
  trades: [trade, trade],
} as unknown as RunDescription;
const shown = {
  fingerprint: "f",
  metrics: run.metrics as Record<string, unknown>,
  trades: JSON.parse(JSON.stringify(run.trades.map(tradeLine))),
};

test.each([
  [null, {}],
  [null, { trades: 2 }],
  [null, { metrics: { finalEquity: 101, ofAnOlderEngine: 3 } }],
  ["fingerprint", { fingerprint: "g" }],
  ["metrics.finalEquity", { metrics: { finalEquity: 102 } }],
  ["metrics.sharpe", { metrics: { sharpe: 4 } }],
  ["the number of trades", { trades: 3 }],
  ["the number of trades", { trades: [shown.trades[0]] }],
  ["trades.1", { trades: [shown.trades[0], { ...shown.trades[1], pnl: 2 }] }],
  ["trades.0", { trades: [null, null] }],
])("%s is found altered", (found, change) => {
  expect(alteredFigure({ ...shown, ...change }, run)).toBe(found);
});
