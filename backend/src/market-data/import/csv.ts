import type { CandleRows } from "./candle-rows.ts";
import { type FieldMap, findFields, headerlessCounts, headerlessFields, timeOf } from "./fields.ts";
import type { ImportLimits } from "./limits.ts";
import { refuseFile } from "./refusal.ts";
import type { Bytes } from "./unpacking.ts";

type Layout = Readonly<{
  delimiter: string;
  fields: FieldMap<number>;
  count: number;
  /** Repeated where several files of an archive follow each other; null without a header. */
  header: string | null;
}>;

/** Reads lines of candles, separated by comma, semicolon or tab, with a header in any order or without one. */
export async function readCsv(bytes: Bytes, rows: CandleRows, limits: ImportLimits): Promise<void> {
  let layout: Layout | null = null;
  let line = 0;
  for await (const texts of linesOf(bytes, limits)) {
    for (const text of texts) {
      line++;
      if (text === "" || text === layout?.header) continue;
      layout ??= layoutOf(text);
      if (text !== layout.header) addLine(rows, line, text, layout);
    }
  }
}

function addLine(rows: CandleRows, line: number, text: string, layout: Layout): void {
  const cells = cellsOf(text, layout.delimiter);
  if (cells.length !== layout.count) {
    rows.bad(line, `${cells.length} fields where the first line has ${layout.count}`);
    return;
  }
  const { fields } = layout;
  rows.add(line, {
    time: cells[fields.time],
    open: cells[fields.open],
    high: cells[fields.high],
    low: cells[fields.low],
    close: cells[fields.close],
    volume: cells[fields.volume],
  });
}

function layoutOf(first: string): Layout {
  const delimiter = [",", ";", "\t"].find((sign) => first.includes(sign));
  if (delimiter === undefined) {
    throw refuseFile(
      "The first line has one field only; candles need time, open, high, low, close and volume.",
    );
  }
  const cells = cellsOf(first, delimiter);
  const count = cells.length;
  if (!Number.isNaN(timeOf(cells[0]))) return { ...headerless(count), delimiter };
  const found = findFields(cells);
  if (!("missing" in found)) return { delimiter, fields: found, count, header: first };
  if (found.missing.length === 6) {
    throw refuseFile("The first line is neither a header with known names nor a candle.");
  }
  throw refuseFile(
    `The header has no column for ${found.missing.join(", ")}; it has ${cells.slice(0, 20).join(", ").slice(0, 300)}.`,
  );
}

function headerless(count: number): Omit<Layout, "delimiter"> {
  if (headerlessCounts.includes(count)) return { fields: headerlessFields, count, header: null };
  throw refuseFile(
    `Without a header, lines have time, open, high, low, close, volume (6 fields), 7 as of Kraken or 12 as of Binance; these have ${count}. Add a header.`,
  );
}

function cellsOf(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter);
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (const sign of text) {
    if (sign === '"') isQuoted = !isQuoted;
    else if (sign === delimiter && !isQuoted) {
      cells.push(cell);
      cell = "";
    } else cell += sign;
  }
  cells.push(cell);
  return cells;
}

/** Lines without their ends, as many at a time as a block of bytes holds. */
async function* linesOf(bytes: Bytes, limits: ImportLimits): AsyncGenerator<string[]> {
  const decoder = new TextDecoder("utf-8");
  let rest = "";
  for await (const block of bytes) {
    const lines = (rest + decoder.decode(block, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    if (
      rest.length > limits.lineLengthMax ||
      lines.some((line) => line.length > limits.lineLengthMax)
    ) {
      throw refuseFile(
        `A line is longer than ${limits.lineLengthMax} characters; this is not a file of candles.`,
      );
    }
    yield lines.map((line) => line.trim());
  }
  yield [(rest + decoder.decode()).trim()];
}
