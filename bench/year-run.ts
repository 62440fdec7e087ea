import { readFileSync } from "node:fs";
import { type Columns, describeRun, runBacktest } from "@trading/engine";
import { crossoverOver } from "./crossover.ts";

/** A process of its own: reads raw columns from a file, runs the crossover over them and prints what it found. */
const [, , path = ""] = process.argv;
const bytes = readFileSync(path);
const numbers = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
const rows = numbers.length / 6;
const column = (at: number) => numbers.subarray(at * rows, (at + 1) * rows);
const candles: Columns = {
  time: column(0),
  open: column(1),
  high: column(2),
  low: column(3),
  close: column(4),
  volume: column(5),
};
const input = crossoverOver(candles);
const { fingerprint, metrics } = describeRun(input, runBacktest(input));
const { user, system } = process.cpuUsage();
console.log(JSON.stringify({ fingerprint, metrics, cpuMs: (user + system) / 1e3 }));
