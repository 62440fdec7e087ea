import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { rootDir } from "../../src/config.ts";

/** A platform started as people start it, in processes of its own. */
export type StartedPlatform = Readonly<{
  process: ChildProcess;
  /** Everything it has written so far. */
  output(): string;
  /** Waits until the text has been written; fails when the process ends first. */
  said(text: string): Promise<void>;
  /** The exit code, once it has ended. */
  ended: Promise<number | null>;
}>;

const bootstrap = join(rootDir, "bootstrap.mjs");

/** As `npm start -- …` would, without npm. */
export const startPlatform = (...args: string[]): StartedPlatform =>
  watched(process.execPath, [bootstrap, "start", ...args]);

/** By npm itself; signals go to npm. */
export const startByNpm = (...args: string[]): StartedPlatform =>
  watched("npm", ["start", "--", ...args]);

function watched(program: string, args: readonly string[]): StartedPlatform {
  const child = spawn(program, args, {
    cwd: rootDir,
    env: plainEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<number | null>((done) => child.once("close", (code) => done(code)));
  return {
    process: child,
    output: () => output,
    ended,
    said(text) {
      return new Promise((done, fail) => {
        const look = () => {
          if (output.includes(text)) done();
        };
        listeners.add(look);
        look();
        void ended.then(() => fail(new Error(`it ended before it said "${text}":\n${output}`)));
      });
    },
  };
}

/** The command line tool on the same data directory; its stdout. */
export async function trading(dataDir: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [bootstrap, "trading", ...args], {
    cwd: rootDir,
    env: { ...plainEnvironment(), DATA_DIR: dataDir },
  });
  return stdout;
}

/** What the test runner and the developer have set must not reach the platform under test. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, RATE_LIMIT_PER_MINUTE } = process.env;
  return {
    ...{ PATH, HOME, ENVIRONMENT: "development" },
    ...(RATE_LIMIT_PER_MINUTE === undefined ? {} : { RATE_LIMIT_PER_MINUTE }),
  };
}
