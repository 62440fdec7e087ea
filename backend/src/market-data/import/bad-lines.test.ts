import { expect, test } from "vitest";
import {
  candleFileReader,
  candles,
  csv,
  hour,
  rowsOf,
  start,
} from "../../../test/support/candle-files.ts";

const { read, refusal } = candleFileReader();

const expected = candles(30);
const t5 = start + 5 * hour;
const spoiled = (line: readonly unknown[]) =>
  csv([...expected.slice(0, 5), line, ...expected.slice(6)]);
const badLines: readonly (readonly [string, string, RegExp])[] = [
  ["NaN", spoiled([t5, "NaN", 2, 1, 1, 1]), /open is “NaN”, not a number/],
  ["an empty field", spoiled([t5, 1, 2, 1, "", 1]), /close is missing, not a number/],
  ["infinity", spoiled([t5, 1, "Infinity", 1, 1, 1]), /high is “Infinity”, not a number/],
  ["hex", spoiled([t5, "0x10", 20, 1, 1, 1]), /open is “0x10”, not a number/],
  ["a negative price", spoiled([t5, 1, 2, -1, 1, 1]), /low is -1; a price must be above zero/],
  ["a price of zero", spoiled([t5, 0, 2, 1, 1, 1]), /open is 0; a price must be above zero/],
  ["a negative volume", spoiled([t5, 1, 2, 1, 1, -3]), /volume is -3; it must be zero or more/],
  ["high below low", spoiled([t5, 5, 4, 6, 5, 1]), /high 4 is below low 6/],
  [
    "a time that is none",
    spoiled(["yesterday", 1, 2, 1, 1, 1]),
    /“yesterday” is not a number or an ISO/,
  ],
  [
    "a day that is none",
    spoiled(["2024-02-30T00:00:00Z", 1, 2, 1, 1, 1]),
    /not a number or an ISO/,
  ],
  ["the year 1980", spoiled([325_468_800_000, 1, 2, 1, 1, 1]), /not in this century/],
  ["too few fields", spoiled([t5, 1, 2]), /3 fields where the first line has 6/],
  [
    "an unsorted line",
    spoiled([start + 2 * hour, 1, 2, 1, 1, 1]),
    /is before 2024-01-01T04:00:00.000Z above it/,
  ],
  [
    "another candle for a time",
    spoiled([start + 4 * hour, 1, 2, 1, 1, 1]),
    /another candle for 2024-01-01T04:00:00.000Z, with other values than line 6/,
  ],
  [
    "a time between two candles",
    spoiled([t5 + 1_000, 1, 2, 1, 1, 1]),
    /not the beginning of a candle of 1h/,
  ],
];

test.each(badLines)(
  "a bad line with %s refuses the file and is named",
  async (_name, content, why) => {
    const error = await refusal(content);
    expect(error.code).toBe("bad-lines");
    expect(error.errors).toEqual([{ where: "line 7", message: expect.stringMatching(why) }]);
  },
);

test.each(badLines)(
  "asked to skip them, a bad line with %s is left out and listed",
  async (_name, content, why) => {
    const file = await read(content, { badLines: "skip" });
    expect(file.skippedLines).toEqual([{ line: 7, message: expect.stringMatching(why) }]);
    expect(rowsOf(file)).toEqual(expected.filter((_, i) => i !== 5));
    expect(file.certificate).toMatchObject({ gaps: 1, missing: 1 });
  },
);

test("candles of the future are bad lines", async () => {
  const future = csv(expected.map(([t, ...rest]) => [t + 3 * 365 * 24 * hour, ...rest]));
  expect((await refusal(future)).errors?.[0]?.message).toMatch(/lies in the future/);
});

test("a candle that is still forming is left out and named", async () => {
  const now = start + 29 * hour + 1_800_000;
  const file = await read(csv(expected), { nowMs: now });
  expect(file.columns.time.length).toBe(29);
  expect(file.skippedLines).toEqual([
    { line: 31, message: expect.stringMatching(/not closed yet/) },
  ]);
});

test("half a bad file names the first 50 lines and counts all", async () => {
  const rows = candles(400).map((row, i) => (i % 3 === 0 ? [row[0], -1, 1, 1, 1, 1] : row));
  const error = await refusal(csv(rows), { timeframe: "1h" });
  expect(error.message).toMatch(/134 lines are bad, the first 50 are listed/);
  expect(error.errors?.length).toBe(50);
  const file = await read(csv(rows), { timeframe: "1h", badLines: "skip" });
  expect(file.skipped).toBe(134);
});

test("asked to skip them, the good lines of a mostly bad file are taken while two remain", async () => {
  const goodFrom = (first: number) =>
    csv(candles(100).map((row, i) => (i < first ? [row[0], "?", 1, 1, 1, 1] : row)));
  const file = await read(goodFrom(98), { badLines: "skip" });
  expect(file).toMatchObject({ timeframe: "1h", skipped: 98 });
  expect(rowsOf(file)).toEqual(candles(100).slice(98));
  for (const timeframe of [undefined, "1h"] as const) {
    const { message } = await refusal(goodFrom(99), { badLines: "skip", timeframe });
    expect(message).toMatch(/Fewer than two lines are candles; 99 lines are bad/);
  }
});

test("a file ending in the middle of a line is refused", async () => {
  const text = csv(expected);
  const error = await refusal(text.slice(0, -8));
  expect(error.errors?.[0]?.where).toBe("line 31");
});

test("open or close outside low and high is imported and flagged", async () => {
  const file = await read(spoiled([t5, 100, 17, 14, 16, 1]));
  expect(file.certificate.impossibleList).toEqual([
    { atMs: t5, why: "open 100 is outside low 14 and high 17" },
  ]);
});
