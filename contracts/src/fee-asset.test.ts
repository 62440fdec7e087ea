import { expect, test } from "vitest";
import { usualFeeAsset } from "./fee-asset.ts";

test.each([
  ["binance", "BTC/USDT", false, "received"],
  ["binance", "BTC/USDT", true, "quote"],
  ["binance", "BTC/USDT:USDT", false, "quote"],
  ["kraken", "BTC/USD", false, "quote"],
  [null, "BTC/USDT", false, "quote"],
] as const)("a buy of %s %s (perpetual: %s) pays in %s", (exchange, symbol, isPerpetual, asset) => {
  expect(usualFeeAsset({ exchange, symbol, isPerpetual })).toBe(asset);
});
