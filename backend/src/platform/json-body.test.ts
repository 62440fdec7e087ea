import { expect, test } from "vitest";
import { parseJsonBody } from "./json-body.ts";

test.each([
  ["truncated JSON", '{"a":'],
  ["a nested __proto__", '{"a":[{"__proto__":{"admin":true}}]}'],
  ["half a surrogate pair in a value", '{"a":"\\ud800"}'],
  ["half a surrogate pair in a key", '{"\\udfff":1}'],
  ["a NUL character", '{"a":"x\\u0000y"}'],
  ["depth 10^4", `${"[".repeat(10_000)}${"]".repeat(10_000)}`],
  ["depth 10^4 of objects", `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`],
  ["10^5 values", `[${"1,".repeat(99_999)}1]`],
  ["10^5 keys", `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`],
])("%s is refused", (_what, text) => {
  expect(() => parseJsonBody(text)).toThrow(expect.objectContaining({ code: "malformed-body" }));
});

test("an ordinary body passes, emoji and empty body included", () => {
  expect(parseJsonBody('{"name":"😀","list":[1,{"b":null}]}')).toEqual({
    name: "😀",
    list: [1, { b: null }],
  });
  expect(parseJsonBody("")).toBeUndefined();
});
