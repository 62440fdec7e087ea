import { hostname } from "node:os";
import type { CommandLine } from "../accounts/operate.ts";
import { type LooseConfig, loadConfig, readEnvironment, rootDir } from "../config.ts";
import { chooseDataDirectory } from "../start/data-directory.ts";
import { readRunning } from "../start/running.ts";

/** The command was given something it cannot work with: exit code 2. Other errors end with 1. */
export class BadInput extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "BadInput";
  }
}

/** It was understood and did not succeed, for a reason told in one sentence: exit code 1, without a stack trace. */
export class CommandFailed extends Error {
  constructor(sentence: string) {
    super(sentence);
    this.name = "CommandFailed";
  }
}

/** One document on stdout with --json, else lines for people; logs and progress belong on stderr. */
export function print(isJson: boolean, document: unknown, text: string): void {
  process.stdout.write(isJson ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
}

/** The configuration, completed by what a running `npm start` keeps in the data directory. */
export function cliConfig(): LooseConfig {
  const env = readEnvironment();
  const directory = chooseDataDirectory(env.DATA_DIR ?? null, rootDir);
  const running = readRunning(directory) ?? {};
  // What the operator set wins; a database of his own makes the embedded one irrelevant.
  return loadConfig({ DATA_DIR: directory, ...running, ...env }, "cli");
}

/** Who does what a command does, as the audit log names it: nobody but the machine is known. */
export const commandLine = (): CommandLine => ({ id: null, address: hostname() });

/** The database to work on; without one the command cannot succeed. */
export function requireDatabase({ databaseUrl }: LooseConfig): string {
  if (databaseUrl !== null) return databaseUrl;
  throw new CommandFailed(
    "No database: start the platform with npm start (its --data goes into DATA_DIR here), or set DATABASE_URL (or POSTGRES_*).",
  );
}
