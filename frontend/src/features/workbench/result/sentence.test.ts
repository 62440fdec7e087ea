import { expect, test } from "vitest";
import { resultSentence } from "./sentence.ts";

const day = 86_400_000;
const facts = {
  capital: 10_000,
  quote: "USD",
  spanMs: 3.7 * 365.25 * day,
  finalEquity: 210_227,
  maxDrawdown: 0.422,
  trades: 20,
  holdEquity: 208_456,
  holdDrawdown: 0.702,
};

test("a gain tells what it grew to, its worst fall and what holding would have done", () => {
  expect(resultSentence(facts)).toBe(
    "grew 10,000 USD to 210,227 in 3.7 years and fell 42\u00a0% at worst; holding would have ended at 208,456 after falling 70\u00a0%.",
  );
});

test("a loss shrinks", () => {
  expect(resultSentence({ ...facts, finalEquity: 9_000.4, spanMs: 31 * day })).toMatch(
    /^shrank 10,000 USD to 9,000 in 31 d and fell/,
  );
});

test("a run without trades says so and what it kept", () => {
  const idle = { ...facts, finalEquity: 10_000, trades: 0, maxDrawdown: 0, spanMs: 31 * day };
  expect(resultSentence(idle)).toMatch(/^made no trade in 31 d and kept 10,000 USD; holding/);
});

test("small falls keep a decimal and a missing benchmark is left out", () => {
  const sentence = resultSentence({ ...facts, maxDrawdown: 0.004, holdEquity: null });
  expect(sentence).toMatch(/fell 0.4\u00a0% at worst\.$/);
});

test("small amounts keep the digits that tell them apart", () => {
  expect(resultSentence({ ...facts, capital: 0.05, quote: "BTC", finalEquity: 0.0512 })).toMatch(
    /^grew 0.0500 BTC to 0.0512/,
  );
});
