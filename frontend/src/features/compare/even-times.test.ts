import { expect, test } from "vitest";
import { atEvenTimes } from "./even-times.ts";

const hour = 3_600_000;
const curve = (from: number, every: number, points: number) => ({
  time: Array.from({ length: points }, (_, at) => from + at * every),
  values: Array.from({ length: points }, (_, at) => at),
});

test("a curve of many points takes no more room than its time", () => {
  const dense = curve(0, hour / 60, 60 * 24);
  const sparse = curve(24 * hour, 24 * hour, 10);
  const { time, values } = atEvenTimes([dense, sparse]);
  const steps = time.slice(1, -1).map((at, i) => at - (time[i] ?? 0));
  expect(new Set(steps).size).toBe(1);
  const [ofDense = [], ofSparse = []] = values;
  const known = (list: readonly (number | null)[]) => list.filter((one) => one !== null).length;
  expect(known(ofDense) / time.length).toBeCloseTo(0.1, 1);
  expect(known(ofSparse) / time.length).toBeCloseTo(0.9, 1);
});

test("curves keep their first and last value, and end where they end", () => {
  const { time, values } = atEvenTimes([curve(0, hour, 3), curve(hour, hour, 5)]);
  expect([time[0], time.at(-1)]).toEqual([0, 5 * hour]);
  const [first = [], second = []] = values;
  expect([first[0], first.findLast((one) => one !== null), first.at(-1)]).toEqual([0, 2, null]);
  expect([second[0], second.at(-1)]).toEqual([null, 4]);
});

test("nothing is drawn of curves without a time", () => {
  expect(atEvenTimes([curve(0, hour, 0)])).toEqual({ time: [], values: [[]] });
});
