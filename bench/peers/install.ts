import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Peer } from "./peers.ts";

/** Why a peer cannot run here, in the words of what refused it. */
export class NotInstalled extends Error {}

/** Brings a peer's pinned packages into its own folder under `home`, once; the folder. */
export function install({ folder, kind }: Peer, home: string): string {
  const target = path.join(home, folder);
  const wanted = path.join(import.meta.dirname, folder, wantedFile[kind]);
  const stamp = path.join(target, `installed-${wantedFile[kind]}`);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === readFileSync(wanted, "utf8"))
    return target;
  mkdirSync(target, { recursive: true });
  if (kind === "python") {
    must(spawnSync("python3", ["-m", "venv", target], { encoding: "utf8" }));
    // Everything is named in the file; what an old release asks for besides may not exist any more.
    const pip = ["-m", "pip", "install", "--quiet", "--no-deps", "-r", wanted];
    must(spawnSync(path.join(target, "bin/python"), pip, { encoding: "utf8" }));
  } else {
    copyFileSync(wanted, path.join(target, "package.json"));
    const flags = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
    must(spawnSync("npm", flags, { cwd: target, encoding: "utf8" }));
  }
  writeFileSync(stamp, readFileSync(wanted));
  return target;
}

const wantedFile = { python: "requirements.txt", npm: "package.json" } as const;

function must({ error, status, stderr }: SpawnSyncReturns<string>): void {
  if (status === 0) return;
  const lines = (error?.message ?? stderr).split("\n").filter((line) => /\S/.test(line));
  throw new NotInstalled(lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? "no reason");
}
