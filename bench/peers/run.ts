import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { writeCandles } from "../candle-file.ts";
import { syntheticCandles } from "../candles.ts";
import { measureFloor } from "../floor.ts";
import { median } from "../measure.ts";
import type { Answer, Trip } from "./answer.ts";
import { install, NotInstalled } from "./install.ts";
import { type Peer, peers } from "./peers.ts";

/**
 * Runs the same strategy on the same candles with this engine and with those of others: each in a process of its own on
 * one core, ours again right before each of them, because load changes. Prints a table in Markdown.
 */
const { values } = parseArgs({
  options: {
    home: { type: "string", default: path.join(tmpdir(), "trading-platform-peers") },
    core: { type: "string", default: String(cpus().length - 1) },
    only: { type: "string" },
  },
});

const stored = 4_194_304;
const ourRepetitions = 15;
const candleFile = path.join(values.home, "candles.f64");
const isPinned = spawnSync("taskset", ["-c", values.core, "true"]).status === 0;
const only = values.only?.split(",");

mkdirSync(values.home, { recursive: true });
const candles = syntheticCandles(stored);
writeCandles(candleFile, candles);

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${isPinned ? `core ${values.core}` : "not pinned"}, load average ${loadNow()}\n`,
);
console.log(
  "| what | candles | CPU per candle | wall per candle | × ours | × as it ships | first run (CPU) | peak memory | trades | other trades | final equity − ours |\n|---|---|---|---|---|---|---|---|---|---|---|",
);
showFloor();
const first = ours(stored, ourRepetitions);
row(`this engine ${first.version}`, stored, first, { same: first, asked: paceOf(first) });
for (const peer of peers) if (only === undefined || only.includes(peer.folder)) show(peer);
const last = ours(stored, ourRepetitions);
row("this engine, at the end", stored, last, { same: last, asked: paceOf(last) });
const shipped = ours(stored, ourRepetitions, "as-shipped");
row("the same, the strategy as it ships", stored, shipped, {
  same: last,
  shipped: paceOf(shipped),
});
console.log(`\nLoad average at the end ${loadNow()}.`);

function show(peer: Peer): void {
  try {
    const home = install(peer, values.home);
    const asked = paceOf(ours(stored, ourRepetitions));
    const shipped = paceOf(ours(stored, ourRepetitions, "as-shipped"));
    const answer = ask(programOf(peer, home), peer.rows, peer.repetitions, home);
    const same = ours(peer.rows, 1);
    row(`${peer.title} ${answer.version}`, peer.rows, answer, { same, asked, shipped });
  } catch (error) {
    if (!(error instanceof NotInstalled)) throw error;
    console.log(`| ${peer.title} | not run: ${error.message} | | | | | | | | |`);
  }
}

function programOf({ folder, kind }: Peer, home: string): readonly string[] {
  const file = path.join(import.meta.dirname, folder, kind === "python" ? "run.py" : "run.ts");
  return kind === "python" ? [path.join(home, "bin/python"), file] : [process.execPath, file];
}

function ours(rows: number, repetitions: number, how = "asked"): Answer {
  const program = [process.execPath, path.join(import.meta.dirname, "ours.ts")];
  return ask(program, rows, repetitions, "", how);
}

/** Seconds of CPU per candle of one of our long runs. */
function paceOf(answer: Answer): number {
  return warm(answer).cpuS / stored;
}

/** Lets a program run the strategy; it answers with its last line. */
function ask(
  program: readonly string[],
  rows: number,
  repetitions: number,
  home = "",
  how = "",
): Answer {
  const pin = isPinned ? ["taskset", "-c", values.core] : [];
  const given = [candleFile, stored, rows, repetitions, home, how].map(String);
  const [command = "", ...args] = [...pin, ...program, ...given];
  const { status, stdout, stderr } = spawnSync(command, args, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
    cwd: values.home,
    env: { ...process.env, PYTHONPATH: import.meta.dirname, PYTHONDONTWRITEBYTECODE: "1" },
  });
  if (status !== 0) throw new NotInstalled(stderr.trim().split("\n").at(-1) ?? "no reason");
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Answer;
}

/** The middle of all runs but the first, which compiles and fills caches. */
function warm({ runs }: Answer): { cpuS: number; wallS: number } {
  const later = runs.length > 1 ? runs.slice(1) : runs;
  return {
    cpuS: median(later.map((run) => run.cpuS)),
    wallS: median(later.map((run) => run.wallS)),
  };
}

/** What an answer is held against: our trades over the same candles, and our pace, asked on every candle and as it ships. */
type Against = Readonly<{ same: Answer; asked?: number; shipped?: number }>;

function row(what: string, rows: number, answer: Answer, { same, asked, shipped }: Against) {
  const { cpuS, wallS } = warm(answer);
  const times = (pace: number | undefined) =>
    pace === undefined
      ? ""
      : (cpuS / rows / pace).toLocaleString("en", { maximumSignificantDigits: 3 });
  const cells = [
    what,
    rows.toLocaleString("en"),
    perCandle(cpuS, rows),
    perCandle(wallS, rows),
    times(asked),
    times(shipped),
    `${(answer.runs[0]?.cpuS ?? Number.NaN).toFixed(2)} s`,
    `${answer.peakMB.toFixed(0)} MB`,
    answer.trades.length.toLocaleString("en"),
    String(differing(answer.trades, same.trades)),
    moneyText(answer.finalEquity - same.finalEquity),
  ];
  console.log(`| ${cells.join(" | ")} |`);
}

/** Closed trades that only one of the two has, by the candles of entry and exit. */
function differing(one: readonly Trip[], other: readonly Trip[]): number {
  const known = new Set(other.map((trip) => trip.join("-")));
  const common = one.filter((trip) => known.has(trip.join("-"))).length;
  return one.length + other.length - 2 * common;
}

function showFloor(): void {
  const floor = measureFloor(candles, ourRepetitions);
  if (floor === null) return;
  const { nsPerCandle, fills } = floor;
  const trades = Math.floor(fills / 2).toLocaleString("en");
  console.log(
    `| C floor | ${stored.toLocaleString("en")} | ${nsPerCandle.toFixed(1)} ns | | | | | ${trades} | | |`,
  );
}

function perCandle(seconds: number, rows: number): string {
  const ns = (seconds * 1e9) / rows;
  return ns < 1_000 ? `${ns.toFixed(1)} ns` : `${(ns / 1e3).toFixed(2)} µs`;
}

/** What only rounding left is nothing. */
function moneyText(difference: number): string {
  return Math.abs(difference) < 1e-6 ? "0" : difference.toFixed(6);
}

function loadNow(): string {
  return (loadavg()[0] ?? Number.NaN).toFixed(1);
}
