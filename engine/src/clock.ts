/** Where a run stands: the index of the candle that closed last. Shared by everything that belongs to one run. */
export type Clock = { index: number };
