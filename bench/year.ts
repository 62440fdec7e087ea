import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Columns } from "@trading/engine";
import { writeCandles } from "./candle-file.ts";
import { type Figure, median } from "./measure.ts";

const rows = 525_600;
const repetitions = 7;
const cache = new URL(".cache/", import.meta.url);

/** One year of one-minute candles: what a person waits for, in ms. */
export function showYear(candles: Columns): void {
  const year = yearOf(candles);
  const warm = warmRun();
  const path = new URL("year.f64", cache).pathname;
  mkdirSync(cache, { recursive: true });
  writeCandles(path, year);
  console.log("\n| one year of 1m candles | CPU | wall |\n|---|---|---|");
  const ms = (ns: number) => `${((ns * rows) / 1e6).toFixed(0)} ms`;
  console.log(
    `| warm, candles in memory, a process that runs nothing else: run, metrics and report | ${ms(warm.cpuNs)} | ${ms(warm.wallNs)} |`,
  );
  const compiled = new URL("compiled", cache).pathname;
  showCold(
    "a process from its start over a raw file to the printed result, as `npm run trading` starts it",
    path,
    compiled,
  );
  showCold("the same where no compiled code is kept", path, "");
}

/** The same candles, made anew by the process that is measured; per candle. */
function warmRun(): Figure {
  const program = new URL("alone.ts", import.meta.url).pathname;
  const said = execFileSync(process.execPath, [program, "described", `${rows}`, `${repetitions}`]);
  return JSON.parse(said.toString());
}

/** `compiled` is where Node keeps stripped and compiled code, as bootstrap.mjs tells it to; empty for nowhere. */
function showCold(what: string, path: string, compiled: string): void {
  const { cpuMs, wallMs } = coldRuns(path, compiled);
  console.log(`| ${what} | ${cpuMs.toFixed(0)} ms | ${wallMs.toFixed(0)} ms |`);
}

function yearOf({ time, open, high, low, close, volume }: Columns): Columns {
  const cut = (column: Float64Array) => column.slice(0, rows);
  return {
    time: cut(time),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  };
}

function coldRuns(path: string, compiled: string) {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const program = new URL("year-run.ts", import.meta.url).pathname;
  const cpu: number[] = [];
  const wall: number[] = [];
  // The first of them compiles.
  for (let i = -1; i < repetitions; i++) {
    const from = performance.now();
    const said = execFileSync(process.execPath, [program, path], { env }).toString();
    if (i < 0) continue;
    wall.push(performance.now() - from);
    cpu.push(JSON.parse(said).cpuMs);
  }
  return { cpuMs: median(cpu), wallMs: median(wall) };
}
