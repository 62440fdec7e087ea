import type { Line } from "../line.ts";
import { combined } from "./combined.ts";
import { ema } from "./ema.ts";
import { momentum } from "./momentum.ts";

/** Force index: exponential average of change × volume. Source: Alexander Elder, Trading for a Living, 1993. */
export const forceIndex = (length = 13): Line =>
  ema(
    length,
    combined(["forceIndex"], momentum(1), "volume", (change, volume) => change * volume),
  );
