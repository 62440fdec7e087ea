import { IndicatorMemory, type RunInput, runBacktest } from "@trading/engine";
import { syntheticCandles } from "./candles.ts";
import { crossoverOver, declaredOver, inputOver, sweepOver } from "./crossover.ts";
import { measure } from "./measure.ts";
import { idle, trailing } from "./strategies.ts";

/** Measures runs in a process that runs nothing else: `node bench/alone.ts trailing 4194304 9`. */
const [, , name = "", rows = "", repetitions = ""] = process.argv;
const candles = syntheticCandles(Number(rows));
/** Room for the averages of the whole sweep. */
const indicatorMemory = new IndicatorMemory(6 * candles.close.byteLength);

const one = (input: RunInput) => ({ inputs: [input], isFingerprinted: true });
const sweep = (inputs: readonly RunInput[]) => ({ inputs, isFingerprinted: false });
const wanted = {
  bracketed: () => one(crossoverOver(candles, { stopLoss: 0.01, takeProfit: 0.02 })),
  trailing: () => one(inputOver(candles, trailing)),
  idle: () => one(inputOver(candles, idle)),
  asked: () => one(crossoverOver(candles)),
  declared: () => one(declaredOver(candles)),
  sweep: () => sweep(sweepOver(candles)),
  "sweep-kept": () => sweep(sweepOver(candles).map((input) => ({ ...input, indicatorMemory }))),
};

const { inputs, isFingerprinted } = wanted[name as keyof typeof wanted]();
const equityMemory = new Float64Array(candles.close.length);
const figure = measure(candles.close.length * inputs.length, Number(repetitions), () => {
  for (const input of inputs) {
    const result = runBacktest({ ...input, equityMemory });
    // Computed when it is read: a sweep keeps figures, and reads it of what it shows.
    if (isFingerprinted) void result.fingerprint;
  }
});
console.log(JSON.stringify(figure));
