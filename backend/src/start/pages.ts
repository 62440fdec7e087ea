import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { waitForLock } from "./process-lock.mjs";
import { StartRefused } from "./refused.ts";

/** What the built pages depend on. */
const sources = ["frontend", "contracts/src", "engine/src", "package-lock.json"];
const leftOut = new Set(["node_modules", "dist", "e2e"]);

/**
 * Builds the pages into frontend/dist unless they were built from exactly these sources. Says whether it built.
 * Two starts at once build once.
 */
export async function buildPages(root: string): Promise<"built" | "up-to-date"> {
  const stamp = join(root, "frontend/dist/.built-from");
  const mark = fingerprint(root);
  const isCurrent = () => existsSync(stamp) && readFileSync(stamp, "utf8") === mark;
  if (isCurrent()) return "up-to-date";
  const folder = join(root, "node_modules/.cache");
  mkdirSync(folder, { recursive: true });
  const lock = await waitForLock(join(folder, "pages.lock"));
  try {
    if (isCurrent()) return "up-to-date";
    await runVite(root);
    writeFileSync(stamp, mark);
    return "built";
  } finally {
    lock.release();
  }
}

/** One hash over names and contents: times lie after a checkout or a copy. */
function fingerprint(root: string): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    const entries = readdirSync(join(root, path), { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory() && !leftOut.has(entry.name)) add(below);
      if (entry.isFile())
        hash
          .update(below)
          .update("\0")
          .update(readFileSync(join(root, below)));
    }
  };
  for (const path of sources) {
    if (path.endsWith(".json")) hash.update(readFileSync(join(root, path)));
    else add(path);
  }
  return hash.digest("hex");
}

/** In a process of its own, so that the memory a build takes is given back. */
function runVite(root: string): Promise<void> {
  const manifest = createRequire(join(root, "frontend/package.json")).resolve("vite/package.json");
  const program = join(dirname(manifest), "bin/vite.js");
  return new Promise((done, fail) => {
    const vite = spawn(process.execPath, [program, "build", "frontend", "--logLevel", "error"], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [vite.stdout, vite.stderr]) {
      stream.on("data", (text: Buffer) => {
        output += text;
      });
    }
    vite.once("error", fail);
    vite.once("close", (code) => {
      if (code === 0) done();
      else fail(new StartRefused(`The pages could not be built:\n${output.trim()}`));
    });
  });
}
