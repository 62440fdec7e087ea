import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readCandleRange } from "../candle-file.ts";
import { parseInChild } from "./parse-in-child.ts";

const dir = mkdtempSync(join(tmpdir(), "trading-child-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const start = Date.UTC(2024, 0, 1);
const write = (name: string, rows: number): string => {
  const path = join(dir, name);
  const lines = Array.from({ length: rows }, (_, i) => `${start + i * 60_000},10,12,9,11,1`);
  writeFileSync(path, `time,open,high,low,close,volume\n${lines.join("\n")}\n`);
  return path;
};
const order = (input: string) => ({
  input,
  output: join(dir, "out.tpc"),
  options: { nowMs: start + 365 * 86_400_000 },
});
const never = new AbortController().signal;
const quiet = () => undefined;

test("a child reads the file and leaves its candles beside it", async () => {
  const shares: number[] = [];
  const parsed = await parseInChild(order(write("good", 2_000)), never, (share) =>
    shares.push(share),
  );
  expect(parsed).toMatchObject({ rows: 2_000, timeframe: "1m", duplicates: 0, skipped: 0 });
  const columns = await readCandleRange(join(dir, "out.tpc"), start, start + 60_000);
  expect(columns.close[0]).toBe(11);
});

test("what the child refuses is refused with its lines", async () => {
  const path = join(dir, "bad");
  writeFileSync(
    path,
    `${start},1,1,1,1,1\n${start + 60_000},-1,1,1,1,1\n${start + 120_000},1,1,1,1,1\n`,
  );
  await expect(parseInChild(order(path), never, quiet)).rejects.toMatchObject({
    code: "bad-lines",
    errors: [{ where: "line 2", message: "open is -1; a price must be above zero" }],
  });
});

test("a child that takes too much memory or time is stopped", async () => {
  const input = write("large", 300_000);
  const greedy = parseInChild(order(input), never, quiet, {
    memoryBytesMax: 20_000_000,
    timeMsMax: 60_000,
  });
  await expect(greedy).rejects.toMatchObject({
    code: "file-refused",
    message: expect.stringMatching(/too much memory/),
  });
  const slow = parseInChild(order(input), never, quiet, { memoryBytesMax: 1e10, timeMsMax: 20 });
  await expect(slow).rejects.toMatchObject({
    code: "file-refused",
    message: expect.stringMatching(/too long/),
  });
});

test("an abort ends the child at once", async () => {
  const stop = new AbortController();
  const running = parseInChild(order(write("more", 300_000)), stop.signal, quiet);
  setTimeout(() => stop.abort(new Error("cancelled")), 30);
  await expect(running).rejects.toThrow("cancelled");
});
