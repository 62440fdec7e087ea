import { createContext, useContext, useEffect, useState } from "react";
import { instantText, relative, type TimePrecision, zoneName } from "./format.ts";

/** The zone in which a user reads times; set once by the frame. */
export const TimeZone = createContext("UTC");
export const useTimeZone = (): string => useContext(TimeZone);

/** An instant in the user's zone, which a time of day names; hovering tells the distance to now and the instant in UTC. */
export function TimeText({
  at,
  precision = "minute",
  zone = precision !== "day",
}: {
  at: number | string | null;
  precision?: TimePrecision;
  zone?: boolean;
}) {
  const timeZone = useTimeZone();
  const ms = typeof at === "string" ? Date.parse(at) : at;
  if (ms === null || !Number.isFinite(ms)) return <span>–</span>;
  const title = `${relative(ms, Date.now())} · ${new Date(ms).toISOString().replace("T", " ").slice(0, 19)} UTC`;
  return (
    <time dateTime={new Date(ms).toISOString()} title={title} className="whitespace-nowrap">
      {instantText(ms, timeZone, precision)}
      {zone && ` ${zoneName(timeZone, ms)}`}
    </time>
  );
}

/** The time now, to the minute, with its zone. */
export function Clock() {
  const timeZone = useTimeZone();
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setTimeout(() => setNow(Date.now()), 60_000 - (now % 60_000) + 20);
    return () => clearTimeout(timer);
  }, [now]);
  return (
    <time
      dateTime={new Date(now).toISOString()}
      title={instantText(now, timeZone, "day")}
      className="whitespace-nowrap text-muted"
    >
      {instantText(now, timeZone).slice(11)} {zoneName(timeZone, now)}
    </time>
  );
}
