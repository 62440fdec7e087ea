import { expect, test } from "vitest";
import { seeded } from "../test/support/runs.ts";
import { quantileAmong, quantileOf, sorted } from "./statistics.ts";

test("a quantile of values in any order is that of the sorted ones, ties and few values included", () => {
  const random = seeded(7);
  for (let length = 0; length < 120; length++) {
    const values = Array.from({ length }, () =>
      length % 3 === 0 ? Math.floor(random() * 4) : random() - 0.5,
    );
    for (const share of [0, 0.25, 0.5, 0.95, 1])
      expect(quantileAmong(values, share)).toBe(quantileOf(sorted(values), share));
  }
});
