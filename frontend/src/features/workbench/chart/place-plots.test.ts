import { expect, test } from "vitest";
import { placePlots } from "./place-plots.ts";

const line = (value: (at: number) => number) =>
  Float64Array.from({ length: 100 }, (_, at) => value(at));
const close = line((at) => 40_000 + at * 100);

test("averages lie over the price, oscillators below it with those of their size", () => {
  const plots = [
    { name: "average", values: line((at) => (at < 50 ? Number.NaN : 39_000)) },
    { name: "rsi", values: line((at) => at) },
    { name: "macd", values: line((at) => at * 10 - 500) },
    { name: "adx", values: line(() => 30) },
    { name: "signal", values: line((at) => at * 9 - 450) },
  ];
  expect(placePlots(plots, [], close).map(({ name, pane }) => [name, pane])).toEqual([
    ["average", 0],
    ["rsi", 1],
    ["macd", 2],
    ["adx", 1],
    ["signal", 2],
  ]);
});

test("a line without values lies over the price, where it takes no room", () => {
  expect(placePlots([{ name: "none", values: line(() => Number.NaN) }], [], close)[0]?.pane).toBe(
    0,
  );
});

test("an index lies below a price of its size where the strategy says so", () => {
  const price = line((at) => 50 + at / 10);
  const plots = [
    { name: "average", values: line(() => 50) },
    { name: "rsi", values: line((at) => at) },
  ];
  const placed = placePlots(plots, ["rsi"], price);
  expect(placed.map(({ name, pane }) => [name, pane])).toEqual([
    ["average", 0],
    ["rsi", 1],
  ]);
});
