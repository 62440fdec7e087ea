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

/** Lets web and worker load once and leave their code compiled. Nobody needs it: failing is no matter. */
export async function compile(): Promise<void> {
  await Promise.all(["web.ts", "worker.ts"].map(loadOnce));
}

/** They load everything before they look at their environment, and end at once since this one is refused. */
function loadOnce(program: string): Promise<void> {
  const hooks = join(rootDir, "backend/src/platform/quick-imports.mjs");
  const env = { ENVIRONMENT: "production", NODE_COMPILE_CACHE: cacheRoot() };
  return new Promise((done) => {
    const file = join(rootDir, "backend/src", program);
    const child = spawn(process.execPath, ["--import", hooks, file], { env, stdio: "ignore" });
    child.once("error", () => done());
    child.once("close", () => done());
  });
}

/** Node makes a folder for each of its versions below the one it was given. */
const cacheRoot = () => join(module.getCompileCacheDir() ?? "", "..");
