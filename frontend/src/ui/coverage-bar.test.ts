import { expect, test } from "vitest";
import { stretches } from "./coverage-bar.tsx";

test("a whole series is one stretch and a hole parts it", () => {
  expect(stretches([1, 1, 1])).toEqual([{ from: 0, to: 3, fullness: 1 }]);
  expect(stretches([1, 0, 1, 0.99])).toEqual([
    { from: 0, to: 1, fullness: 1 },
    { from: 2, to: 3, fullness: 1 },
    { from: 3, to: 4, fullness: 0.9 },
  ]);
  expect(stretches([])).toEqual([]);
});
