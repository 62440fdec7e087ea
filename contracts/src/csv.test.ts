import { expect, test } from "vitest";
import { csv } from "./csv.ts";

test("cells are quoted where commas, quotes or formulas would change their meaning", () => {
  const rows = [
    ["=1+1", 'x "y", z'],
    ["-2", -2],
    ["plain", null],
  ];
  expect(csv(["a", "b"], rows)).toBe('a,b\r\n\'=1+1,"x ""y"", z"\r\n\'-2,-2\r\nplain,\r\n');
});
