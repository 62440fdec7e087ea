import process from "node:process";
import { Command, CommanderError } from "commander";
import { BadInput, CommandFailed } from "./cli/command.ts";
import { ConfigError } from "./config.ts";
import { PlatformError } from "./platform/errors.ts";
import { connectionProblem } from "./platform/postgres.ts";

/** `npm run -s trading -- <command>`: the platform without its pages. */

/** Loaded only when asked for: most of them need much that the others do not. */
const commands: Record<string, (program: Command) => Promise<void>> = {
  backtest: async (program) => (await import("./cli/backtest.ts")).registerBacktestCommand(program),
  data: async (program) => (await import("./cli/data.ts")).registerDataCommands(program),
  doctor: async (program) => (await import("./cli/doctor.ts")).registerDoctorCommand(program),
  migrate: async (program) => (await import("./cli/migrate.ts")).registerMigrateCommand(program),
  admin: async (program) => (await import("./cli/admin.ts")).registerAdminCommands(program),
  links: async (program) => (await import("./cli/links.ts")).registerLinksCommand(program),
  keys: async (program) => (await import("./cli/keys.ts")).registerKeyCommands(program),
  mail: async (program) => (await import("./cli/mail.ts")).registerMailCommands(program),
  simulator: async (program) =>
    (await import("./cli/simulator.ts")).registerSimulatorCommand(program),
  memory: async (program) => (await import("./cli/memory.ts")).registerMemoryCommand(program),
};

async function run(args: readonly string[]): Promise<number> {
  const program = new Command("trading")
    .description("Backtests, data and care of the trading platform, from the command line.")
    .usage("<command> [options]   (npm run -s trading -- <command> …)")
    .showHelpAfterError("(--help explains)")
    .exitOverride();
  try {
    const wanted = commands[args[0] ?? ""];
    for (const register of wanted ? [wanted] : Object.values(commands)) await register(program);
    if (args.length === 0) {
      program.outputHelp();
      return 2;
    }
    await program.parseAsync([...args], { from: "user" });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return explain(error);
  }
}

/** 0 done, 1 failed, 2 bad usage or input. */
function explain(error: unknown): number {
  // Commander has written its own sentence; asking for help is no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BadInput || error instanceof ConfigError) return say(error.message, 2);
  if (error instanceof CommandFailed) return say(error.message, 1);
  if (error instanceof PlatformError) {
    const details = error.errors?.map(({ where, message }) => `\n  ${where}: ${message}`) ?? [];
    return say(`${error.message}${details.join("")}`, isInputProblem(error) ? 2 : 1);
  }
  const problem = connectionProblem(error, null);
  if (problem !== null) return say(problem, 1);
  return say((error as Error).stack ?? String(error), 1);
}

const inputProblems = new Set([
  "validation-failed",
  "malformed-body",
  "too-large",
  "unsupported-media",
  "file-refused",
  "unknown-market",
  "no-candles",
  "unknown-strategy",
  "strategy-refused",
  "parameters-refused",
]);
const isInputProblem = ({ code }: PlatformError) => inputProblems.has(code);

function say(sentence: string, exitCode: number): number {
  process.stderr.write(`${sentence}\n`);
  return exitCode;
}

process.exitCode = await run(process.argv.slice(2));
