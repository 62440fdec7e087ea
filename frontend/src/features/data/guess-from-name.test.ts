import { expect, test } from "vitest";
import { guessFromName } from "./guess-from-name.ts";

test.each([
  ["BTCUSDT-1h-2024-01.zip", "BTC/USDT", "1h"],
  ["BTC_USDT-5m.feather", "BTC/USDT", "5m"],
  ["eth-usd 1d.csv.gz", "ETH/USD", "1d"],
  ["ftx_BTC-PERP_1m_2022-01.csv.gz", "BTC/USD", "1m"],
  ["binance_ETHBTC_1h.csv", "ETH/BTC", "1h"],
  ["1INCHUSDT.csv", "1INCH/USDT", undefined],
  ["candles.csv", "", undefined],
])("the name %s says %s %s", (name, symbol, timeframe) => {
  expect(guessFromName(name)).toEqual({ symbol, timeframe });
});
