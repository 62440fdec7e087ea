import { runBacktest } from "@trading/engine";
import { syntheticCandles } from "./candles.ts";
import { crossoverOver, declaredOver, inputOver } from "./crossover.ts";
import { measure } from "./measure.ts";
import { idle, trailing } from "./strategies.ts";

/** Measures one strategy in a process that runs nothing else: `node bench/alone.ts trailing 4194304 9`. */
const [, , name = "", rows = "", repetitions = ""] = process.argv;
const candles = syntheticCandles(Number(rows));
const inputs = {
  bracketed: () => crossoverOver(candles, { stopLoss: 0.01, takeProfit: 0.02 }),
  trailing: () => inputOver(candles, trailing),
  declared: () => declaredOver(candles),
  asked: () => crossoverOver(candles),
  idle: () => inputOver(candles, idle),
};
const wanted = inputs[name as keyof typeof inputs];
const input = { ...wanted(), equityMemory: new Float64Array(candles.close.length) };
const figure = measure(candles.close.length, Number(repetitions), () => void runBacktest(input));
console.log(JSON.stringify(figure));
