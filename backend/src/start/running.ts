import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the command line tool needs to work on a platform that `npm start` runs: variables of the environment. */
export type Running = Readonly<Record<string, string>>;

const fileIn = (directory: string) => join(directory, "running.json");

/** Leaves it in the data directory, readable to its owner only. */
export function writeRunning(directory: string, running: Running): void {
  const file = fileIn(directory);
  writeFileSync(`${file}.part`, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** Null when nothing runs there, or when it belongs to another user. */
export function readRunning(directory: string): Running | null {
  try {
    return existsSync(fileIn(directory))
      ? (JSON.parse(readFileSync(fileIn(directory), "utf8")) as Running)
      : null;
  } catch {
    return null;
  }
}

export const removeRunning = (directory: string) => rmSync(fileIn(directory), { force: true });
