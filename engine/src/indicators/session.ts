/** A stretch of time that begins at 00:00 UTC: of the day, of Monday, of the first of the month. */
export type Session = "day" | "week" | "month";

const dayMs = 86_400_000;

/** Throws `RangeError` for a session that is none. */
export function checkSession(indicator: string, session: Session): void {
  if (session === "day" || session === "week" || session === "month") return;
  throw new RangeError(
    `${indicator} takes a session of day, week or month, not ${String(session)}.`,
  );
}

/** A number that is equal for times of one session and grows from session to session. */
export function sessionOf(time: number, session: Session): number {
  const day = Math.floor(time / dayMs);
  if (session === "day") return day;
  // 1970 began on a Thursday.
  if (session === "week") return Math.floor((day + 3) / 7);
  return monthOf(day);
}

/** Months since March of the year 0, from days since 1970. Source: Howard Hinnant, chrono-Compatible Low-Level Date Algorithms. */
function monthOf(day: number): number {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1_460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  return (yearOfEra + era * 400) * 12 + Math.floor((5 * dayOfYear + 2) / 153);
}
