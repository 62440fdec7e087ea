import type { PerpetualTerms, PolicyRange, RunSettings } from "@trading/engine";
import { plain, signedPercent } from "./report-words.ts";

type Pair = readonly [name: string, value: string];

/** How orders met candles, in words; what is as usual goes without saying. */
export function fillWordsOf(settings: RunSettings): Pair[] {
  const { fillPolicy, fillOn, feeAsset, volumeShareMax, latencyCandles, latencyMs } = settings;
  const { borrowRate, perpetual } = settings;
  const words: Pair[] = [["Slippage", slippageOf(settings)]];
  if (fillPolicy === "path") words.push(["Inside a candle", "open, extremes, close by its shape"]);
  if (fillPolicy === "detail") words.push(["Inside a candle", "finer candles"]);
  if (fillOn === "signal-close")
    words.push(["Fills", "optimistic: at the close that gave the signal"]);
  const isReceived = feeAsset === "received";
  words.push(["Fee of a buy", isReceived ? "out of the coins bought" : "in the quote currency"]);
  if (volumeShareMax) words.push(["Volume filled at most", share(volumeShareMax)]);
  if (latencyCandles || latencyMs)
    words.push(["Latency", `${latencyCandles ?? 0} candles and ${latencyMs ?? 0} ms`]);
  if (borrowRate !== undefined && perpetual === undefined)
    words.push(["Sold short", `on loan, for ${share(borrowRate)} a year`]);
  return words;
}

/** On which terms a perpetual was traded. */
export function perpetualWordsOf(terms: PerpetualTerms): Pair[] {
  const { leverage, marginMode, tiers, liquidationFee, funding } = terms;
  const words: Pair[] = [
    ["Contract", `linear perpetual, ${plain(leverage)}×`],
    ["Margin", marginMode],
    ...tiers.map(({ notionalFrom, maintenanceRate, leverageMax }): Pair => {
      const from = notionalFrom === 0 ? "" : ` from a notional of ${plain(notionalFrom)}`;
      return [
        `Margin tier${from}`,
        `${share(maintenanceRate)} must stay, at most ${plain(leverageMax)}×`,
      ];
    }),
    ["Liquidation fee", `${share(liquidationFee)} of the notional`],
  ];
  if (funding?.kind === "constant")
    words.push(["Funding", `${share(funding.rate)} every ${plain(funding.everyHours)} h`]);
  if (funding?.kind === "series")
    words.push(["Funding", `as it was, ${plain(funding.points.length)} rates`]);
  if (!funding) words.push(["Funding", "none is paid"]);
  return words;
}

/** What positions together may be; nothing where nothing limits them. */
export function limitWordsOf({ limits = {} }: RunSettings): Pair[] {
  const { positionsMax, exposureMax, positionExposureMax } = limits;
  const words: Pair[] = [];
  if (positionsMax !== undefined) words.push(["Positions at most", `${positionsMax}`]);
  if (exposureMax !== undefined) words.push(["All positions at most", `${exposureMax} × equity`]);
  if (positionExposureMax !== undefined)
    words.push(["Each position at most", `${positionExposureMax} × equity`]);
  return words;
}

const share = (value: number): string => `${plain(value * 100)} %`;

function slippageOf({ slippageModel, slippageBps, slippageShare = 0 }: RunSettings): string {
  const ofRange = `${share(slippageShare)} of the candle's range`;
  switch (slippageModel) {
    case "range":
      return ofRange;
    case "volume":
      return `${ofRange} times the root of quantity over volume`;
    default:
      return `${slippageBps} bps`;
  }
}

/** What each policy makes of a run; nothing where nobody asked. */
export function policyWordsOf(
  range: PolicyRange | null | undefined,
  settings: RunSettings,
): Pair[] {
  if (range) return wordsOf(range);
  const isTooLong = range === null && settings.policyRange === true;
  return isTooLong
    ? [["Net profit by policy", "not told: the run took too long to be repeated"]]
    : [];
}

function wordsOf({ runs, parting }: PolicyRange): Pair[] {
  const ends = runs.map(
    ({ policy, netProfitShare }) => `${policy} ${signedPercent(netProfitShare)}`,
  );
  return [
    ["Net profit by policy", ends.join(", ")],
    ["Candles that decide it", decidingText(parting)],
  ];
}

const decidingText = (parting: number): string =>
  parting === 0
    ? "none: all fill alike"
    : `${plain(parting)}; the worse in each is no bound on the end`;
