import type { Command } from "commander";
import { createStrategyHost, defaultHostLimits } from "../strategies/host-client.ts";
import { documentOf, textOf } from "./backtest-output.ts";
import { loadStrategy } from "./backtest-strategy.ts";
import { cliConfig, print } from "./command.ts";
import { loadMarkets, orderOf } from "./run-markets.ts";
import { addRunOptions, type RunOptions, readChoice, readRange } from "./run-options.ts";

type BacktestOptions = RunOptions &
  Readonly<{ strategy: string; candles: string; explain?: boolean; json?: boolean }>;

/** `backtest`: one run on a file or on a market's candles; a file needs neither server nor database. */
export function registerBacktestCommand(program: Command): void {
  addRunOptions(
    program
      .command("backtest")
      .description("Run a strategy over candles and print what it found.")
      .requiredOption("--strategy <strategy>", "its name, or a file such as my-strategy.ts")
      .requiredOption(
        "--candles <candles>",
        "a file (CSV, JSON, feather, zip), or a market such as binance:BTC/USDT",
      ),
  )
    .option("--explain", "also tell what each cost took, by running the same decisions again")
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", examples)
    .action(runBacktestCommand);
}

const examples = `
Examples:
  backtest --strategy sma-crossover --candles BTCUSDT-1h.csv --param fast=10 --param slow=30
  backtest --strategy ema-crossover --candles BTCUSDT-1h.csv --leverage 5 --funding funding.csv
  backtest --strategy macd-forecast --candles BTCUSDT-15m.csv --preset Original
  backtest --strategy dual-momentum --candles BTCUSDT-1d.csv --also ETHUSDT-1d.csv --also SOLUSDT-1d.csv
  backtest --strategy ./mine.ts --candles binance:BTC/USDT --timeframe 4h --from 2024-01-01 --json`;

async function runBacktestCommand(options: BacktestOptions): Promise<void> {
  const range = readRange(options);
  const config = cliConfig();
  const host = createStrategyHost({
    ...defaultHostLimits,
    memoryMbMax: config.backtestMemoryMb,
    budgetMs: config.backtestTimeoutSeconds * 1_000,
  });
  try {
    const { bundle, manifest } = await loadStrategy(host, options.strategy, config.strategiesDir);
    const choice = readChoice(manifest, options);
    const markets = await loadMarkets(config, options.candles, options, choice.settings, range);
    const [candles, ...others] = markets;
    const isExplained = options.explain === true;
    const order = { ...orderOf(bundle, choice, markets), isExplained };
    const run = await host.run(order, { map: bundle.map });
    const { version } = bundle;
    const found = { ...choice, version, manifest, run, candles, others };
    print(options.json === true, documentOf(found), textOf(found));
  } finally {
    host.close();
  }
}
