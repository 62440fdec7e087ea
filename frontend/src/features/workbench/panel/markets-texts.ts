import { catalogue } from "../../../ui/catalogue.ts";

/** Every sentence of the section "Further markets" in the settings. */
export const marketsTexts = catalogue("markets-form", {
  help: (quote: string) =>
    `Markets with candles in ${quote} that trade from the same wallet, in one run.`,
  gone: "Deleted series",
  add: "Add a market",
  none: "No other market with this quote currency has candles here.",
  full: (count: number) => `A wallet holds at most ${count} markets.`,
  timeframeOf: (name: string) => `Timeframe of ${name}`,
  remove: (name: string) => `Take ${name} out`,
  limits: "Limits of the wallet",
  positionsMax: "Limit the number of positions",
  positions: "Positions at most",
  exposureMax: "Limit the worth of all positions",
  exposure: "All positions",
  positionExposureMax: "Limit the worth of each position",
  positionExposure: "Each position",
  ofEquity: "× equity",
  limitHelp: "An order that would break the limit is refused and counted.",
});
