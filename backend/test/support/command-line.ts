import { type ChildProcess, execFile, type SpawnOptions, spawn } from "node:child_process";
import { join } from "node:path";
import { rootDir } from "../../src/config.ts";

/**
 * Programs of ours in processes of their own, which see no variable of the test's but what is given, and load as
 * `npm run` lets them: compiled code is kept, so that one takes a third of the processor time.
 */
const nodeArguments = ["--import", join(rootDir, "backend/src/platform/quick-imports.mjs")];
const compiled = { NODE_COMPILE_CACHE: join(rootDir, "node_modules/.cache/compiled") };

type Variables = Readonly<Record<string, string | undefined>>;

export type Ended = Readonly<{ code: number; stdout: string; stderr: string }>;

/** Starts a program of the backend, such as `web.ts`. */
export const startProgram = (
  file: string,
  args: readonly string[],
  env: Variables,
  stdio: SpawnOptions["stdio"],
): ChildProcess =>
  spawn(process.execPath, [...nodeArguments, join(rootDir, "backend/src", file), ...args], {
    env: { ...compiled, ...env },
    stdio,
  });

/** The command line tool, until it has ended. */
export function commandLine(args: readonly string[], env: Variables): Promise<Ended> {
  const all = [...nodeArguments, join(rootDir, "backend/src/cli.ts"), ...args];
  const options = { env: { ...compiled, ...env }, cwd: rootDir };
  return new Promise((done) => {
    execFile(process.execPath, all, options, (error, stdout, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
