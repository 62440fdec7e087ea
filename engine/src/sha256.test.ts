import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { ownSha256, sha256 } from "./sha256.ts";

test("agrees with the native digest for every length around the block borders", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = randomBytes(length);
    expect(ownSha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
  }
});

test("agrees with the native digest for a megabyte, whichever computes it", () => {
  const bytes = randomBytes(1_000_001);
  expect(sha256(bytes)).toBe(ownSha256(bytes));
  expect(ownSha256(bytes)).toBe(createHash("sha256").update(bytes).digest("hex"));
});
