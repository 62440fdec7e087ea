import {
  describeRun,
  IndicatorMemory,
  type RunInput,
  type RunResult,
  runBacktest,
} from "@trading/engine";
import { syntheticCandles } from "./candles.ts";
import { crossoverOver, declaredOver, inputOver, sweepOver } from "./crossover.ts";
import { measure } from "./measure.ts";
import { idle, trailing } from "./strategies.ts";

/** Measures runs in a process that runs nothing else: `node bench/alone.ts trailing 4194304 9`. */
const [, , name = "", rows = "", repetitions = ""] = process.argv;
const candles = syntheticCandles(Number(rows));
/** Room for the averages of the whole sweep. */
const indicatorMemory = new IndicatorMemory(6 * candles.close.byteLength);

/** What is read of a result: much of it is computed only then. A sweep keeps figures, and reads the rest of what it shows. */
type Read = (input: RunInput, result: RunResult) => unknown;
const fingerprint: Read = (_, result) => result.fingerprint;
const nothing: Read = () => null;

const one = (input: RunInput, read = fingerprint) => ({ inputs: [input], read });
const sweep = (inputs: readonly RunInput[]) => ({ inputs, read: nothing });
const wanted = {
  bracketed: () => one(crossoverOver(candles, { stopLoss: 0.01, takeProfit: 0.02 })),
  trailing: () => one(inputOver(candles, trailing)),
  idle: () => one(inputOver(candles, idle)),
  asked: () => one(crossoverOver(candles)),
  described: () => one(crossoverOver(candles), describeRun),
  declared: () => one(declaredOver(candles)),
  sweep: () => sweep(sweepOver(candles)),
  "sweep-kept": () =>
    sweep(sweepOver(candles).map((input) => ({ ...input, indicatorMemory, isEquityDrawn: false }))),
};

const { inputs, read } = wanted[name as keyof typeof wanted]();
const equityMemory = new Float64Array(candles.close.length);
const figure = measure(candles.close.length * inputs.length, Number(repetitions), () => {
  for (const input of inputs) read(input, runBacktest({ ...input, equityMemory }));
});
console.log(JSON.stringify(figure));
