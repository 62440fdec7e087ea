import { expect, test } from "vitest";
import { verdictOf, verdictSentence } from "./verdict.ts";

const before = {
  engineVersion: "1.0.0",
  strategyVersion: "s",
  inputs: "i",
  dataRevision: "d",
  fingerprint: "f",
};
const other = { fingerprint: "g" };

test.each([
  ["same", {}, /^Same/],
  [
    "data-changed",
    { ...other, dataRevision: "e", engineVersion: "2" },
    /^Data changed: .* d .* e /,
  ],
  ["strategy-changed", { ...other, strategyVersion: "t" }, /^Strategy changed: .* s .* t /],
  ["other-engine", { ...other, engineVersion: "2.0.0", inputs: "j" }, /^Made by engine 1\.0\.0/],
  ["inputs-changed", { ...other, inputs: "j" }, /^Inputs changed/],
  ["different", other, /^Different/],
] as const)("%s", (verdict, changed, sentence) => {
  const now = { ...before, ...changed };
  expect(verdictOf(before, now)).toBe(verdict);
  expect(verdictSentence(before, now)).toMatch(sentence);
});

test("inputs that are not known say nothing", () => {
  expect(verdictOf({ ...before, inputs: null }, { ...before, ...other })).toBe("different");
});
