import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";

const entry = fileURLToPath(new URL("../../../simulator/src/main.ts", import.meta.url));
const signals = ["SIGINT", "SIGTERM"] as const;

/** `trading simulator`: an exchange on loopback that speaks Binance's API, as a process of its own. */
export function registerSimulatorCommand(program: Command): void {
  program
    .command("simulator")
    .description("run an exchange on loopback that speaks Binance's API")
    .option("--port <port>", "where it listens; 0 takes any free port", "8090")
    .option("--host <host>", "the address it listens on", "127.0.0.1")
    .option("--allow-host <name...>", "further names it may be called by")
    .option("--token <token>", "admin token; made up and printed when absent")
    .option("--token-file <file>", "read the admin token from this file")
    .option("--seed <seed>", "what the markets' life follows from", "demo")
    .option("--candles <symbol=file...>", "replay a candle file (CSV, also gzipped) as this market")
    .option(
      "--live-part <share>",
      "share of a file that is lived through; the rest is history",
      "0.25",
    )
    .option("--history-days <days>", "days of history behind markets without a file", "7")
    .option("--speed <factor>", "how much faster than the wall its clock runs", "1")
    .option("--stepped", "the clock stands still until the admin steps it")
    .option("--start-at <date>", "where a stepped clock starts")
    .option("--unlimited", "no rate limits, for load tests")
    .option("--scenario <file>", "faults to play, as JSON")
    .option("--ledger <file>", "append every ledger line to this file")
    .addOption(new Option("--json", "print address and token as one line of JSON"))
    .action((_options, command: Command) => run(argumentsOf(command)));
}

/** The options as they were given, for the simulator's own reader. */
function argumentsOf(command: Command): string[] {
  const given: string[] = [];
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if (value === undefined || value === false) continue;
    if (value === true) given.push(`--${option.name()}`);
    else for (const one of [value].flat()) given.push(`--${option.name()}=${String(one)}`);
  }
  return given;
}

/** Ends when the simulator ends, with its exit code; passes signals on. */
function run(given: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [entry, ...given], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const pass = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => {
      for (const signal of signals) process.off(signal, pass);
      process.exitCode = code ?? 1;
      resolve();
    });
  });
}
