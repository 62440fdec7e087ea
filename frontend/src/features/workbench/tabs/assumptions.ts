import type { RunSettings } from "@trading/contracts/backtests";
import { settingWords } from "../../../ui/setting-words.ts";
import { details } from "./texts.ts";

/** What a run with these settings takes for granted, in sentences. */
export function assumptionsOf(settings: RunSettings): string[] {
  const t = details.trust.assumed;
  const { fillOn, fillPolicy, volumeShareMax, latencyCandles, latencyMs, perpetual } = settings;
  const words = settingWords(settings, "");
  return [
    t.fillOn[fillOn],
    ...(latencyCandles + latencyMs > 0 ? [t.latency(words.latency)] : []),
    t.limits,
    t.fillPolicy[fillPolicy],
    t.gaps,
    volumeShareMax === null ? t.allVolume : t.volumeShare(words.volumeShareMax),
    ...(perpetual ? [t.perpetual] : []),
    t.open,
  ];
}
