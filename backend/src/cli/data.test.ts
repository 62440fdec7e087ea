import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { commandLine } from "../../test/support/command-line.ts";

const dir = mkdtempSync(join(tmpdir(), "trading-cli-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const start = Date.UTC(2024, 0, 1);
const file = (name: string, rows: readonly (readonly unknown[])[]): string => {
  const path = join(dir, name);
  writeFileSync(
    path,
    `time,open,high,low,close,volume\n${rows.map((row) => row.join(",")).join("\n")}\n`,
  );
  return path;
};
const candles = (count: number) =>
  Array.from({ length: count }, (_, i) => [start + i * 3_600_000, 10, 12, 9, 11, i]);

/** The real command in a process of its own, with no database to be found. */
const trading = (...args: string[]) => commandLine(args, { DATA_DIR: dir });

test("a file is checked without server and database; one JSON document comes out", async () => {
  const rows = candles(50).filter((_, i) => i !== 7 && i !== 8);
  const { code, stdout } = await trading("data", "check", file("BTCUSDT-1h.csv", rows), "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    ...{
      symbol: "BTC/USDT",
      timeframe: "1h",
      rows: 48,
      first: "2024-01-01T00:00:00.000Z",
      gaps: 1,
      missing: 2,
    },
    gapList: [{ from: "2024-01-01T07:00:00.000Z", to: "2024-01-01T09:00:00.000Z", candles: 2 }],
  });
});

test("a bad file ends with 2 and its lines on stderr, or is read without them", async () => {
  const path = file(
    "bad.csv",
    candles(20).map((row, i) => (i === 4 ? [row[0], -1, 1, 1, 1, 1] : row)),
  );
  const refused = await trading("data", "check", path, "--json");
  expect(refused.code).toBe(2);
  expect(JSON.parse(refused.stdout)).toMatchObject({
    problem: { code: "bad-lines", errors: [{ where: "line 6" }] },
  });
  expect(refused.stderr).toMatch(
    /1 line is bad[\s\S]*line 6: open is -1; a price must be above zero/,
  );
  expect(await trading("data", "check", dir)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/is a directory: name a file/),
  });
  const skipped = await trading("data", "check", path, "--skip-bad-lines");
  expect(skipped.code).toBe(0);
  expect(skipped.stdout).toMatch(/lines left out +1\n +line 6: open is -1/);
});

test("what is missing is told in one sentence", async () => {
  const absent = await trading("data", "check", join(dir, "absent.csv"));
  expect([absent.code, absent.stderr]).toEqual([
    2,
    `There is no file ${join(dir, "absent.csv")}.\n`,
  ]);
  const market = await trading("data", "download", "BTC", "--from", "2024-01-01");
  expect([market.code, market.stderr]).toEqual([
    2,
    "Name exchange and market, such as binance:BTC/USDT.\n",
  ]);
  const database = await trading(
    "data",
    "import",
    file("ETHUSDT.csv", candles(9)),
    "--user",
    "ann",
  );
  expect([database.code, database.stderr]).toEqual([1, expect.stringMatching(/^No database/)]);
});
