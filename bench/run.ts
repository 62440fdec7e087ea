import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { describeRun, type RunInput, runBacktest, type Strategy } from "@trading/engine";
import { syntheticCandles } from "./candles.ts";
import { crossoverOver, inputOver } from "./crossover.ts";
import { crowd } from "./crowd.ts";
import { type Floor, measureFloor } from "./floor.ts";
import { type Figure, measure } from "./measure.ts";
import { idle } from "./strategies.ts";
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

const fresh = crossoverOver(candles);
const crossover = { ...fresh, equityMemory };
const unchecked = () => ({ ...crossover, candles: { ...candles } });

console.log(
  `Node ${process.version}, ${cpus()[0]?.model ?? "unknown CPU"}, ${rows} candles, medians of ${repetitions}\n`,
);
console.log("| what | ns/candle (CPU) | ns/candle (wall) | × C floor |\n|---|---|---|---|");
const floors = [showFloor("C floor: SMA 50/200")];
/** A run with all that is computed only when it is read. */
const wholeRun = (input: RunInput) => () => runBacktest(input).fingerprint;
show("SMA 50/200, market orders, fees, trades, equity, fingerprint", wholeRun(crossover));
show("the same, equity in fresh memory each time", wholeRun(fresh));
show("the same over candles that no run has checked", () => wholeRun(unchecked())());
showAlone("with stop and target resting, in a process of its own", "bracketed");
showAlone("with stop, target and trailing stop, in a process of its own", "trailing");
showAlone("a strategy that does nothing, in a process of its own", "idle");
const declared = [
  showAlone("SMA 50/200 that declares when it decides, in a process of its own", "declared"),
  showAlone("nine pairs of averages that declare it, per run", "sweep"),
  showAlone("the same, averages kept from run to run, for trades and final equity", "sweep-kept"),
];
for (let round = 0; round < 3; round++) {
  for (const strategy of crowd) runBacktest(inputOf(strategy));
}
show(`the first again, after ${crowd.length} other strategies`, wholeRun(crossover));
show("the one that does nothing, after them too", wholeRun(inputOf(idle)));
const result = runBacktest(crossover);
show("metrics, curve and benchmark of the first", () => describeRun(crossover, result));
floors.push(showFloor("C floor again"));

console.log(`\n${result.fills.length} fills, final equity ${result.finalEquity.toFixed(6)}`);
const [floor] = floors;
if (floor) {
  console.log(
    `C floor: ${floor.fills} fills, final equity ${floor.finalEquity.toFixed(6)} (running sums, not exact ones)`,
  );
  const share = ({ cpuNs }: Figure) => `${((100 * floor.readingNs) / cpuNs).toFixed(0)} %`;
  console.log(
    `C reads the six columns in ${floor.readingNs.toFixed(1)} ns per candle: ${declared.map(share).join(", ")} of that limit where decisions are declared`,
  );
}

showYear(candles);

/** In a process of its own, which has seen no other strategy: as the first row has it. */
function showAlone(what: string, name: string): Figure {
  const program = new URL("alone.ts", import.meta.url).pathname;
  const said = execFileSync(process.execPath, [program, name, `${rows}`, `${repetitions}`]);
  const figure: Figure = JSON.parse(said.toString());
  print(what, figure);
  return figure;
}

function show(what: string, act: () => unknown): void {
  print(
    what,
    measure(rows, repetitions, () => void act()),
  );
}

function print(what: string, { cpuNs, wallNs }: Figure): void {
  const [first] = floors;
  const ratio = first ? (cpuNs / first.nsPerCandle).toFixed(1) : "no C compiler";
  console.log(`| ${what} | ${cpuNs.toFixed(1)} | ${wallNs.toFixed(1)} | ${ratio} |`);
}

function showFloor(what: string): Floor | null {
  const measured = measureFloor(candles, repetitions);
  if (measured) console.log(`| ${what} | ${measured.nsPerCandle.toFixed(1)} | | 1.0 |`);
  return measured;
}
