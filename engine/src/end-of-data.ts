import type { EngineTrade } from "./result.ts";

/** Exit reason of a trade that is still open as the candles end; an order cannot give it. */
export const endOfData = "end-of-data";

export const isStillOpen = ({ exitReason }: Pick<EngineTrade, "exitReason">): boolean =>
  exitReason === endOfData;
