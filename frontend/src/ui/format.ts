/** Numbers and times as people read them: grouped, true minus, explicit sign where direction matters. */

const minus = "−";
const formats = new Map<string, Intl.NumberFormat>();

function grouped(value: number, decimals: number): string {
  const key = String(decimals);
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat("en-US", {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
    formats.set(key, format);
  }
  return format.format(value);
}

type NumberStyle = Readonly<{ decimals?: number; sign?: boolean }>;
/** Stands where a figure does not exist. */
export const missing = "–";

/** A number with fixed decimals; `sign` puts + or − in front. A value that rounds to zero has no sign. */
export function number(
  value: number | null | undefined,
  { decimals = 2, sign = false }: NumberStyle = {},
): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const text = grouped(Math.abs(value), decimals);
  if (!/[1-9]/.test(text)) return text;
  if (value < 0) return minus + text;
  return sign ? `+${text}` : text;
}

/** An amount; `money(-3.5, { unit: "USDT" })` is "−3.50 USDT". */
export function money(
  value: number | null | undefined,
  style: NumberStyle & { unit?: string } = {},
): string {
  const text = number(value, style);
  return style.unit === undefined || text === missing ? text : `${text} ${style.unit}`;
}

/** A fraction as per cent: 0.421 is "42.1 %". */
export function percent(
  share: number | null | undefined,
  { decimals = 1, sign = false, unit = true }: NumberStyle & { unit?: boolean } = {},
): string {
  const text = number(share === null || share === undefined ? share : share * 100, {
    decimals,
    sign,
  });
  return text === missing || !unit ? text : `${text} %`;
}

/** A whole number: 45,031. */
export const count = (value: number | null | undefined): string => number(value, { decimals: 0 });

/** Decimals that a price needs by the market's tick; without a tick by its size. */
export function priceDecimals(tick: number | null | undefined, price?: number): number {
  if (tick !== null && tick !== undefined && tick > 0) {
    return Math.min(10, Math.max(0, Math.ceil(-Math.log10(tick) - 1e-9)));
  }
  if (price === undefined || price === 0) return 2;
  return Math.min(8, Math.max(2, 4 - Math.floor(Math.log10(Math.abs(price)))));
}

/** Bytes in steps of 1,000: "12.4 MB". */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let amount = value;
  let unit = 0;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${number(amount, { decimals: unit === 0 || amount >= 100 ? 0 : 1 })} ${units[unit]}`;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A length of time in its two largest useful units: "3 ms", "12 s", "2 h 05 min", "31 d", "3.7 years". */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return missing;
  if (ms < second) return `${Math.round(ms)} ms`;
  if (ms < minute)
    return `${number(ms / second, { decimals: ms < 10 * second && ms % second !== 0 ? 1 : 0 })} s`;
  if (ms < hour) return `${Math.round(ms / minute)} min`;
  if (ms < 2 * day) {
    const minutes = Math.round((ms % hour) / minute);
    return `${Math.floor(ms / hour)} h${minutes > 0 && minutes < 60 ? ` ${String(minutes).padStart(2, "0")} min` : ""}`;
  }
  if (ms < 730 * day) return `${count(ms / day)} d`;
  return `${number(ms / (365.25 * day), { decimals: 1 })} years`;
}

export type TimePrecision = "day" | "minute" | "second";
const zones = new Map<string, Intl.DateTimeFormat>();

function parts(ms: number, zone: string): Record<string, string> {
  let format = zones.get(zone);
  if (format === undefined) {
    const fields = {
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    } as const;
    format = new Intl.DateTimeFormat("en-GB", { ...fields, hourCycle: "h23", timeZone: zone });
    zones.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(ms).map((part) => [part.type, part.value]));
}

/** An instant in a zone: "2024-05-01", "2024-05-01 14:00" or "2024-05-01 14:00:30". */
export function instantText(
  at: number | string | null | undefined,
  zone: string,
  precision: TimePrecision = "minute",
): string {
  const ms = typeof at === "string" ? Date.parse(at) : at;
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return missing;
  const {
    year = "",
    month = "",
    day: date = "",
    hour: hours = "",
    minute: minutes = "",
    second: seconds = "",
  } = parts(ms, zone);
  const days = `${year}-${month}-${date}`;
  if (precision === "day") return days;
  const clock = `${days} ${hours}:${minutes}`;
  return precision === "minute" ? clock : `${clock}:${seconds}`;
}

/** How a zone is called beside a time: "UTC", "GMT+2", "EST". */
export function zoneName(zone: string, at: number): string {
  if (zone === "UTC") return "UTC";
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "short" });
  return format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? zone;
}

/** "3 min ago", "in 2 d"; "just now" under 5 s. */
export function relative(at: number, now: number): string {
  const distance = Math.abs(at - now);
  if (distance < 5 * second) return "just now";
  return at > now ? `in ${duration(distance)}` : `${duration(distance)} ago`;
}
