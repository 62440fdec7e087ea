import { catalogue } from "../../ui/catalogue.ts";

const plural = (n: number, one: string, many: string) =>
  `${n.toLocaleString("en-US")} ${n === 1 ? one : many}`;

export const texts = catalogue("home", {
  title: "Home",
  recent: "Recent backtests",
  all: "All backtests",
  columns: {
    title: "Backtest",
    market: "Market",
    curve: "Equity",
    net: "Net %",
    cagr: "CAGR %",
    drawdown: "Max drawdown %",
    sharpe: "Sharpe",
    trades: "Trades",
    when: "When",
  },
  none: "No backtest has been saved yet.",
  make: "Open the workbench",
  curve: (net: string) => `Equity, ${net} in the end`,
  status: {
    queued: "waiting",
    running: "running",
    done: "done",
    failed: "failed",
    cancelled: "cancelled",
  },
  data: "Data",
  dataAll: "All data",
  dataSum: (series: number, candles: string) =>
    `${plural(series, "series", "series")} with ${candles} candles`,
  dataNone: "There are no candles yet.",
  dataAdd: "Download candles",
  comparisons: "Comparisons",
  compared: (n: number) => `${n} backtests`,
  next: "What to do next",
  steps: {
    slide: {
      title: "Move a slider",
      text: "The workbench recomputes the backtest while you drag.",
    },
    bring: {
      title: "Bring your own candles",
      text: "CSV, exchange archives or freqtrade files; they stay private to you.",
    },
    fetch: {
      title: "Download another market",
      text: "Every market of more than a hundred exchanges.",
    },
    read: { title: "Read a strategy", text: "Its documentation, parameters and source." },
  },
});
