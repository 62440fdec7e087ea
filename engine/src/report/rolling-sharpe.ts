import { deviationOf, meanOf } from "../statistics.ts";
import { dayOf } from "./calendar.ts";

const dayMs = 86_400_000;
const daysPerYear = 365;
const pointsMax = 1_000;
const deviationMin = 1e-12;

/** Sharpe of the days up to each of some days; null where the equity stood still. */
export type RollingSharpe = Readonly<{
  windowDays: number;
  /** Ends of the windows, ms since epoch. */
  time: readonly number[];
  sharpe: readonly (number | null)[];
}>;

/** Windows of 90 days where there are two of them, else of 30. */
export function rollingSharpe(firstAt: number, returns: readonly number[]): RollingSharpe {
  const windowDays = returns.length >= 180 ? 90 : 30;
  const windows = Math.max(0, returns.length - windowDays + 1);
  const step = Math.max(1, Math.ceil(windows / pointsMax));
  const time: number[] = [];
  const sharpe: (number | null)[] = [];
  // The last window always ends with the last day.
  for (let end = windowDays + ((windows - 1) % step); end <= returns.length; end += step) {
    const window = returns.slice(end - windowDays, end);
    const mean = meanOf(window);
    const deviation = deviationOf(window, mean);
    const isStill = deviation < deviationMin;
    time.push((dayOf(firstAt) + end) * dayMs);
    sharpe.push(isStill ? null : (mean / deviation) * Math.sqrt(daysPerYear));
  }
  return { windowDays, time, sharpe };
}
