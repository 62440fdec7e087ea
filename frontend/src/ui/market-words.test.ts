import { expect, test } from "vitest";
import { furtherMarketsText } from "./market-words.ts";

const first = { kind: "series" as const, seriesId: "s1" };

test("further markets are told by their names, with a timeframe of their own", () => {
  const text = furtherMarketsText({
    timeframe: "1h",
    candles: {
      ...first,
      others: [
        { kind: "series", seriesId: "s2" },
        { kind: "market", exchange: "x", symbol: "SOL/USDT", timeframe: "4h" },
      ],
    },
    result: { markets: [{ symbol: "BTC/USDT" }, { symbol: "ETH/USDT" }] as never },
  });
  expect(text).toBe("ETH/USDT, SOL/USDT 4h");
  expect(furtherMarketsText({ timeframe: "1h", candles: first })).toBeNull();
});
