import { expect, test } from "vitest";
import { whyGuessable } from "./common-passwords.ts";

const own = ["ann.smith", "ann@example.com", "Trading Platform"];

test.each([
  "123456",
  "Password",
  "1qaz2wsx3edc",
  "QWERTY123456",
  "aaaaaaaaaaaa",
  "abcabcabcabc",
  "password1234",
  "!!dragon2024",
  "123456789012",
  "ann.smith",
  "Ann.Smith2024",
  "ann@example.com",
  "passwordpassword",
  "correcthorsebatterystaple",
  "Correct Horse Battery Staple",
  "abcdefghijkl",
  "zaq12wsxcde3",
  "Trading Platform",
  "tradingplatform",
  "TradingPlatform2026!",
  "P@ssw0rd2024!",
  "Summer2024!Summer2024!",
  "qwertyuiopasdf",
  "dragon monkey",
  "Ｐａｓｓｗｏｒｄ１２",
])("%s is refused", (password) => {
  expect(whyGuessable(password, own)).not.toBeNull();
});

test.each([
  "correct horse battery",
  "dragon-8374-2938-4857",
  "a long enough password",
  "the staple nobody expects",
  "trading dogs for llamas",
  "kT7#vQ2!mZ9x",
  "ann walks her dog at noon",
  "μου αρέσει το τσάι",
])("%s is taken", (password) => {
  expect(whyGuessable(password, own)).toBeNull();
});

test("the longest password is judged in no time", () => {
  const startedAt = performance.now();
  whyGuessable("zaq1".repeat(64), own);
  expect(performance.now() - startedAt).toBeLessThan(100);
});
