import { expect, test } from "vitest";
import { catalogue, translate } from "./catalogue.ts";

test("a translation replaces what it has and leaves the rest English", () => {
  translate("sample", {
    title: "Daten",
    parts: { rows: (n: number) => `${n} Zeilen` },
    foreign: "x",
  });
  const texts = catalogue("sample", {
    title: "Data",
    empty: "Nothing here",
    parts: { rows: (n: number) => `${n} rows` },
  });
  expect(texts.title).toBe("Daten");
  expect(texts.empty).toBe("Nothing here");
  expect(texts.parts.rows(3)).toBe("3 Zeilen");
  expect(texts).not.toHaveProperty("foreign");
});

test("a catalogue declared twice is refused", () => {
  catalogue("once", {});
  expect(() => catalogue("once", {})).toThrow("exists twice");
});
