/** A backtester of somebody else's: where its package comes from, and how much it is asked to run. */
export type Peer = Readonly<{
  /** Its folder here, with what to install and the program that runs the strategy on it. */
  folder: string;
  title: string;
  kind: "python" | "npm";
  /** Slow ones run fewer candles; all figures are per candle. */
  rows: number;
  repetitions: number;
  /** What it leaves out or does otherwise, so that the figures can be read. */
  note: string;
}>;

export const peers: readonly Peer[] = [
  {
    folder: "backtrader",
    title: "backtrader",
    kind: "python",
    rows: 32_768,
    repetitions: 3,
    note: "observers off, PandasData, runonce",
  },
  {
    folder: "freqtrade",
    title: "freqtrade",
    kind: "python",
    rows: 65_536,
    repetitions: 3,
    note: "its Backtesting with a market in memory; loading and report not counted",
  },
  {
    folder: "freqtrade-2022",
    title: "freqtrade",
    kind: "python",
    rows: 32_768,
    repetitions: 3,
    note: "the same program over the release of December 2022",
  },
  {
    folder: "jesse",
    title: "Jesse",
    kind: "python",
    rows: 65_536,
    repetitions: 3,
    note: "research.backtest, warm-up of its own, fast mode",
  },
  {
    folder: "nautilus-trader",
    title: "NautilusTrader",
    kind: "python",
    rows: 131_072,
    repetitions: 3,
    note: "BacktestEngine over bars, log off; prices in fixed point",
  },
  {
    folder: "backtesting",
    title: "backtesting.py",
    kind: "python",
    rows: 262_144,
    repetitions: 3,
    note: "with its statistics",
  },
  {
    folder: "grademark",
    title: "grademark",
    kind: "npm",
    rows: 524_288,
    repetitions: 5,
    note: "averages made before the clock runs; no fees of its own, no equity curve",
  },
  {
    folder: "vectorbt",
    title: "vectorbt",
    kind: "python",
    rows: 4_194_304,
    repetitions: 6,
    note: "signals for the whole column at once, equity and trades; the first run compiles",
  },
];
