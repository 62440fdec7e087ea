import { expect, test } from "vitest";
import { ProblemError } from "./problem.ts";

function encoded(columns: number[][]): ArrayBuffer {
  const rows = columns[0]?.length ?? 0;
  const buffer = new ArrayBuffer(16 + 6 * rows * 8);
  new Uint8Array(buffer).set(new TextEncoder().encode("TPC1"));
  new DataView(buffer).setUint32(4, rows, true);
  for (const [index, column] of columns.entries()) {
    new Float64Array(buffer, 16 + index * rows * 8, rows).set(column);
  }
  return buffer;
}

// The session speaks to other tabs as soon as it is loaded, and there is no window here.
Object.assign(globalThis, { window: {} });
const { decodeCandles } = await import("./candles.ts");

test("binary columns become the engine's columns", () => {
  const columns = decodeCandles(
    encoded([
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
      [9, 10],
      [11, 12],
    ]),
  );
  expect([...columns.time]).toEqual([1, 2]);
  expect([...columns.close]).toEqual([9, 10]);
  expect([...columns.volume]).toEqual([11, 12]);
  expect(decodeCandles(encoded([[], [], [], [], [], []])).time).toHaveLength(0);
});

test("an answer that was cut short or is something else is refused", () => {
  expect(() => decodeCandles(encoded([[1], [1], [1], [1], [1], [1]]).slice(0, 40))).toThrow(
    ProblemError,
  );
  expect(() => decodeCandles(new TextEncoder().encode("<!doctype html><html>").buffer)).toThrow(
    ProblemError,
  );
  expect(() => decodeCandles(new ArrayBuffer(0))).toThrow(ProblemError);
});
