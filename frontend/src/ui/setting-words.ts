import type { RunSettings } from "@trading/contracts/backtests";
import type { Funding } from "@trading/contracts/perpetuals";
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
    margin: "Margin",
    liquidationFee: "Liquidation fee",
    funding: "Funding",
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
  every: (rate: string, hours: string) => `${rate} every ${hours} h`,
  recorded: (points: string) => `${points} recorded rates`,
});

type SettingName = keyof typeof settingTexts.labels;

/** The settings of a run in words and units, in the order in which they are listed. */
export function settingWords(settings: RunSettings, quote: string): Record<SettingName, string> {
  const t = settingTexts;
  const all = { ...defaultSettings, ...settings };
  const { perpetual } = settings;
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
    margin: perpetual ? t.marginMode[perpetual.marginMode] : t.none,
    liquidationFee: perpetual ? percentText(perpetual.liquidationFee) : t.none,
    funding: fundingText(perpetual?.funding ?? null),
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

function fundingText(funding: Funding | null): string {
  if (funding === null) return settingTexts.none;
  return funding.kind === "constant"
    ? settingTexts.every(percentText(funding.rate), plainNumber(funding.everyHours))
    : settingTexts.recorded(plainNumber(funding.points.length));
}
