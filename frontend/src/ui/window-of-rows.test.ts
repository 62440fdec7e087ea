import { expect, test } from "vitest";
import { windowOf } from "./window-of-rows.ts";

test.each([
  ["the top", [0, 280, 28, 10_000], { first: 0, last: 16 }],
  ["the middle", [2_800, 280, 28, 10_000], { first: 94, last: 116 }],
  ["the end", [279_720, 280, 28, 10_000], { first: 9_984, last: 10_000 }],
  ["a list that has become shorter", [5_000, 280, 28, 3], { first: 3, last: 3 }],
  ["nothing", [0, 280, 28, 0], { first: 0, last: 0 }],
] as const)(
  "at %s only rows in sight and a few more are drawn",
  (_, [top, height, row, count], rows) => {
    expect(windowOf(top, height, row, count)).toEqual(rows);
  },
);
