import process from "node:process";
import { type Timeframe, timeframes } from "@trading/contracts/common";
import { runSettings } from "@trading/contracts/run-settings";
import {
  type CheckFinding,
  type CheckKind,
  checkPromises,
  findingSentence,
  type StrategyCheck,
} from "@trading/engine";
import { type Command, Option } from "commander";
import type { LooseConfig } from "../config.ts";
import { dataRevision } from "../market-data/data-revision.ts";
import { synthesize } from "../market-data/synthetic.ts";
import { createStrategyHost, defaultHostLimits } from "../strategies/host-client.ts";
import { checkedParameters, collect } from "./backtest.ts";
import { type CliCandles, loadCandles } from "./backtest-candles.ts";
import { loadStrategy } from "./backtest-strategy.ts";
import { CommandFailed, cliConfig, print } from "./command.ts";

type Options = Readonly<{
  candles?: string;
  timeframe?: Timeframe;
  param: readonly string[];
  json?: boolean;
}>;

/** Exit code of a strategy that decides what it could not know, or by chance. */
const failedCode = 3;

/** `check`: whether a strategy fools its author; needs neither server nor database. */
export function registerCheckCommand(program: Command): void {
  program
    .command("check <strategy>")
    .description("Tell whether a strategy looks ahead, decides by chance or depends on its start.")
    .option(
      "--candles <candles>",
      "a file, or a market such as binance:BTC/USDT; two generated years of hours when left out",
    )
    .addOption(new Option("--timeframe <timeframe>", "of the candles").choices(timeframes))
    .option("--param <name=value>", "a parameter; repeat it for more", collect, [])
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", help)
    .action(runCheck);
}

const help = `
Exit codes: 0 nothing was found (warnings do not count), 1 it could not be checked, 2 bad input,
${failedCode} it looks ahead or decides by chance.

Examples:
  check sma-crossover
  check ./mine.ts --candles BTCUSDT-1h.csv --param fast=10 --json`;

async function runCheck(asked: string, options: Options): Promise<void> {
  const config = cliConfig();
  const host = createStrategyHost({ ...defaultHostLimits, memoryMbMax: config.backtestMemoryMb });
  try {
    const { bundle, manifest } = await loadStrategy(host, asked, config.strategiesDir);
    const parameters = checkedParameters(manifest.parameters, options.param);
    const { columns, market, timeframe } = await candlesOf(config, options);
    const { code, version, map } = bundle;
    const settings = runSettings.parse({});
    const revision = dataRevision(columns);
    const common = { code, version, parameters, market, timeframe, settings };
    const order = { ...common, candles: columns, dataRevision: revision };
    const check = await host.check(order, { map });
    if (check.decisions === 0 && check.findings.length === 0)
      throw new CommandFailed(nothingDecided);
    const document = { strategy: manifest.name, version, timeframe, ...withInstants(check) };
    print(options.json === true, document, textOf(manifest.title, timeframe, check));
    if (check.findings.some(isFailure)) process.exitCode = failedCode;
  } finally {
    host.close();
  }
}

const nothingDecided =
  "The strategy decided nothing on these candles, so nothing could be checked: name others with --candles, or other parameters.";

async function candlesOf(config: LooseConfig, options: Options): Promise<CliCandles> {
  const anyTime = { fromMs: null, toMs: null };
  if (options.candles !== undefined)
    return loadCandles(
      config,
      options.candles,
      { timeframe: options.timeframe, needsDetail: false },
      anyTime,
    );
  const market = { symbol: "BTC/USDT", tick: null, lot: null, notionalMin: null };
  return { columns: synthesize("BTC/USDT", "1h"), timeframe: "1h", market };
}

const isFailure = ({ severity }: CheckFinding) => severity === "failure";

const instant = (ms: number) => new Date(ms).toISOString();

const withInstants = (check: StrategyCheck) => ({
  ...check,
  findings: check.findings.map((finding) => ({ ...finding, at: instant(finding.at) })),
});

function textOf(title: string, timeframe: string, check: StrategyCheck): string {
  const { candles, decisions, runs, findings } = check;
  const kinds = Object.keys(checkPromises) as CheckKind[];
  const made = kinds.filter((kind) => runs[kind] > 0);
  const lines = made.flatMap((kind) => {
    const finding = findings.find((one) => one.kind === kind);
    const mark = finding === undefined ? "✔" : isFailure(finding) ? "✖" : "!";
    const head = `${mark} ${checkPromises[kind]} (further runs: ${runs[kind]})`;
    return finding === undefined
      ? [head]
      : [head, `  ${findingSentence(finding, instant(finding.at))}`];
  });
  return [`${title}: ${decisions} decisions on ${candles} candles of ${timeframe}`, ...lines].join(
    "\n",
  );
}
