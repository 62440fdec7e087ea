import { expect, test } from "vitest";
import { seeded } from "../test/support/runs.ts";
import { exp, log, pow } from "./mathematics.ts";

const random = seeded(11);
const spread = (count: number, from: number, to: number) =>
  Array.from({ length: count }, () => from + random() * (to - from));

function expectNear(actual: number, wanted: number, what: string): void {
  const error = wanted === 0 ? Math.abs(actual) : Math.abs(actual / wanted - 1);
  expect(error, what).toBeLessThanOrEqual(1e-15);
}

test("exp agrees with Math.exp to 1e-15", () => {
  for (const x of [...spread(20_000, -700, 700), ...spread(5_000, -1, 1), 0, 1, -1, 1e-300]) {
    expectNear(exp(x), Math.exp(x), `exp(${x})`);
  }
});

test("log agrees with Math.log to 1e-15", () => {
  for (const x of [
    ...spread(20_000, 0, 1e6),
    ...spread(5_000, 0.9, 1.1),
    ...spread(2_000, -300, 300).map((e) => 10 ** e),
  ]) {
    expectNear(log(x), Math.log(x), `log(${x})`);
  }
});

test("pow agrees with Math.pow to 1e-15", () => {
  const exponents = spread(20_000, -40, 40);
  spread(20_000, 0, 1_000).forEach((x, i) => {
    const y = exponents[i] as number;
    expectNear(pow(x, y), x ** y, `pow(${x}, ${y})`);
  });
  expectNear(pow(1.0000001, 1e8), 1.0000001 ** 1e8, "many periods");
});

test("whole powers of whole numbers are whole", () => {
  expect([pow(2, 10), pow(3, 4), pow(10, 3), pow(-2, 3), pow(-2, 2)]).toEqual([
    1024, 81, 1000, -8, 4,
  ]);
});

test("edges are those of Math", () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity, NEGATIVE_INFINITY: minus } = Number;
  for (const x of [infinity, minus, nan, 710, -746, 0]) expect(exp(x)).toBe(Math.exp(x));
  for (const x of [infinity, minus, nan, 0, 1, -1]) expect(log(x)).toBe(Math.log(x));
  for (const x of [0, 0.5, 2, infinity, nan]) {
    for (const y of [0, 1, -1, infinity, minus, nan]) {
      expect(pow(x, y), `pow(${x}, ${y})`).toBe(x ** y);
    }
  }
  expect(pow(-8, 1 / 3)).toBeNaN();
  expect(log(Number.MIN_VALUE)).toBeCloseTo(Math.log(Number.MIN_VALUE), 12);
  expect(exp(-740)).toBeGreaterThan(0);
});
