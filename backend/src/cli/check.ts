import process from "node:process";
import {
  type CheckFinding,
  type CheckKind,
  checkMoments,
  checkPromises,
  findingSentence,
  type StrategyCheck,
} from "@trading/engine";
import type { Command } from "commander";
import { createStrategyHost, defaultHostLimits } from "../strategies/host-client.ts";
import { loadStrategy } from "./backtest-strategy.ts";
import { BadInput, CommandFailed, cliConfig, print } from "./command.ts";
import { type CliMarkets, loadMarkets, orderOf } from "./run-markets.ts";
import { addRunOptions, type RunOptions, readChoice, readRange } from "./run-options.ts";

type Options = RunOptions & Readonly<{ moments: string; json?: boolean }>;

/** Exit code of a strategy that decides what it could not know, or by chance. */
const failedCode = 3;

/** What is checked on where nobody names candles. */
const sample = "generated:BTC/USDT";

/** `check`: whether a strategy fools its author; needs neither server nor database. */
export function registerCheckCommand(program: Command): void {
  addRunOptions(
    program
      .command("check <strategy>")
      .description(
        "Tell whether a strategy looks ahead, decides by chance or depends on its start.",
      )
      .option("--candles <candles>", "a file, or a market such as binance:BTC/USDT", sample)
      .option(
        "--moments <count>",
        "after which the future is replaced; each costs about half a run",
        String(checkMoments.usual),
      ),
  )
    .option("--json", "one JSON document on stdout")
    .addHelpText("after", help)
    .action(runCheck);
}

const help = `
Exit codes: 0 nothing was found (warnings do not count), 1 it could not be checked, 2 bad input,
${failedCode} it looks ahead or decides by chance.

Examples:
  check sma-crossover
  check ./mine.ts --candles BTCUSDT-1h.csv --param fast=10 --json
  check ./mine.ts --leverage 5 --funding 0.0001 --moments 100
  check dual-momentum --also generated:ETH/USDT --also generated:SOL/USDT`;

async function runCheck(asked: string, options: Options): Promise<void> {
  const moments = readMoments(options.moments);
  const range = readRange(options);
  const config = cliConfig();
  const host = createStrategyHost({ ...defaultHostLimits, memoryMbMax: config.backtestMemoryMb });
  try {
    const { bundle, manifest } = await loadStrategy(host, asked, config.strategiesDir);
    const choice = readChoice(manifest, options);
    const { candles = sample } = options;
    const markets = await loadMarkets(config, candles, options, choice.settings, range);
    const order = orderOf(bundle, choice, markets);
    const check = await host.check(order, moments, { map: bundle.map });
    if (check.decisions === 0 && check.findings.length === 0)
      throw new CommandFailed(nothingDecided);
    const names = markets.map(({ market }) => market.symbol);
    const [{ timeframe }] = markets;
    const about = { strategy: manifest.name, version: bundle.version, timeframe, markets: names };
    const document = { ...about, ...withInstants(check) };
    print(options.json === true, document, textOf(manifest.title, markets, check));
    if (check.findings.some(isFailure)) process.exitCode = failedCode;
  } finally {
    host.close();
  }
}

function readMoments(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= checkMoments.most) return count;
  throw new BadInput(
    `--moments must be a whole number from 1 to ${checkMoments.most}, not "${text}".`,
  );
}

const nothingDecided =
  "The strategy decided nothing on these candles, so nothing could be checked: name others with --candles, or other parameters.";

const isFailure = ({ severity }: CheckFinding) => severity === "failure";

const instant = (ms: number) => new Date(ms).toISOString();

const withInstants = (check: StrategyCheck) => ({
  ...check,
  findings: check.findings.map((finding) => ({ ...finding, at: instant(finding.at) })),
});

function textOf(title: string, markets: CliMarkets, check: StrategyCheck): string {
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
  const where = markets.map(({ market, timeframe }) => `${market.symbol} ${timeframe}`).join(", ");
  return [`${title}: ${decisions} decisions on ${candles} candles of ${where}`, ...lines].join(
    "\n",
  );
}
