import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Command } from "commander";
import { readHolder } from "../start/process-lock.mjs";
import { CommandFailed, cliConfig, print } from "./command.ts";

type Process = Readonly<{ pid: number; name: string; pssMb: number }>;

/** `memory`: what the running platform takes, each shared page counted once. */
export function registerMemoryCommand(program: Command): void {
  program
    .command("memory")
    .description("memory of the running platform: proportional set size of every process (Linux)")
    .option("--json", "one JSON document on stdout")
    .action((options: { json?: boolean }) => {
      const processes = platformProcesses(cliConfig().dataDir);
      const totalMb = sum(processes.map(({ pssMb }) => pssMb));
      const lines = processes.map(
        ({ pid, name, pssMb }) =>
          `${String(pid).padStart(8)}  ${pssMb.toFixed(1).padStart(7)} MB  ${name}`,
      );
      const text = [...lines, `${"".padStart(8)}  ${totalMb.toFixed(1).padStart(7)} MB  in all`];
      print(options.json === true, { totalMb, processes }, text.join("\n"));
    });
}

/** The supervisor with all that descends from it, the bootstrap and npm above it, and the database. */
function platformProcesses(directory: string): Process[] {
  const supervisor = readHolder(join(directory, "lock"))?.pid;
  if (supervisor === undefined) throw new CommandFailed(`Nothing runs on ${directory}.`);
  const parents = parentsByPid();
  const roots = [supervisor, ...databasePids(directory)];
  const isBelow = (pid: number): boolean =>
    roots.includes(pid) || ((parents.get(pid) ?? 0) > 1 && isBelow(parents.get(pid) ?? 0));
  const pids = [...parents.keys()].filter((pid) => pid !== process.pid && isBelow(pid));
  for (let above = parents.get(supervisor) ?? 0; isOurs(above); above = parents.get(above) ?? 0) {
    pids.unshift(above);
  }
  return pids.map(describe);
}

function parentsByPid(): Map<number, number> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(
    pids.map((pid) => [Number(pid), Number(/^PPid:\s*(\d+)/m.exec(read(pid, "status"))?.[1] ?? 0)]),
  );
}

function databasePids(directory: string): number[] {
  try {
    const file = join(directory, "postgres/data/postmaster.pid");
    return [Number(readFileSync(file, "utf8").split("\n")[0])];
  } catch {
    return [];
  }
}

const isOurs = (pid: number) =>
  /^npm |bootstrap\.mjs/.test(read(String(pid), "cmdline").replaceAll("\0", " "));

function describe(pid: number): Process {
  const [program = "", ...rest] = read(String(pid), "cmdline").split("\0");
  // Arguments of Node's own come before the program's file.
  const script = rest.findLast((argument) => /\.(ts|mjs|js)$/.test(argument));
  const name = program.startsWith("postgres:") ? program.trim() : nameOf(script ?? program);
  const pss = Number(/^Pss:\s*(\d+)/m.exec(read(String(pid), "smaps_rollup"))?.[1] ?? 0) / 1024;
  return { pid, name, pssMb: Math.round(pss * 10) / 10 };
}

/** The file's name; a workspace's own program has the name of the workspace. */
const nameOf = (script: string): string =>
  /([\w-]+)\/src\/main\.ts$/.exec(script)?.[1] ?? basename(script);

/** Empty when the process has ended meanwhile. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

const sum = (numbers: readonly number[]) =>
  Math.round(numbers.reduce((total, one) => total + one, 0) * 10) / 10;
