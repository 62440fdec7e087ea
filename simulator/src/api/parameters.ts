import { parseDecimal } from "../core/decimal.ts";
import { illegal, invalidData, missing, Problem } from "./problem.ts";

const integerForm = /^[0-9]{1,20}$/;
const clientIdForm = /^[a-zA-Z0-9-_]{1,36}$/;

/** The parameters of one call, read with Binance's complaints. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  get size(): number {
    return this.#values.size;
  }

  names(): Iterable<string> {
    return this.#values.keys();
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The text of an optional parameter; an empty one is refused. */
  text(name: string): string | null {
    const value = this.#values.get(name);
    if (value === undefined) return null;
    if (value === "") throw new Problem(-1105, `Parameter '${name}' was empty.`);
    return value;
  }

  required(name: string): string {
    const value = this.#values.get(name);
    if (value === undefined || value === "") throw missing(name);
    return value;
  }

  integer(name: string): number | null {
    const text = this.text(name);
    if (text === null) return null;
    if (!integerForm.test(text)) throw illegal(name, "^[0-9]{1,20}$");
    const value = Number(text);
    if (!Number.isSafeInteger(value)) throw new Problem(-1108, `Parameter '${name}' overflowed.`);
    return value;
  }

  /** A time in ms; microseconds are recognised by their size. */
  time(name: string): number | null {
    const value = this.integer(name);
    return value !== null && value > 100_000_000_000_000 ? Math.floor(value / 1000) : value;
  }

  limit(name: string, fallback: number, most: number): number {
    const value = this.integer(name);
    if (value === null) return fallback;
    if (value === 0) throw invalidData(name);
    return Math.min(value, most);
  }

  /** Units of an optional decimal. */
  decimal(name: string): bigint | null {
    const text = this.text(name);
    if (text === null) return null;
    const parsed = parseDecimal(text);
    if (parsed.kind === "malformed") throw illegal(name, "^([0-9]{1,20})(\\.[0-9]{1,20})?$");
    if (parsed.kind === "too-precise") {
      throw new Problem(-1111, `Parameter '${name}' has too much precision.`);
    }
    return parsed.units;
  }

  flag(name: string): boolean | null {
    const text = this.text(name);
    if (text === null) return null;
    if (text !== "true" && text !== "false") throw invalidData(name);
    return text === "true";
  }

  clientId(name: string): string | null {
    const text = this.text(name);
    if (text !== null && !clientIdForm.test(text)) throw illegal(name, "^[a-zA-Z0-9-_]{1,36}$");
    return text;
  }

  choice<T extends string>(
    name: string,
    choices: readonly T[],
    complaint: () => Problem,
  ): T | null {
    const text = this.text(name);
    if (text === null) return null;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw complaint();
    return found;
  }
}

/** Reads key=value pairs; a repeated name is refused, a name in both parts keeps the query's value. */
export function readPairs(query: string, body: string): Map<string, string> {
  const values = new Map<string, string>();
  collect(values, query);
  if (body !== "") {
    const fromBody = new Map<string, string>();
    collect(fromBody, body);
    for (const [name, value] of fromBody) if (!values.has(name)) values.set(name, value);
  }
  return values;
}

function collect(values: Map<string, string>, text: string): void {
  if (text === "") return;
  for (const pair of text.split("&")) {
    const cut = pair.indexOf("=");
    const name = decode(cut < 0 ? pair : pair.slice(0, cut));
    if (name === "") continue;
    if (values.has(name)) {
      throw new Problem(-1101, `Duplicate values for parameter '${name}' detected.`);
    }
    values.set(name, cut < 0 ? "" : decode(pair.slice(cut + 1)));
  }
}

function decode(text: string): string {
  if (!(text.includes("%") || text.includes("+"))) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new Problem(-1100, "Illegal characters found in a parameter.");
  }
}
