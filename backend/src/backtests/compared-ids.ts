import { id } from "@trading/contracts/common";
import { PlatformError } from "../platform/errors.ts";

/** The ids of two to four different backtests. */
export function comparedIds(asked: readonly string[]): string[] {
  const ids = [...new Set(asked.map((one) => one.trim()))];
  const isFine =
    ids.length >= 2 && ids.length <= 4 && ids.every((one) => id.safeParse(one).success);
  if (isFine) return ids;
  throw new PlatformError("validation-failed", "Name 2 to 4 different backtests.", {
    errors: [{ where: "ids", message: "must be 2 to 4 different backtest ids" }],
  });
}
