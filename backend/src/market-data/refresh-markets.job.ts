import { PlatformError } from "../platform/errors.ts";
import type { Job } from "../platform/jobs.ts";
import { type FetchNeeds, refreshMarkets } from "./fetch-candles.ts";

type Needs = Pick<FetchNeeds, "exchanges" | "markets" | "now">;

/** Reads the markets of an exchange anew. What the exchange said when it failed is kept with it. */
export const refreshMarketsJob = (needs: Needs): Job => ({
  name: "refresh-markets",
  queue: "market-data",
  async run({ exchange = "" }, signal) {
    try {
      await refreshMarkets(needs, exchange, signal);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
    }
  },
});
