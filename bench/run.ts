import { cpus } from "node:os";
import {
  defineStrategy,
  describeRun,
  type RunInput,
  runBacktest,
  type Strategy,
} from "@trading/engine";
import smaCrossover from "../strategies/sma-crossover.ts";
import { syntheticCandles } from "./candles.ts";
import { measureFloor } from "./floor.ts";
import { measure } from "./measure.ts";

const rows = 4_194_304;
const repetitions = 9;
const candles = syntheticCandles(rows);

const inputOf = (strategy: Strategy, parameters: RunInput["parameters"]): RunInput => ({
  strategy,
  strategyVersion: "bench",
  parameters,
  market: { symbol: "SYNTHETIC", tick: null, lot: null, notionalMin: null },
  timeframe: "1m",
  candles,
  dataRevision: "bench",
  settings: { capital: 1_000_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
});

const idle = defineStrategy({
  name: "idle",
  title: "Idle",
  description: "Does nothing.",
  category: "bench",
  risk: "low",
  timeframes: ["1m"],
  documentation: "What a candle costs when nothing happens.",
  parameters: {},
  onCandle() {},
});

const cross = { fast: 50, slow: 200, quantity: 1 };
const inputs = [
  ["SMA 50/200, market orders, fees, trades, equity", inputOf(smaCrossover, cross)],
  [
    "the same with stop and target resting",
    inputOf(smaCrossover, { ...cross, stopLoss: 0.01, takeProfit: 0.02 }),
  ],
  ["a strategy that does nothing", inputOf(idle, {})],
] as const;

const floor = measureFloor(candles, repetitions);
console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${rows} candles, medians of ${repetitions}\n`,
);
console.log("| what | ns/candle (CPU) | ns/candle (wall) | M candles/s (CPU) | × C floor |");
console.log("|---|---|---|---|---|");
if (floor)
  console.log(
    `| C floor: SMA 50/200 | ${floor.nsPerCandle.toFixed(1)} | | ${(1_000 / floor.nsPerCandle).toFixed(0)} | 1.0 |`,
  );
for (const [what, input] of inputs) {
  const { cpuNs, wallNs } = measure(rows, repetitions, () => void runBacktest(input));
  const ratio = floor ? (cpuNs / floor.nsPerCandle).toFixed(1) : "no C compiler";
  console.log(
    `| ${what} | ${cpuNs.toFixed(1)} | ${wallNs.toFixed(1)} | ${(1_000 / cpuNs).toFixed(1)} | ${ratio} |`,
  );
}
const [, crossover] = inputs[0];
const result = runBacktest(crossover);
const described = measure(rows, 3, () => void describeRun(crossover, result));
console.log(
  `| metrics, curve and benchmark of the first | ${described.cpuNs.toFixed(1)} | ${described.wallNs.toFixed(1)} | | |`,
);
console.log(`\n${result.fills.length} fills, final equity ${result.finalEquity.toFixed(6)}`);
if (floor)
  console.log(
    `C floor: ${floor.fills} fills, final equity ${floor.finalEquity.toFixed(6)} (running sums, not exact ones)`,
  );
