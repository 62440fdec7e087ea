import { expect, test } from "vitest";
import { drill } from "./drill.ts";

for (const seed of ["north", "south", "east", "west"]) {
  test(`3,000 random operations keep every promise (seed ${seed})`, () => {
    const result = drill(seed, 3000, true);
    expect(result.placed).toBeGreaterThan(300);
    expect(result.trades).toBeGreaterThan(200);
    expect(result.canceled).toBeGreaterThan(100);
    expect(result.amended).toBeGreaterThan(5);
  });
}

test("the same seed gives the same ledger, another seed another one", () => {
  const first = drill("repeat", 1500, true);
  expect(drill("repeat", 1500, true)).toEqual(first);
  expect(drill("repeat!", 1500, true).hash).not.toBe(first.hash);
});
