const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Whole days since 1970-01-01, UTC. */
export const dayOf = (ms: number): number => Math.floor(ms / dayMs);

/** Hour of the day, UTC, 0 to 23. */
export const hourOf = (ms: number): number => Math.floor((ms - dayOf(ms) * dayMs) / hourMs);

/** 1 is Monday, 7 Sunday. */
export const weekdayOf = (ms: number): number => ((((dayOf(ms) + 3) % 7) + 7) % 7) + 1;

/** Year, month and day of a day since 1970, Gregorian (Hinnant, chrono-compatible date algorithms, 2013). */
function civilOf(day: number): Readonly<{ year: number; month: number; day: number }> {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const leaps =
    Math.floor(ofEra / 1_460) - Math.floor(ofEra / 36_524) + Math.floor(ofEra / 146_096);
  const yearOfEra = Math.floor((ofEra - leaps) / 365);
  const ofYear =
    ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const ofMonth = ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: ofMonth };
}

const twoDigits = (value: number) => String(value).padStart(2, "0");

/** The first day of a day's month. */
export const firstOfMonth = (day: number): number => day - civilOf(day).day + 1;

/** The first day of a day's year. */
export function firstOfYear(day: number): number {
  const { year } = civilOf(day);
  const before = year - 1;
  return 365 * (year - 1970) + leapsUntil(before) - leapsUntil(1969);
}

const leapsUntil = (year: number) =>
  Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);

/** Such as `2024`. */
export const yearKey = (day: number): string => String(civilOf(day).year);

/** Such as `2024-01`. */
export function monthKey(day: number): string {
  const { year, month } = civilOf(day);
  return `${year}-${twoDigits(month)}`;
}

/** Such as `2024-01-31`. */
export const dateKey = (day: number): string => `${monthKey(day)}-${twoDigits(civilOf(day).day)}`;
