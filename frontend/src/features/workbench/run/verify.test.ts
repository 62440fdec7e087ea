import { expect, test } from "vitest";
import { verdictOf } from "./verify.ts";

const before = {
  engineVersion: "1.1.0",
  strategyVersion: "v1",
  inputs: "i1",
  dataRevision: "d1",
  fingerprint: "f1",
};
const now = { ...before, fingerprint: "f2" };

test.each([
  ["same", before],
  ["data-changed", { ...now, dataRevision: "d2", engineVersion: "1.2.0" }],
  ["strategy-changed", { ...now, strategyVersion: "v2", inputs: "i2" }],
  ["inputs-changed", { ...now, inputs: "i2", engineVersion: "1.2.0" }],
  ["other-engine", { ...now, engineVersion: "1.2.0" }],
  ["different", now],
])("a fresh run is %s", (verdict, fresh) => {
  expect(verdictOf(before, fresh)).toBe(verdict);
});

test("inputs that were not kept cannot have changed", () => {
  expect(verdictOf({ ...before, inputs: null }, now)).toBe("different");
});
