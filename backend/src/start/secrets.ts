import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { refusedByDisk, StartRefused } from "./refused.ts";

const names = ["JWT_SECRET_KEY", "API_ENCRYPTION_KEY"] as const;
/** Under the names of the environment. */
export type Secrets = Readonly<Record<(typeof names)[number], string>>;

/**
 * The secrets of this data directory; made at random the first time, readable to
 * their owner only. A damaged file is refused, never replaced: what was encrypted with the old key would be lost.
 */
export function openSecrets(directory: string): Secrets {
  const file = join(directory, "secrets.json");
  if (existsSync(file)) return read(file);
  const made: Secrets = {
    JWT_SECRET_KEY: randomBytes(48).toString("base64url"),
    API_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
  };
  writeFileSync(`${file}.part`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
  return made;
}

function read(file: string): Secrets {
  try {
    const kept = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
    if (names.every((name) => (kept[name]?.length ?? 0) >= 32)) return kept as Secrets;
  } catch (error) {
    if (!(error instanceof SyntaxError)) return refusedByDisk(error, file);
  }
  throw new StartRefused(
    `${file} is damaged: restore it from a backup, or start anew with --reset.`,
  );
}
