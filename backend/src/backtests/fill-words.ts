import type { PerpetualTerms, PolicyRange, RunSettings } from "@trading/engine";

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
  if (volumeShareMax) words.push(["Volume filled at most", `${volumeShareMax * 100} %`]);
  if (latencyCandles || latencyMs)
    words.push(["Latency", `${latencyCandles ?? 0} candles and ${latencyMs ?? 0} ms`]);
  if (borrowRate !== undefined && perpetual === undefined)
    words.push(["Sold short", `on loan, for ${borrowRate * 100} % a year`]);
  return words;
}

/** On which terms a perpetual was traded. */
export function perpetualWordsOf({ leverage, marginMode, funding }: PerpetualTerms): Pair[] {
  const words: Pair[] = [
    ["Contract", `linear perpetual, ${leverage}×`],
    ["Margin", marginMode],
  ];
  if (funding?.kind === "constant")
    words.push(["Funding", `${funding.rate * 100} % every ${funding.everyHours} h`]);
  if (funding?.kind === "series")
    words.push(["Funding", `as it was, ${funding.points.length} rates`]);
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

function slippageOf({ slippageModel, slippageBps, slippageShare = 0 }: RunSettings): string {
  const share = `${slippageShare * 100} % of the candle's range`;
  switch (slippageModel) {
    case "range":
      return share;
    case "volume":
      return `${share} times the root of quantity over volume`;
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
    ({ policy, netProfitShare }) => `${policy} ${(netProfitShare * 100).toFixed(2)} %`,
  );
  return [
    ["Net profit by policy", ends.join(", ")],
    ["Candles that decide it", `${parting}; the worse in each is no bound on the end`],
  ];
}
