import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";
import { rootDir } from "../config.ts";

/**
 * True when Node has kept no compiled code yet. A process that strips types itself keeps the stripper for as long as it
 * runs, some 40 MB in each.
 */
export function isFirstRun(): boolean {
  const cache = module.getCompileCacheDir();
  return cache !== undefined && (!existsSync(cache) || readdirSync(cache).length === 0);
}

/** Lets the programs load once and leave their code compiled. Nobody needs it: failing is no matter. */
export async function compile(): Promise<void> {
  const programs = ["backend/src/web.ts", "backend/src/worker.ts", "simulator/src/main.ts"];
  await Promise.all(programs.map(loadOnce));
}

/** They load everything before they look at what they were given, and end at once since it is refused. */
function loadOnce(program: string): Promise<void> {
  const hooks = join(rootDir, "backend/src/platform/quick-imports.mjs");
  const env = { ENVIRONMENT: "production", NODE_COMPILE_CACHE: cacheRoot() };
  return new Promise((done) => {
    const args = ["--import", hooks, join(rootDir, program), "--port=none"];
    const child = spawn(process.execPath, args, { env, stdio: "ignore" });
    child.once("error", () => done());
    child.once("close", () => done());
  });
}

/** Node makes a folder for each of its versions below the one it was given. */
const cacheRoot = () => join(module.getCompileCacheDir() ?? "", "..");
