import { expect, test } from "vitest";
import { guessSymbol } from "./symbol-guess.ts";

test.each([
  ["BTCUSDT-1m-2024-01.zip", "BTC/USDT"],
  ["BTC_USDT-5m.feather", "BTC/USDT"],
  ["XRP_USDT_USDT-1h-futures.feather", "XRP/USDT:USDT"],
  ["freqtrade_UNITTEST_BTC-1m.csv.gz", "UNITTEST/BTC"],
  ["octobot_binance_BTC-USDT_4h.csv.gz", "BTC/USDT"],
  ["ftx_BTC-PERP_1m_2022-01.csv.gz", "BTC/USD:USD"],
  ["lean_coinbase_BTCUSD_1d.csv.gz", "BTC/USD"],
  ["candles.csv", null],
  ["", null],
])("the name %s speaks of %s", (name, symbol) => {
  expect(guessSymbol(name)).toBe(symbol);
});
