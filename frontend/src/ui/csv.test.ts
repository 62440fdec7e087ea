import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("cells are quoted where commas, quotes or formulas would change their meaning", () => {
  expect(
    csv(
      ["a", "b"],
      [
        ["=1+1", 'x "y", z'],
        ["-2", -2],
        ["plain", null],
      ],
    ),
  ).toBe('a,b\r\n\'=1+1,"x ""y"", z"\r\n\'-2,-2\r\nplain,\r\n');
});
