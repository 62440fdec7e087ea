import { expect, test } from "vitest";
import { defaultSettings } from "../../../ui/run-settings.ts";
import { assumptionsOf } from "./assumptions.ts";
import { details } from "./texts.ts";

const { assumed } = details.trust;

test("what is assumed follows the settings", () => {
  expect(assumptionsOf(defaultSettings)).toContain(assumed.allVolume);
  const sentences = assumptionsOf({
    ...defaultSettings,
    fillPolicy: "path",
    volumeShareMax: 0.1,
    latencyCandles: 1,
  });
  expect(sentences).toContain(assumed.fillPolicy.path);
  expect(sentences).toContain(assumed.volumeShare("10 %"));
  expect(sentences).toContain(assumed.latency("1 candle"));
  expect(sentences).not.toContain(assumed.allVolume);
  const shared = assumptionsOf({ ...defaultSettings, limits: { positionsMax: 2 } }, 1);
  expect(shared).toContain(assumed.wallet);
  expect(shared).toContain("Positions at most 2; an order beyond is refused.");
});
