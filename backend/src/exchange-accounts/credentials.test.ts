import { expect, test } from "vitest";
import { createEnvelope, keysFromSecrets } from "../platform/envelope.ts";
import { endOf, isKeyOf, marksOf } from "./credentials.ts";

const [first, second] = [
  "the-first-encryption-key-of-a-test",
  "the-second-encryption-key-of-a-test",
];
const [leaked, other] = ["key-that-leaked-aB3x", "another-key-of-theirs-aB3x"];
const marks = (apiKey: string, ...secrets: string[]) =>
  marksOf(createEnvelope(keysFromSecrets(secrets)), "user", "binance", apiKey);

test("a leaked key is known again by its mark, and by its end once the key of the mark is gone", async () => {
  const [keyMark] = await marks(leaked, first);
  const row = { keyMark, keyEnd: endOf(leaked) };
  expect(isKeyOf(row, leaked, await marks(leaked, second, first))).toBe(true);
  expect(isKeyOf(row, other, await marks(other, second, first))).toBe(false);
  expect(isKeyOf(row, leaked, await marks(leaked, second))).toBe(true);
  expect(isKeyOf(row, "a-new-key-cD4y", await marks("a-new-key-cD4y", second))).toBe(false);
});
