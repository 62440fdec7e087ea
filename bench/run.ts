import { cpus } from "node:os";
import {
  defineStrategy,
  describeRun,
  type RunInput,
  runBacktest,
  type Strategy,
  sma,
} from "@trading/engine";
import { syntheticCandles } from "./candles.ts";
import { crossoverOver, inputOver } from "./crossover.ts";
import { crowd } from "./crowd.ts";
import { type Floor, measureFloor } from "./floor.ts";
import { measure } from "./measure.ts";
import { showYear } from "./year.ts";

const rows = 4_194_304;
const repetitions = 9;
const candles = syntheticCandles(rows);

/** Runs of one thread share the memory of their equity, as the floor's do. */
const equityMemory = new Float64Array(rows);
const inputOf = (strategy: Strategy): RunInput => ({
  ...inputOver(candles, strategy),
  equityMemory,
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

const trailing = defineStrategy({
  name: "trailing-crossover",
  title: "Trailing crossover",
  description: "The crossover with a stop, a target and a trailing stop.",
  category: "bench",
  risk: "low",
  timeframes: ["1m"],
  documentation: "What resting and moving orders cost.",
  parameters: {},
  indicators: () => ({ fast: sma(50), slow: sma(200) }),
  onCandle(context) {
    const { fast, slow } = context.indicators;
    const { close, position } = context;
    if (position.isFlat && fast.crossesAbove(slow)) {
      const trail = { by: 0.02, from: close * 1.01 };
      context.bracket({
        side: "buy",
        quantity: 1,
        stop: close * 0.99,
        target: close * 1.05,
        trail,
      });
    } else if (position.isLong && fast.crossesBelow(slow)) context.exit();
  },
});

const fresh = crossoverOver(candles);
const crossover = { ...fresh, equityMemory };
const bracketed = {
  ...crossoverOver(candles, { stopLoss: 0.01, takeProfit: 0.02 }),
  equityMemory,
};
const unchecked = () => ({ ...crossover, candles: { ...candles } });

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${rows} candles, medians of ${repetitions}\n`,
);
console.log("| what | ns/candle (CPU) | ns/candle (wall) | × C floor |\n|---|---|---|---|");
const floors = [showFloor("C floor: SMA 50/200")];
show("SMA 50/200, market orders, fees, trades, equity", () => runBacktest(crossover));
show("the same, equity in fresh memory each time", () => runBacktest(fresh));
show("the same over candles that no run has checked", () => runBacktest(unchecked()));
show("the same with stop and target resting", () => runBacktest(bracketed));
show("with stop, target and trailing stop", () => runBacktest(inputOf(trailing)));
show("a strategy that does nothing", () => runBacktest(inputOf(idle)));
for (let round = 0; round < 3; round++) {
  for (const strategy of crowd) runBacktest(inputOf(strategy));
}
show(`the first again, after ${crowd.length} other strategies`, () => runBacktest(crossover));
const result = runBacktest(crossover);
show("metrics, curve and benchmark of the first", () => describeRun(crossover, result));
floors.push(showFloor("C floor again"));

console.log(`\n${result.fills.length} fills, final equity ${result.finalEquity.toFixed(6)}`);
const [floor] = floors;
if (floor)
  console.log(
    `C floor: ${floor.fills} fills, final equity ${floor.finalEquity.toFixed(6)} (running sums, not exact ones)`,
  );

showYear(candles);

function show(what: string, act: () => unknown): void {
  const { cpuNs, wallNs } = measure(rows, repetitions, () => void act());
  const [first] = floors;
  const ratio = first ? (cpuNs / first.nsPerCandle).toFixed(1) : "no C compiler";
  console.log(`| ${what} | ${cpuNs.toFixed(1)} | ${wallNs.toFixed(1)} | ${ratio} |`);
}

function showFloor(what: string): Floor | null {
  const measured = measureFloor(candles, repetitions);
  if (measured) console.log(`| ${what} | ${measured.nsPerCandle.toFixed(1)} | | 1.0 |`);
  return measured;
}
