import { expect, test } from "vitest";
import { matchingStep, newTotpSecret, stepAt, totpAddress, totpCode } from "./totp.ts";

/** RFC 6238, appendix B, shortened from eight digits to six. */
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
test.each([
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
])("at second %i the code is the one of RFC 6238", (second, code) => {
  expect(totpCode(rfcSecret, stepAt(second * 1_000))).toBe(code);
});

test("a code counts one step early and late, not two", () => {
  const now = 1_700_000_000_000;
  const step = stepAt(now);
  for (const off of [-1, 0, 1])
    expect(matchingStep(rfcSecret, totpCode(rfcSecret, step + off), now, 0)).toBe(step + off);
  for (const off of [-2, 2])
    expect(matchingStep(rfcSecret, totpCode(rfcSecret, step + off), now, 0)).toBeNull();
});

test("a code that was used, or any from before it, does not count again", () => {
  const now = 1_700_000_000_000;
  const step = stepAt(now);
  const code = totpCode(rfcSecret, step);
  expect(matchingStep(rfcSecret, code, now, step - 1)).toBe(step);
  expect(matchingStep(rfcSecret, code, now, step)).toBeNull();
  expect(matchingStep(rfcSecret, totpCode(rfcSecret, step - 1), now, step)).toBeNull();
});

test.each(["", "1", "1234567", "abcdef", "١٢٣٤٥٦"])("%j is no code", (code) => {
  expect(matchingStep(rfcSecret, code, 59_000, 0)).toBeNull();
});

test("secrets have 160 bits and an address an app can read", () => {
  const secret = newTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(secret);
  expect(totpAddress(secret, "My Desk", "ann")).toBe(
    `otpauth://totp/My%20Desk:ann?secret=${secret}&issuer=My%20Desk`,
  );
});
