import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import {
  candleFileReader,
  candles,
  csv,
  feather,
  header,
  hour,
  nowMs,
  type Row,
  rowsOf,
  start,
  zip,
} from "../../../test/support/candle-files.ts";
import { PlatformError } from "../../platform/errors.ts";
import { dataRevision } from "../data-revision.ts";
import { importLimits } from "./limits.ts";
import { type CandleFile, readCandleFile } from "./read-candle-file.ts";

const { dir, read, refusal } = candleFileReader();

/** The same candles in every form must be the same columns. */
const expected = candles(30);
const reordered = (names: string, pick: (row: Row) => unknown[]) => csv(expected.map(pick), names);
const asIso = (ms: number) => new Date(ms).toISOString();
const forms: readonly (readonly [string, string | Uint8Array])[] = [
  ["CSV with a header", csv(expected)],
  ["CSV without a header", csv(expected, null)],
  [
    "CSV with columns in another order",
    reordered("Volume,Close,Low,High,Open,Date", ([t, o, h, l, c, v]) => [v, c, l, h, o, asIso(t)]),
  ],
  ["CSV with seconds", reordered("ts,o,h,l,c,v", ([t, ...rest]) => [t / 1_000, ...rest])],
  [
    "CSV with microseconds",
    reordered("open_time,open,high,low,close,volume", ([t, ...rest]) => [`${t}000`, ...rest]),
  ],
  [
    "CSV with nanoseconds",
    reordered("time,open,high,low,close,volume", ([t, ...rest]) => [`${t}000000`, ...rest]),
  ],
  [
    "CSV with ISO times in another zone",
    reordered("time,open,high,low,close,volume", ([t, ...rest]) => [
      asIso(t + hour).replace("Z", "+01:00"),
      ...rest,
    ]),
  ],
  [
    "CSV with times as pandas prints them",
    reordered("date,open,high,low,close,volume", ([t, ...rest]) => [
      asIso(t).slice(0, 19).replace("T", " "),
      ...rest,
    ]),
  ],
  [
    "CSV with quotes, semicolons, CRLF and a byte order mark",
    `\ufeff${csv(expected.map((row) => row.map((cell) => `"${cell}"`)))
      .replaceAll(",", ";")
      .replaceAll("\n", "\r\n")}`,
  ],
  [
    "CSV as Binance has it: 12 columns",
    csv(
      expected.map((row) => [...row, row[0] + hour - 1, 1, 2, 3, 4, 0]),
      null,
    ),
  ],
  ["CSV newest first", csv([...expected].reverse())],
  ["CSV with every line twice", csv(expected.flatMap((row) => [row, row]))],
  ["gzip", gzipSync(csv(expected))],
  [
    "gzip in two members",
    Buffer.concat([gzipSync(csv(expected.slice(0, 9))), gzipSync(csv(expected.slice(9), null))]),
  ],
  [
    "zip as Binance publishes it",
    zip({
      "BTCUSDT-1h.csv": csv(
        expected.map((row) => [...row, 1, 1, 2, 3, 4, 0]),
        "open_time,open,high,low,close,volume,close_time,quote_volume,count,a,b,ignore",
      ),
    }),
  ],
  [
    "zip with a file per month",
    zip({ "b-2024-02.csv": csv(expected.slice(9)), "a-2024-01.csv": csv(expected.slice(0, 9)) }),
  ],
  ["JSON rows", JSON.stringify(expected)],
  [
    "JSON rows with strings and extras",
    JSON.stringify(
      expected.map(([t, ...rest]) => [t, ...rest.map(String), 1]),
      null,
      2,
    ),
  ],
  [
    "JSON objects",
    JSON.stringify(expected.map(([t, o, h, l, c, v]) => ({ v, t, o, h, l, c, note: 'a ] " }' }))),
  ],
  ["JSON rows inside an object", JSON.stringify({ symbol: "BTC/USDT [spot]", data: expected })],
  ["feather", feather(expected)],
  ["feather with zstd", feather(expected, "zstd")],
];

test.each(forms)("%s holds the same candles", async (_name, content) => {
  const file = await read(content);
  expect(rowsOf(file)).toEqual(expected);
  expect(file.timeframe).toBe("1h");
  expect(file.certificate).toMatchObject({ rows: 30, gaps: 0, impossible: 0 });
});

test("repeated lines are dropped and counted", async () => {
  const file = await read(csv(expected.flatMap((row) => [row, row])));
  expect(file.duplicates).toBe(30);
  expect(file.certificate.duplicates).toBe(30);
});

const truncated = (bytes: Uint8Array) => bytes.subarray(0, Math.floor(bytes.length * 0.6));
const many = candles(3_000, 60_000);
const refusals: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ["an empty file", "", /empty/],
  ["blank lines only", "\n\n \n", /empty/],
  ["a header only", `${header}\n`, /no candles/],
  ["random bytes", randomBytes(4_096), /binary|neither|one field|longer/],
  ["a picture", Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"), /binary|one field/],
  ["text in UTF-16", Buffer.from(`\ufeff${csv(expected)}`, "utf16le"), /UTF-16/],
  ["Parquet", Buffer.from("PAR1 and more"), /Parquet/],
  ["7z", Buffer.from("377abcaf271c", "hex"), /7z/],
  ["a story", "It was a dark and stormy night\nand so on\n", /one field/],
  [
    "a header without volume",
    csv([[1, 2, 3, 4, 5]], "time,open,high,low,close"),
    /no column for volume/,
  ],
  ["unknown columns", csv([["a", "b"]], "one,two"), /neither a header/],
  ["five columns without a header", csv([[start, 1, 1, 1, 1]], null), /these have 5/],
  ["a cut gzip file", truncated(gzipSync(csv(many))), /damaged or cut short/],
  ["a cut zip archive", truncated(zip({ "a.csv": csv(many) })), /damaged or cut short/],
  ["a zip archive without candles", zip({ "photo.jpg": "no" }), /no \.csv/],
  ["a gzip file in a gzip file", gzipSync(gzipSync(csv(expected))), /archive inside an archive/],
  ["cut JSON", JSON.stringify(expected).slice(0, -40), /cut short/],
  ["JSON that is no list", `{"a": 1}`, /not a list of rows/],
  ["JSON of numbers", "[1, 2, 3]", /not a list of rows/],
  [
    "JSON 10,000 levels deep",
    `${"[".repeat(10_000)}${"]".repeat(10_000)}`,
    /No line|cut short|not a list/,
  ],
  ["a JSON row without end", `[[${"1,".repeat(50_000)}`, /longer than/],
  ["a cut feather file", truncated(feather(many)), /damaged or cut short/],
  [
    "mixed timeframes",
    csv([...candles(40), ...candles(40, 4 * hour).map(([t, ...rest]) => [t + 40 * hour, ...rest])]),
    /mixes candles of 1h and 4h/,
  ],
  [
    "few mixed candles",
    csv([...candles(6), ...candles(5, 4 * hour).map(([t, ...rest]) => [t + 8 * hour, ...rest])]),
    /mixes/,
  ],
  ["a step that is no timeframe", csv(candles(9, 7 * 60_000)), /420 s apart/],
  ["one candle", csv(candles(1)), /does not tell its timeframe/],
];

test.each(refusals)("%s is refused in one sentence", async (_name, content, why) => {
  const error = await refusal(content);
  expect(error.code).toBe("file-refused");
  expect(error.message).toMatch(why);
  expect(error.message.length).toBeLessThan(500);
});

test("a feather file cut anywhere is refused in words of our own", async () => {
  const whole = feather(many);
  for (let length = 8; length < whole.length; length += Math.ceil(whole.length / 40)) {
    const { message } = await refusal(whole.subarray(0, length));
    expect(message, `${length} bytes`).toBe(
      "The feather file is damaged or cut short: fetch or export it again.",
    );
  }
});

test("a timeframe that was named must be the file's", async () => {
  expect((await refusal(csv(expected), { timeframe: "1m" })).message).toMatch(
    /lie 1h apart; they are not candles of 1m/,
  );
  expect((await read(csv(candles(1)), { timeframe: "1h" })).timeframe).toBe("1h");
});

test("missing candles are gaps, not another timeframe", async () => {
  const rows = candles(4_000, 60_000).filter((_, i) => (i * 2_654_435_761) % 97 > 30);
  const file = await read(csv(rows));
  expect(file.timeframe).toBe("1m");
  expect(file.certificate.gaps).toBeGreaterThan(100);
});

test("keys such as __proto__ and lone surrogates are only odd names", async () => {
  const text = JSON.stringify(
    expected.map(([t, o, h, l, c, v]) => ({ t, o, h, l, c, v, x: "\ud800" })),
  );
  const file = await read(text.replaceAll('"x"', '"__proto__"'));
  expect(rowsOf(file)).toEqual(expected);
});

test("a file above the limit is refused before it is read", async () => {
  const path = join(dir, "huge");
  writeFileSync(path, "");
  truncateSync(path, 1024 ** 3);
  const error = await readCandleFile(path, { nowMs }).catch((reason: unknown) => reason);
  expect(error).toMatchObject({
    code: "too-large",
    message: expect.stringMatching(/1024 MiB; at most 256 MiB/),
  });
});

test("a gzip or zip bomb is refused while it unpacks", async () => {
  const limits = { ...importLimits, expandedBytesMax: 64 * 1024 * 1024 };
  const line = `${start},1,1,1,1,1\n`;
  const bomb = line.repeat(Math.ceil((20 * 1024 * 1024) / line.length));
  expect((await refusal(gzipSync(bomb), { limits })).message).toMatch(/200 times its size/);
  expect((await refusal(zip({ "a.csv": bomb }), { limits })).message).toMatch(/200 times its size/);
  const small = { ...importLimits, expandedBytesMax: 1_000 };
  expect((await refusal(gzipSync(csv(many)), { limits: small })).message).toMatch(
    /unpacks to more than/,
  );
});

test("more candles than allowed are refused", async () => {
  const limits = { ...importLimits, rowsMax: 100 };
  expect((await refusal(csv(candles(101)), { limits })).message).toMatch(/more than 100 candles/);
});

const folder = new URL("../../../../../shared/data/", import.meta.url);
test("recorded files are read, those that hold no candles are refused", async ({ skip }) => {
  skip(!existsSync(folder), "../shared/data is not there");
  const results = await Promise.all(
    readdirSync(folder)
      .filter((name) => name.endsWith(".csv.gz"))
      .map(async (name) => {
        const path = new URL(name, folder).pathname;
        const found = await readCandleFile(path, { nowMs }).catch((error: PlatformError) => error);
        return [name, found] as const;
      }),
  );
  const refused = results
    .filter(([, found]) => found instanceof PlatformError)
    .map(([name]) => name);
  expect(refused).toEqual(["freqtrade_XRP_USDT_USDT-8h-funding_rate.csv.gz"]);
  const unit = results.find(
    ([name]) => name === "freqtrade_UNITTEST_BTC-1m.csv.gz",
  )?.[1] as CandleFile;
  expect(unit.certificate).toMatchObject({ rows: 13_681, gaps: 538, missing: 717 });
  expect(unit.symbol).toBe("UNITTEST/BTC");
});

test("a feather file packed with LZ4, as freqtrade writes it, is read", async () => {
  const path = new URL("../../../test/fixtures/BTC_USDT-1h.feather", import.meta.url).pathname;
  const file = await readCandleFile(path, { nowMs });
  expect(file.symbol).toBe("BTC/USDT");
  expect(rowsOf(file)).toEqual(candles(500));
  expect(dataRevision(file.columns)).toBe(dataRevision((await read(csv(candles(500)))).columns));
});
