import { execFile } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { cp, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** Whom the programs run as; null for whoever started us. */
export type Account = Readonly<{ uid: number; gid: number }>;
export type Binaries = Readonly<{ initdb: string; pg_ctl: string; postgres: string }>;

const run = promisify(execFile);

/** PostgreSQL refuses to run as root: then it runs as the system user postgres, made if there is none. */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const find = async (): Promise<Account> => ({
    uid: Number((await run("id", ["-u", "postgres"])).stdout),
    gid: Number((await run("id", ["-g", "postgres"])).stdout),
  });
  const make = () =>
    run("useradd", [
      "--system",
      "--user-group",
      "--no-create-home",
      "--shell=/usr/sbin/nologin",
      "postgres",
    ]);
  try {
    return await find().catch(() => make().then(find));
  } catch {
    throw new EmbeddedPostgresError(
      "no-user",
      "PostgreSQL does not run as root, and the system user postgres could not be made: add it, or start as an ordinary user.",
    );
  }
}

/**
 * Whether the server could keep its files in `dir`: started as root it runs as postgres, who must be allowed to enter
 * every folder above (0711 is enough), and may not enter /root.
 */
export function canBeHeldIn(dir: string, account: Account | null = null): boolean {
  const uid = account?.uid ?? null;
  if (process.getuid?.() !== 0) return true;
  for (let folder = dirname(resolve(dir)); ; folder = dirname(folder)) {
    if (existsSync(folder)) {
      const { mode, uid: owner } = statSync(folder);
      const mayEnter = (mode & 0o001) !== 0 || (owner === uid && (mode & 0o100) !== 0);
      if (!mayEnter) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}

/** The package's binaries; when postgres cannot reach them (a checkout below /root), a copy beside the data. */
export async function reachableBinaries(dir: string, account: Account | null): Promise<Binaries> {
  const binaries = await packagedBinaries();
  if (canBeHeldIn(binaries.postgres, account)) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const copy = join(dir, `postgresql-${await binaryVersion(binaries)}`);
  if (!existsSync(copy)) {
    await rm(`${copy}.part`, { recursive: true, force: true });
    await cp(native, `${copy}.part`, { recursive: true, verbatimSymlinks: true });
    await rename(`${copy}.part`, copy);
  }
  const bin = (name: string) => join(copy, "bin", name);
  return { initdb: bin("initdb"), pg_ctl: bin("pg_ctl"), postgres: bin("postgres") };
}

async function packagedBinaries(): Promise<Binaries> {
  try {
    const entry = createRequire(import.meta.url).resolve("embedded-postgres");
    const module = (await import(pathToFileURL(join(dirname(entry), "binary.js")).href)) as {
      default: () => Promise<Binaries>;
    };
    return await module.default();
  } catch {
    throw new EmbeddedPostgresError(
      "no-binaries",
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL 15 to 18.`,
    );
  }
}

export const binaryVersion = async (binaries: Binaries): Promise<string> =>
  /\d+(\.\d+)*/.exec((await run(binaries.postgres, ["--version"])).stdout)?.[0] ?? "unknown";
