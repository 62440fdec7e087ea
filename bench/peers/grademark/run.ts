import { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { readCandles } from "../../candle-file.ts";
import { report } from "../answer.ts";

/** A candle with the two averages, as its rules see it. */
type Bar = {
  index: number;
  time: number;
  open: number;
  high: number;
  low: number;
  close: number;
  volume: number;
  fast: number;
  slow: number;
  before: Bar | null;
};
type Rule = (act: () => void, rule: Readonly<{ bar: Bar }>) => void;
type Trade = Readonly<{
  entryTime: number;
  exitTime: number;
  entryPrice: number;
  exitPrice: number;
  profit: number;
  exitReason: string;
}>;
type Grademark = Readonly<{
  backtest(strategy: Readonly<{ entryRule: Rule; exitRule: Rule }>, bars: unknown): Trade[];
}>;
type DataForge = Readonly<{ DataFrame: new (bars: readonly Bar[]) => unknown }>;

const [candleFile = "", stored, rows, repetitions, home = ""] = process.argv.slice(2);
const require = createRequire(path.join(home, "package.json"));
const { backtest } = require("grademark") as Grademark;
const { DataFrame } = require("data-forge") as DataForge;
const { version } = require("grademark/package.json") as { version: string };

const fee = 0.001;
const isAbove = ({ fast, slow }: Bar) => fast > slow;
const isBelow = ({ fast, slow }: Bar) => fast < slow;
const bars = barsOf(readCandles(candleFile, Number(stored), Number(rows)).close);
const frame = new DataFrame(bars);

report(version, Number(repetitions), () => {
  const trades = backtest(
    {
      entryRule(enter, { bar }) {
        if (isAbove(bar) && bar.before !== null && !isAbove(bar.before)) enter();
      },
      exitRule(exit, { bar }) {
        if (isBelow(bar) && bar.before !== null && !isBelow(bar.before)) exit();
      },
    },
    frame,
  );
  let finalEquity = 1_000_000;
  // It knows no fees: they are taken off afterwards.
  for (const { profit, entryPrice, exitPrice, exitReason } of trades)
    finalEquity += profit - fee * (exitReason === "finalize" ? entryPrice : entryPrice + exitPrice);
  const closed = trades.filter((trade) => trade.exitReason !== "finalize");
  return {
    trades: closed.map(({ entryTime, exitTime }) => [entryTime / 60_000, exitTime / 60_000]),
    finalEquity,
  };
});

/** Its users bring their own indicators: these are made before the clock runs. */
function barsOf(close: Float64Array): Bar[] {
  const { time, open, high, low, volume } = readCandles(candleFile, Number(stored), Number(rows));
  const fast = averages(close, 50);
  const slow = averages(close, 200);
  const made: Bar[] = [];
  for (let i = 0; i < close.length; i++) {
    const at = (column: Float64Array) => column[i] as number;
    made.push({
      index: i,
      time: at(time),
      open: at(open),
      high: at(high),
      low: at(low),
      close: at(close),
      volume: at(volume),
      fast: at(fast),
      slow: at(slow),
      before: i < 200 ? null : (made[i - 1] ?? null),
    });
  }
  return made;
}

/** Means of prices on a grid of 0.01, summed as whole ticks so that equal means are equal. */
function averages(close: Float64Array, length: number): Float64Array {
  let sum = 0;
  return close.map((price, i) => {
    sum += Math.round(price * 100);
    if (i >= length) sum -= Math.round((close[i - length] as number) * 100);
    return i < length - 1 ? Number.NaN : sum / length / 100;
  });
}
