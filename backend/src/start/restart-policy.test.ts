import { expect, test } from "vitest";
import { restartDelayMs } from "./restart-policy.ts";

test.each([
  ["the first end", [1_000], 250],
  ["the second within a minute", [1_000, 2_000], 500],
  ["the fourth within a minute", [1_000, 2_000, 3_000, 4_000], 2_000],
  ["ends long ago", [1_000, 2_000, 3_000, 100_000], 250],
  ["very many", Array.from({ length: 40 }, (_, i) => 1_000 + i), 30_000],
])("after %s", (_name, ends, delay) => {
  expect(restartDelayMs(ends)).toBe(delay);
});
