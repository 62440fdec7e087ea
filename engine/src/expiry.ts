import type { RejectionCause } from "./result.ts";

type Expiring = Readonly<{
  expiresAfter?: unknown;
  expiresAt?: unknown;
  timeInForce?: unknown;
}>;

/** The last candle in which an order may fill, the time at which it may no more, and whether it only may at an open, whole. */
export type Lifetime = Readonly<{
  lastIndex: number;
  endsAt: number;
  isImmediate: boolean;
  isWhole: boolean;
}>;

const never = Number.POSITIVE_INFINITY;
export const untilCancelled: Lifetime = {
  lastIndex: never,
  endsAt: never,
  isImmediate: false,
  isWhole: false,
};

/**
 * Reads how long an order may wait that is placed on the close of the candle `index` and can fill once `late` more have
 * passed; a cause where that makes no sense.
 */
export function readLifetime(
  { expiresAfter, expiresAt, timeInForce }: Expiring,
  { index, late, time }: Readonly<{ index: number; late: number; time: Float64Array }>,
): Lifetime | RejectionCause {
  if (expiresAfter === undefined && expiresAt === undefined && timeInForce === undefined)
    return untilCancelled;
  if (!isForce(timeInForce) || !isCount(expiresAfter) || !isTime(expiresAt)) return "bad-expiry";
  if (expiresAt !== undefined && expiresAt <= (time[index] as number)) return "bad-expiry";
  const isImmediate = timeInForce === "ioc" || timeInForce === "fok";
  const candles = isImmediate ? 1 : (expiresAfter ?? never);
  const lastIndex = index + late + candles;
  return { lastIndex, endsAt: expiresAt ?? never, isImmediate, isWhole: timeInForce === "fok" };
}

const isForce = (force: unknown) =>
  force === undefined || force === "gtc" || force === "ioc" || force === "fok";
const isCount = (count: unknown): count is number | undefined =>
  count === undefined || (Number.isInteger(count) && (count as number) > 0);
const isTime = (time: unknown): time is number | undefined =>
  time === undefined || (typeof time === "number" && Number.isFinite(time));
