import type { RunSettings } from "@trading/contracts/run-settings";
import { settingTexts, settingWords } from "../../../ui/setting-words.ts";
import { details } from "./texts.ts";

const limitNames = ["positionsMax", "exposureMax", "positionExposureMax"] as const;

/** What a run with these settings takes for granted, in sentences. */
export function assumptionsOf(settings: RunSettings, furtherMarkets = 0): string[] {
  const t = details.trust.assumed;
  const { fillOn, fillPolicy, volumeShareMax, latencyCandles, latencyMs, perpetual } = settings;
  const { feeAsset } = settings;
  const limits = limitNames.filter((name) => settings.limits?.[name] !== undefined);
  const words = settingWords(settings, "");
  return [
    t.fillOn[fillOn],
    ...(latencyCandles + latencyMs > 0 ? [t.latency(words.latency)] : []),
    t.limits,
    t.fillPolicy[fillPolicy],
    t.gaps,
    t.feeAsset[feeAsset],
    volumeShareMax === null ? t.allVolume : t.volumeShare(words.volumeShareMax),
    ...(perpetual ? [t.perpetual] : []),
    ...(furtherMarkets > 0 ? [t.wallet] : []),
    ...limits.map((name) => t.limit(settingTexts.labels[name], words[name])),
    t.open,
  ];
}
