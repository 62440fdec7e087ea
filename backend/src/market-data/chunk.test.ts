import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { bytesOf, type Columns, columnNames, columnsFromRows, newColumns } from "./columns.ts";
import { dataRevision } from "./data-revision.ts";

const minute = 60_000;

const roundTrip = (columns: Columns) => decodeChunk(encodeChunk(columns, minute));
const expectSameBits = (columns: Columns): void => {
  expect(dataRevision(roundTrip(columns))).toBe(dataRevision(columns));
};

const anyDouble = fc.double({ noNaN: true });
const gridPrice = fc.integer({ min: 1, max: 9_999_999 }).map((ticks) => ticks / 100);

const columnsOf = (price: fc.Arbitrary<number>, volume: fc.Arbitrary<number>) =>
  fc
    .array(fc.tuple(fc.integer({ min: 1, max: 5 }), price, price, price, price, volume), {
      maxLength: 60,
    })
    .map((rows) => {
      let time = 1_700_000_000_000;
      const timed = rows.map(([step, ...rest]) => {
        time += step * minute;
        return [time, ...rest];
      });
      return columnsFromRows(timed);
    });

test("candles on a price grid come back bit by bit", () => {
  fc.assert(fc.property(columnsOf(gridPrice, gridPrice), expectSameBits));
});

test("any float64 comes back bit by bit, minus zero and infinity too", () => {
  fc.assert(fc.property(columnsOf(anyDouble, anyDouble), expectSameBits));
  fc.assert(fc.property(columnsOf(gridPrice, anyDouble), expectSameBits));
});

test("no candles at all are a chunk too", () => {
  expect(roundTrip(newColumns(0)).time.length).toBe(0);
});

test("a value a hair off the grid keeps its bits", () => {
  const off = 0.1 + 0.2;
  const columns = columnsFromRows([
    [minute, off, 1, off, 0.5, 1e-9],
    [2 * minute, 1, 1, 1, 1, -0],
  ]);
  expectSameBits(columns);
  expect(Object.is(roundTrip(columns).volume[1], -0)).toBe(true);
});

test("a damaged chunk is an error, never other candles", () => {
  const columns = columnsFromRows(
    Array.from({ length: 99 }, (_, i) => [i * minute, 5, 6, 4, 5, 1]),
  );
  const chunk = encodeChunk(columns, minute);
  expect(() => decodeChunk(chunk.subarray(0, chunk.length - 4))).toThrow();
  expect(() => decodeChunk(Buffer.from("not a chunk"))).toThrow();
});

test("regular candles on a grid take few bytes", () => {
  let price = 50_000;
  const rows = Array.from({ length: 10_000 }, (_, i) => {
    const open = price;
    price += ((i * 7919) % 401) - 200;
    const body = [open, price] as const;
    return [i * minute, open, Math.max(...body) + 3, Math.min(...body) - 2, price, (i * 31) % 997];
  });
  expect(encodeChunk(columnsFromRows(rows), minute).length).toBeLessThan(16 * rows.length);
});

test("the data revision is the hash of the columns in their order", () => {
  const columns = columnsFromRows([[1, 2, 3, 4, 5, 6]]);
  expect(columnNames.map((name) => bytesOf(columns[name]).length)).toEqual([8, 8, 8, 8, 8, 8]);
  expect(dataRevision(columns)).toMatch(/^[0-9a-f]{64}$/);
  expect(dataRevision(columnsFromRows([[1, 2, 3, 4, 5, 7]]))).not.toBe(dataRevision(columns));
});
