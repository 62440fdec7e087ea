import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, nameProcess } from "./process-lock.mjs";

/** Number and start of a process: together they name it for ever. */
type Named = Readonly<{ pid: number; startedAt: string; note: string }>;

const fileIn = (directory: string) => join(directory, "processes.json");

/** Writes down which processes of ours run, for a start that comes after this one was killed. */
export function writeProcesses(directory: string, pids: readonly number[]): void {
  const file = fileIn(directory);
  writeFileSync(`${file}.part`, JSON.stringify(pids.map(nameProcess)), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

export const removeProcesses = (directory: string) => rmSync(fileIn(directory), { force: true });

/**
 * Waits until the web and workers that a killed start left behind have ended; they notice by themselves and finish what
 * they are doing. After `patienceMs` they are killed: two sets on one directory would work against each other.
 */
export async function outliveLeftProcesses(directory: string, patienceMs: number): Promise<void> {
  const left = readProcesses(directory);
  const deadline = performance.now() + patienceMs;
  while (left.some(isAlive) && performance.now() < deadline) await sleep(50);
  for (const one of left.filter(isAlive)) {
    try {
      process.kill(one.pid, "SIGKILL");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
  removeProcesses(directory);
}

function readProcesses(directory: string): readonly Named[] {
  const file = fileIn(directory);
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Named[]) : [];
  } catch {
    return [];
  }
}
