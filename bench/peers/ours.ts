import { engineVersion, runBacktest } from "@trading/engine";
import smaCrossover from "../../strategies/sma-crossover.ts";
import { readCandles } from "../candle-file.ts";
import { report } from "./answer.ts";

const [path = "", stored, rows, repetitions, , how] = process.argv.slice(2);
const candles = readCandles(path, Number(stored), Number(rows));

/** Asked on every candle, as the others ask theirs; as it ships it says that it decides where its averages cross. */
const asked = { ...smaCrossover, decidesOn: undefined };

/** As a worker that runs one backtest after the other hands it over. */
const equityMemory = new Float64Array(candles.close.length);

report(engineVersion, Number(repetitions), () => {
  const result = runBacktest({
    strategy: how === "as-shipped" ? smaCrossover : asked,
    strategyVersion: "bench",
    parameters: { fast: 50, slow: 200, quantity: 1 },
    market: { symbol: "SYNTHETIC", tick: null, lot: null, notionalMin: null },
    timeframe: "1m",
    candles,
    dataRevision: "bench",
    isPlotted: false,
    equityMemory,
    settings: { capital: 1_000_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
  });
  // Part of a whole run, though computed only when it is read.
  void result.fingerprint;
  const { trades, finalEquity } = result;
  const closed = trades.filter((trade) => trade.exitReason !== "end-of-data");
  return {
    trades: closed.map(({ entryIndex, exitIndex }) => [entryIndex, exitIndex]),
    finalEquity,
  };
});
