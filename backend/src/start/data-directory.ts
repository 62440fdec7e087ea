import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";
import { stopEmbeddedPostgres } from "../platform/embedded-postgres.ts";
import { canBeHeldIn } from "../platform/postgres-programs.ts";
import { isAlive, readHolder, takeLock } from "./process-lock.mjs";
import { diskFull, refusedByDisk, StartRefused } from "./refused.ts";

/** Grows when an older version could no longer read what this one keeps beside the database. */
const layout = 1;
/** Less than this and PostgreSQL would stop in the middle of something. */
const freeBytesMin = 100_000_000;

export type DataDirectory = Readonly<{
  path: string;
  /** Tells the next start, and the command line tool, where this one answers. */
  announce(url: string): void;
  release(): void;
  /** True when it took over from a start that was killed. */
  recovered: boolean;
}>;

/**
 * Where this checkout keeps its data: where asked, else beside the code. As root PostgreSQL runs as another user, who cannot enter folders like /root; then
 * the default moves below /var/lib, under a name that two checkouts never share.
 */
export function chooseDataDirectory(asked: string | null, root: string): string {
  if (asked !== null) return resolve(asked);
  const path = join(root, ".data");
  if (canBeHeldIn(join(path, "postgres"))) return path;
  const mark = createHash("sha256").update(root).digest("hex").slice(0, 8);
  return join("/var/lib/trading-platform", `${basename(root)}-${mark}`);
}

/** Takes the directory for this process, making it when absent. Throws `StartRefused` with one sentence. */
export function openDataDirectory(asked: string): DataDirectory {
  const path = resolve(asked);
  try {
    mkdirSync(path, { recursive: true });
    // As root, the user postgres must pass through; nothing in it is readable to others all the same.
    chmodSync(path, process.getuid?.() === 0 ? 0o711 : 0o700);
    const { bavail, bsize } = statfsSync(path);
    if (bavail * bsize < freeBytesMin) throw diskFull(path);
    return take(path);
  } catch (error) {
    if (error instanceof StartRefused) throw error;
    return refusedByDisk(error, path);
  }
}

function take(path: string): DataDirectory {
  const file = join(path, "lock");
  const left = readHolder(file);
  const lock = takeLock(file);
  if (lock.kind === "taken") {
    const where = lock.by.note === "" ? "" : ` at ${lock.by.note}`;
    throw new StartRefused(
      `The platform already runs on ${path}${where} (process ${lock.by.pid}): stop it first, or choose another directory with --data.`,
    );
  }
  try {
    checkLayout(path);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { path, announce: lock.note, release: lock.release, recovered: left !== null };
}

function checkLayout(path: string): void {
  const file = join(path, "layout");
  if (!existsSync(file)) {
    writeFileSync(file, `${layout}\n`);
    return;
  }
  const theirs = Number.parseInt(readFileSync(file, "utf8"), 10);
  if (theirs > layout) {
    throw new StartRefused(
      `${path} was written by a newer version of the platform: use that version, or choose another directory with --data.`,
    );
  }
}

/** The address of the platform that runs on the directory; null when none does. */
export function runningAddress(path: string): string | null {
  const holder = readHolder(join(path, "lock"));
  return holder !== null && holder.note !== "" && isAlive(holder) ? holder.note : null;
}

/** What the platform keeps in its directory, besides the lock. */
const kept = [
  "postgres",
  "cache",
  "uploads",
  "logs",
  "secrets.json",
  "simulator-token",
  "running.json",
  "processes.json",
  "content.json",
  "layout",
];

/** Deletes what the platform kept, and nothing else that somebody may have put there. The caller holds the lock. */
export async function resetDataDirectory(path: string): Promise<void> {
  // A server that outlived a killed start would go on writing into files that are gone.
  await stopEmbeddedPostgres(join(path, "postgres"));
  for (const name of kept) rmSync(join(path, name), { recursive: true, force: true });
  checkLayout(path);
}
