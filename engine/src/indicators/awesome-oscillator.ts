import type { Line } from "../line.ts";
import { combined } from "./combined.ts";
import { sma } from "./sma.ts";
import { medianPrice } from "./typical-price.ts";

/** Awesome oscillator: fast less slow simple average of the median price. Source: Bill Williams, New Trading Dimensions, 1998. */
export function awesomeOscillator(fast = 5, slow = 34): Line {
  const median = medianPrice();
  return combined(["awesomeOscillator"], sma(fast, median), sma(slow, median), (a, b) => a - b);
}
