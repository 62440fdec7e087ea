import type { CandleRows } from "./candle-rows.ts";
import { type FieldMap, findFields, headerlessFields } from "./fields.ts";
import type { ImportLimits } from "./limits.ts";
import { refuseFile } from "./refusal.ts";
import type { Bytes } from "./unpacking.ts";

/**
 * Reads JSON rows: `[[time, open, high, low, close, volume, …], …]` or objects with named fields, at the
 * top or as the first list inside an object. Only one row is in memory as text at a time; `line` is the
 * number of the row.
 */
export async function readJson(
  bytes: Bytes,
  rows: CandleRows,
  limits: ImportLimits,
): Promise<void> {
  const reader = new RowReader(rows, limits);
  const decoder = new TextDecoder("utf-8");
  for await (const block of bytes) reader.feed(decoder.decode(block, { stream: true }));
  reader.end();
}

const [quote, backslash, open, close, openObject, closeObject, comma] = [...'"\\[]{},'].map(
  (sign) => sign.charCodeAt(0),
);

type Place = "before" | "between" | "inside" | "after";

/** Cuts the text of the list into the texts of its rows. */
class RowReader {
  readonly #rows: CandleRows;
  readonly #limits: ImportLimits;
  #place: Place = "before";
  #row = 0;
  /** Where the row being read begins in the block being read. */
  #start = 0;
  #text = "";
  #depth = 0;
  #isString = false;
  #isEscaped = false;
  #fields: { keys: readonly string[]; map: FieldMap<number> } | null = null;

  constructor(rows: CandleRows, limits: ImportLimits) {
    this.#rows = rows;
    this.#limits = limits;
  }

  feed(text: string): void {
    this.#start = 0;
    for (let i = 0; i < text.length && this.#place !== "after"; i++) {
      const sign = text.charCodeAt(i);
      if (this.#skipsString(sign)) continue;
      if (this.#place === "inside") this.#inside(sign, text, i);
      else if (this.#place === "between") this.#between(sign, i);
      else if (sign === open) this.#place = "between";
    }
    if (this.#place !== "inside") return;
    this.#text += text.slice(this.#start);
    if (this.#text.length > this.#limits.lineLengthMax) throw this.#tooLong();
  }

  #between(sign: number, index: number): void {
    if (sign === open || sign === openObject) {
      this.#place = "inside";
      this.#depth = 1;
      this.#start = index;
    } else if (sign === close) {
      this.#place = "after";
    } else if (sign > 32 && sign !== comma) {
      throw this.#notRows();
    }
  }

  #inside(sign: number, text: string, index: number): void {
    if (sign === open || sign === openObject) this.#depth++;
    if (sign === close || sign === closeObject) this.#depth--;
    if (this.#depth > 0) return;
    this.#add(this.#text + text.slice(this.#start, index + 1));
    this.#text = "";
    this.#place = "between";
  }

  end(): void {
    if (this.#place === "before") throw this.#notRows();
    if (this.#place !== "after") {
      throw refuseFile(
        `The JSON ends in the middle, after row ${this.#row}; the file is cut short.`,
      );
    }
  }

  #skipsString(sign: number): boolean {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      return true;
    }
    if (sign === quote) {
      this.#isString = !this.#isString;
      return true;
    }
    if (this.#isString && sign === backslash) this.#isEscaped = true;
    return this.#isString;
  }

  #add(text: string): void {
    this.#row++;
    if (text.length > this.#limits.lineLengthMax) throw this.#tooLong();
    const row = parsed(text);
    if (Array.isArray(row)) this.#addList(row);
    else if (row !== null) this.#addObject(row);
    else this.#rows.bad(this.#row, "the row is not valid JSON");
  }

  #addList(row: readonly unknown[]): void {
    if (row.length < 6) {
      this.#rows.bad(
        this.#row,
        `${row.length} values; a row has time, open, high, low, close, volume`,
      );
      return;
    }
    this.#addCells(row, headerlessFields);
  }

  #addObject(row: object): void {
    if (this.#fields === null) {
      const keys = Object.keys(row);
      const map = findFields(keys);
      if ("missing" in map)
        throw refuseFile(`The rows have no field for ${map.missing.join(", ")}.`);
      this.#fields = { keys, map };
    }
    const values = new Map<string, unknown>(Object.entries(row));
    const cells = this.#fields.keys.map((key) => values.get(key));
    this.#addCells(cells, this.#fields.map);
  }

  #addCells(cells: readonly unknown[], map: FieldMap<number>): void {
    this.#rows.add(this.#row, {
      time: cells[map.time],
      open: cells[map.open],
      high: cells[map.high],
      low: cells[map.low],
      close: cells[map.close],
      volume: cells[map.volume],
    });
  }

  #tooLong = () =>
    refuseFile(
      `Row ${this.#row + 1} is longer than ${this.#limits.lineLengthMax} characters; this is not a list of candles.`,
    );

  #notRows = () =>
    refuseFile(
      "The JSON is not a list of rows such as [[time, open, high, low, close, volume], …].",
    );
}

function parsed(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" ? value : null;
  } catch {
    return null;
  }
}
