import type { Funding, PerpetualTerms } from "@trading/contracts/perpetuals";
import type { RunSettings } from "@trading/contracts/run-settings";
import { catalogue } from "./catalogue.ts";
import { plainNumber } from "./parameter-text.ts";
import { defaultSettings } from "./run-settings.ts";

/** How the settings of a run are called, and what they mean. */
export const settingTexts = catalogue("run-settings", {
  labels: {
    capital: "Capital",
    makerFee: "Maker fee",
    takerFee: "Taker fee",
    slippage: "Slippage",
    fillPolicy: "Inside a candle",
    fillOn: "A signal fills",
    feeAsset: "Fees are paid in",
    volumeShareMax: "Share of the volume",
    latency: "Latency",
    policyRange: "Other readings",
    contract: "Contract",
    borrowRate: "Selling short",
    margin: "Margin",
    liquidationFee: "Liquidation fee",
    tiers: "Maintenance",
    funding: "Funding",
    positionsMax: "Positions at most",
    exposureMax: "All positions at most",
    positionExposureMax: "Each position at most",
  },
  fillPolicy: {
    pessimistic: "the worse comes first",
    path: "the candle's path",
    detail: "finer candles",
  },
  fillOn: { "next-candle": "in the next candle", "signal-close": "at its own close" },
  feeAsset: { quote: "the quote currency", received: "what was received" },
  slippageModel: { bps: "fixed", range: "share of the range", volume: "volume impact" },
  marginMode: { isolated: "isolated", cross: "cross" },
  all: "no limit",
  none: "none",
  candles: (count: string) => `${count} ${count === "1" ? "candle" : "candles"}`,
  withRange: "told",
  spot: "spot",
  perpetual: "linear perpetual",
  perYear: (rate: string) => `${rate} a year`,
  every: (rate: string, hours: string) => `${rate} every ${hours} h`,
  recorded: (points: string) => `${points} recorded rates`,
  tier: (rate: string, leverage: string) => `${rate} up to ${leverage}×`,
  tiers: (count: string, from: string, to: string) => `${count} tiers, ${from} to ${to}`,
  ofEquity: (times: string) => `${times} × equity`,
});

type MarginTier = PerpetualTerms["tiers"][number];
type SettingName = keyof typeof settingTexts.labels;

/** The settings of a run in words and units, in the order in which they are listed. */
export function settingWords(settings: RunSettings, quote: string): Record<SettingName, string> {
  const t = settingTexts;
  const all = { ...defaultSettings, ...settings };
  const { perpetual, limits = {} } = settings;
  const ofEquity = (times: number | undefined) =>
    times === undefined ? t.all : t.ofEquity(plainNumber(times));
  return {
    capital: `${plainNumber(all.capital)} ${quote}`,
    makerFee: percentText(all.makerFee),
    takerFee: percentText(all.takerFee),
    slippage: slippageText(all),
    fillPolicy: t.fillPolicy[all.fillPolicy],
    fillOn: t.fillOn[all.fillOn],
    feeAsset: t.feeAsset[all.feeAsset],
    volumeShareMax: all.volumeShareMax === null ? t.all : percentText(all.volumeShareMax),
    latency: latencyText(all),
    policyRange: all.policyRange ? t.withRange : t.none,
    contract: perpetual ? `${t.perpetual} ${plainNumber(perpetual.leverage)}×` : t.spot,
    borrowRate:
      perpetual || all.borrowRate === undefined ? t.none : t.perYear(percentText(all.borrowRate)),
    margin: perpetual ? t.marginMode[perpetual.marginMode] : t.none,
    liquidationFee: perpetual ? percentText(perpetual.liquidationFee) : t.none,
    tiers: perpetual ? tiersText(perpetual.tiers) : t.none,
    funding: fundingText(perpetual?.funding ?? null),
    positionsMax: limits.positionsMax === undefined ? t.all : plainNumber(limits.positionsMax),
    exposureMax: ofEquity(limits.exposureMax),
    positionExposureMax: ofEquity(limits.positionExposureMax),
  };
}

/** Names of the settings that are not as they usually are. */
export function unusualSettings(settings: RunSettings): SettingName[] {
  const words = settingWords(settings, "");
  const usual = settingWords(defaultSettings, "");
  return (Object.keys(words) as SettingName[]).filter((name) => words[name] !== usual[name]);
}

const percentText = (share: number) => `${plainNumber(share * 100)} %`;

function slippageText({ slippageModel, slippageBps, slippageShare }: RunSettings): string {
  return slippageModel === "bps"
    ? `${plainNumber(slippageBps)} bps`
    : `${percentText(slippageShare)}, ${settingTexts.slippageModel[slippageModel]}`;
}

function latencyText({ latencyCandles, latencyMs }: RunSettings): string {
  const parts = [
    ...(latencyCandles > 0 ? [settingTexts.candles(plainNumber(latencyCandles))] : []),
    ...(latencyMs > 0 ? [`${plainNumber(latencyMs)} ms`] : []),
  ];
  return parts.join(" + ") || settingTexts.none;
}

function tiersText(tiers: readonly MarginTier[]): string {
  const [first, last] = [tiers[0], tiers.at(-1)];
  if (!first || !last) return settingTexts.none;
  const rate = (tier: MarginTier) => percentText(tier.maintenanceRate);
  return tiers.length === 1
    ? settingTexts.tier(rate(first), plainNumber(first.leverageMax))
    : settingTexts.tiers(plainNumber(tiers.length), rate(first), rate(last));
}

function fundingText(funding: Funding | null): string {
  if (funding === null) return settingTexts.none;
  return funding.kind === "constant"
    ? settingTexts.every(percentText(funding.rate), plainNumber(funding.everyHours))
    : settingTexts.recorded(plainNumber(funding.points.length));
}
