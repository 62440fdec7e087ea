import process from "node:process";
import type { Problem, ProblemCode } from "@trading/contracts/problems";
import { Command, CommanderError } from "commander";
import { BadInput, CommandFailed, print } from "./cli/command.ts";
import { ConfigError } from "./config.ts";
import { PlatformError, toProblem } from "./platform/errors.ts";
import { connectionProblem } from "./platform/postgres.ts";
import { safeError } from "./platform/safe-error.ts";

/** `npm run -s trading -- <command>`: the platform without its pages. */

/** Loaded only when asked for: most of them need much that the others do not. */
const commands: Record<string, (program: Command) => Promise<void>> = {
  backtest: async (program) => (await import("./cli/backtest.ts")).registerBacktestCommand(program),
  check: async (program) => (await import("./cli/check.ts")).registerCheckCommand(program),
  fingerprint: async (program) =>
    (await import("./cli/fingerprint.ts")).registerFingerprintCommands(program),
  data: async (program) => (await import("./cli/data.ts")).registerDataCommands(program),
  doctor: async (program) => (await import("./cli/doctor.ts")).registerDoctorCommand(program),
  migrate: async (program) => (await import("./cli/migrate.ts")).registerMigrateCommand(program),
  admin: async (program) => (await import("./cli/admin.ts")).registerAdminCommands(program),
  audit: async (program) => (await import("./cli/audit.ts")).registerAuditCommands(program),
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
    return explain(error, args.includes("--json"));
  }
}

/** How a command ended that did not succeed: 1 failed, 2 bad usage or input. */
type Failure = Readonly<{ exitCode: 1 | 2; problem: Problem; words: string }>;

/** On stderr for people; with --json also the one document on stdout. Returns the exit code; 0 for asking for help. */
function explain(error: unknown, isJson: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { exitCode, problem, words } = failureOf(error);
  // Commander has written its own sentence.
  if (!(error instanceof CommanderError)) process.stderr.write(`${words}\n`);
  if (isJson) print(true, { problem }, words);
  return exitCode;
}

function failureOf(error: unknown): Failure {
  if (error instanceof PlatformError) {
    const details = error.errors?.map(({ where, message }) => `\n  ${where}: ${message}`) ?? [];
    const exitCode = isInputProblem(error) ? 2 : 1;
    return { exitCode, problem: toProblem(error), words: `${error.message}${details.join("")}` };
  }
  const fail = (exitCode: 1 | 2, code: ProblemCode, words: string): Failure => ({
    exitCode,
    problem: toProblem(new PlatformError(code, words)),
    words,
  });
  const { message } = error as Error;
  if (error instanceof CommanderError) {
    return fail(2, "validation-failed", message.replace(/^error: /, ""));
  }
  if (error instanceof BadInput || error instanceof ConfigError) {
    return fail(2, "validation-failed", message);
  }
  if (error instanceof CommandFailed) return fail(1, "not-ready", message);
  const trouble = connectionProblem(error, null);
  if (trouble !== null) return fail(1, "not-ready", trouble);
  return { exitCode: 1, problem: toProblem(error), words: safeError(error).stack ?? message };
}

const inputProblems = new Set([
  "validation-failed",
  "malformed-body",
  "too-large",
  "unsupported-media",
  "file-refused",
  "bad-lines",
  "unknown-market",
  "no-candles",
  "unknown-strategy",
  "strategy-refused",
  "parameters-refused",
]);
const isInputProblem = ({ code }: PlatformError) => inputProblems.has(code);

process.exitCode = await run(process.argv.slice(2));
