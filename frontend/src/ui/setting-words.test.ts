import { expect, test } from "vitest";
import { defaultSettings, defaultTerms } from "./run-settings.ts";
import { settingWords, unusualSettings } from "./setting-words.ts";

test("settings are told in words and units", () => {
  const settings = {
    ...defaultSettings,
    slippageModel: "volume" as const,
    slippageShare: 0.25,
    volumeShareMax: 0.1,
    latencyCandles: 2,
    latencyMs: 150,
    perpetual: {
      ...defaultTerms,
      leverage: 5,
      funding: { kind: "constant" as const, rate: 0.0001, everyHours: 8 },
    },
    limits: { positionsMax: 3, exposureMax: 1.5 },
  };
  expect(settingWords(settings, "USDT")).toMatchObject({
    capital: "10,000 USDT",
    slippage: "25 %, volume impact",
    volumeShareMax: "10 %",
    latency: "2 candles + 150 ms",
    contract: "linear perpetual 5×",
    tiers: "1 % up to 50×",
    funding: "0.01 % every 8 h",
    positionsMax: "3",
    exposureMax: "1.5 × equity",
    positionExposureMax: "no limit",
  });
});

test("only what differs from usual is unusual; what old results left out is usual", () => {
  const { capital, makerFee, takerFee, slippageBps } = defaultSettings;
  const old = { capital, makerFee, takerFee, slippageBps } as typeof defaultSettings;
  expect(unusualSettings(old)).toEqual([]);
  expect(unusualSettings({ ...old, fillPolicy: "path" })).toEqual(["fillPolicy"]);
  expect(unusualSettings({ ...defaultSettings, perpetual: defaultTerms })).toEqual([
    "contract",
    "margin",
    "liquidationFee",
    "tiers",
  ]);
  expect(unusualSettings({ ...old, limits: { positionExposureMax: 0.5 } })).toEqual([
    "positionExposureMax",
  ]);
});
