/** Which field of a row is which; positions in a line, or keys of an object. */
export type FieldMap<Key> = Readonly<{
  time: Key;
  open: Key;
  high: Key;
  low: Key;
  close: Key;
  volume: Key;
}>;

/** Names that exchanges and tools give the fields, without case, spaces and signs; the first match wins. */
const knownNames: FieldMap<readonly string[]> = {
  time: [
    ...["ts", "timestamp", "opentime", "timestampms", "unixtimestamp", "unix", "unixtime"],
    ...[
      "time",
      "datetime",
      "date",
      "datetimeutc",
      "dateutc",
      "opentimeutc",
      "starttime",
      "start",
      "t",
    ],
  ],
  open: ["open", "openprice", "o", "first"],
  high: ["high", "highprice", "h", "max"],
  low: ["low", "lowprice", "l", "min"],
  close: ["close", "closeprice", "c", "last"],
  volume: ["volume", "basevolume", "vol", "v", "amount"],
};

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, "");

/** Finds the fields by their names, in any order; else the names that are missing. */
export function findFields(names: readonly string[]): FieldMap<number> | { missing: string[] } {
  const plainNames = names.map(plain);
  const find = (field: keyof typeof knownNames): number => {
    for (const known of knownNames[field]) {
      const index = plainNames.indexOf(known);
      if (index >= 0) return index;
    }
    // "Volume BTC" and "Volume USDT" stand side by side in some downloads; the base asset comes first.
    return field === "volume" ? plainNames.findIndex((name) => name.startsWith("volume")) : -1;
  };
  const fields = {
    time: find("time"),
    open: find("open"),
    high: find("high"),
    low: find("low"),
    close: find("close"),
    volume: find("volume"),
  };
  const missing = Object.entries(fields).flatMap(([name, index]) => (index < 0 ? [name] : []));
  return missing.length === 0 ? fields : { missing };
}

/** Rows without a header: time, open, high, low, close, volume, then what Kraken (7) or Binance (12) add. */
export const headerlessFields: FieldMap<number> = {
  time: 0,
  open: 1,
  high: 2,
  low: 3,
  close: 4,
  volume: 5,
};
export const headerlessCounts: readonly number[] = [6, 7, 12];

const isoTime =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;
const decimalNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A plain decimal number; NaN for everything else, such as an empty field, hex or `Infinity`. */
export function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string") return Number.NaN;
  const text = value.trim();
  return decimalNumber.test(text) ? Number(text) : Number.NaN;
}

/**
 * Milliseconds since epoch of a time in s, ms, µs or ns (told apart by size) or ISO 8601 (UTC where no
 * zone is given); NaN when it is neither.
 */
export function timeOf(value: unknown): number {
  const number = numberOf(value);
  if (!Number.isNaN(number)) return epochMs(number);
  return typeof value === "string" ? isoMs(value.trim()) : Number.NaN;
}

function epochMs(value: number): number {
  const size = Math.abs(value);
  if (size < 1e11) return settle(value * 1e3);
  if (size < 1e14) return settle(value);
  if (size < 1e17) return settle(value / 1e3);
  return settle(value / 1e6);
}

/** A float64 cannot hold every nanosecond: what is a hair beside a millisecond means that millisecond. */
function settle(ms: number): number {
  const nearest = Math.round(ms);
  return Math.abs(ms - nearest) < 0.001 ? nearest : Math.floor(ms);
}

function isoMs(text: string): number {
  const match = isoTime.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "", zone = "Z"] =
    match;
  const ms = Date.UTC(+(year ?? 0), +(month ?? 0) - 1, +(day ?? 0), +hour, +minute, +second);
  const isReal = new Date(ms).getUTCDate() === +(day ?? 0) && +hour < 24 && +minute < 60;
  if (!isReal) return Number.NaN;
  return ms + Number(`0.${fraction || "0"}`) * 1_000 - zoneMs(zone);
}

function zoneMs(zone: string): number {
  const match = /^([+-])(\d\d):?(\d\d)?$/.exec(zone);
  if (match === null) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}
