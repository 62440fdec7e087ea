import type { StrategyView } from "@trading/contracts/strategies";
import { engineVersion } from "@trading/engine";
import { and, eq, notInArray, sql as raw } from "drizzle-orm";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import type { Bundle } from "./bundle.ts";
import type { Manifest } from "./host-protocol.ts";
import { strategyFiles, strategyVersions } from "./schema.ts";

export type StrategyList = Readonly<{
  items: readonly StrategyView[];
  refused: readonly StrategyProblem[];
}>;
export type StrategyProblem = Readonly<{ file: string; line: number | null; message: string }>;

/** A frozen version with everything a run needs. */
export type StrategyVersion = Readonly<{
  name: string;
  version: string;
  code: string;
  map: string;
  source: string;
  manifest: Manifest;
  createdAt: Date;
}>;

/** What a look at one file of the directory gave. */
export type SeenFile = Readonly<{ file: string }> &
  (
    | Readonly<{ kind: "good"; bundle: Bundle; manifest: Manifest }>
    | Readonly<{
        kind: "refused";
        problem: StrategyProblem;
        /** The version that a host refused, where another try would end the same. */
        version: string | null;
      }>
  );

/** What needs no strategy host, because it was found out before; by version. */
export type KnownVersions = Readonly<{
  manifests: ReadonlyMap<string, Manifest>;
  refused: ReadonlyMap<string, StrategyProblem>;
}>;

export type StrategyStore = ReturnType<typeof createStrategyStore>;

/** Strategies belong to the installation: everybody who is signed in may read all of them. */
export function createStrategyStore(sql: Sql) {
  return {
    async list(): Promise<StrategyList> {
      const rows = await selectFiles(sql);
      return {
        items: rows.flatMap((row) => viewOf(row) ?? []).sort((a, b) => compare(a.title, b.title)),
        refused: rows.flatMap((row) => (row.version === null ? (problemOf(row) ?? []) : [])),
      };
    },

    /** The strategy of that name as its file stands now. */
    async findByName(name: string): Promise<StrategyView | null> {
      const [row] = await selectFiles(sql, eq(strategyFiles.name, name));
      return row === undefined ? null : viewOf(row);
    },

    /** A version of a strategy, whether its file still says so or not. */
    async findVersion(name: string, version: string): Promise<StrategyVersion | null> {
      const [row] = await sql
        .select()
        .from(strategyVersions)
        .where(and(eq(strategyVersions.name, name), eq(strategyVersions.version, version)));
      return row ?? null;
    },

    async knownVersions(): Promise<KnownVersions> {
      const rows = await selectFiles(sql);
      return {
        manifests: new Map(
          rows.flatMap(({ version, manifest }) =>
            version && manifest ? [[version, manifest]] : [],
          ),
        ),
        refused: new Map(
          rows.flatMap((row) => {
            const problem = problemOf(row);
            const isLasting = row.refusedByEngine === engineVersion;
            return row.refusedVersion && problem && isLasting
              ? [[row.refusedVersion, problem]]
              : [];
          }),
        ),
      };
    },

    /**
     * Makes the rows say what was seen in the directory, whose files are named; rows of others go, rows of files not
     * seen stay as they are. Tells whether anything changed.
     */
    recordFiles(
      files: readonly string[],
      seen: readonly SeenFile[],
      shipped: boolean,
    ): Promise<boolean> {
      return inTransaction(sql, async (transaction) => {
        await transaction.execute(raw`select pg_advisory_xact_lock(${directoryLock})`);
        const before = await fingerprintOf(transaction);
        await removeMissing(transaction, files);
        for (const file of seen) await recordFile(transaction, file, shipped);
        return before !== (await fingerprintOf(transaction));
      });
    },
  };
}

/** Any number of our own: whoever holds it may change what is known of the directory. */
const directoryLock = 7_302_002;

async function removeMissing(sql: Sql, files: readonly string[]): Promise<void> {
  await sql
    .delete(strategyFiles)
    .where(files.length > 0 ? notInArray(strategyFiles.file, [...files]) : undefined);
}

async function recordFile(sql: Sql, seen: SeenFile, shipped: boolean): Promise<void> {
  if (seen.kind === "refused") {
    return recordProblem(sql, seen.file, seen.problem, shipped, seen.version);
  }
  const { manifest, bundle } = seen;
  const [holder] = await sql
    .select({ file: strategyFiles.file })
    .from(strategyFiles)
    .where(eq(strategyFiles.name, manifest.name));
  if (holder !== undefined && holder.file !== seen.file) {
    const message = `The name "${manifest.name}" is taken by ${holder.file}. Choose another.`;
    const problem = { file: seen.file, line: lineOfName(bundle.source, manifest.name), message };
    return recordProblem(sql, seen.file, problem, shipped);
  }
  await sql
    .insert(strategyVersions)
    .values({ ...bundle, name: manifest.name, manifest })
    .onConflictDoNothing();
  const good = { name: manifest.name, version: bundle.version, ...noProblem, shipped };
  await sql
    .insert(strategyFiles)
    .values({ file: seen.file, ...good })
    .onConflictDoUpdate({ target: strategyFiles.file, set: { ...good, updatedAt: new Date() } });
}

const noProblem = {
  problem: null,
  problemFile: null,
  problemLine: null,
  refusedVersion: null,
  refusedByEngine: null,
};

async function recordProblem(
  sql: Sql,
  file: string,
  { file: problemFile, line: problemLine, message: problem }: StrategyProblem,
  shipped: boolean,
  refusedVersion: string | null = null,
): Promise<void> {
  const refusedByEngine = refusedVersion === null ? null : engineVersion;
  const set = { problem, problemFile, problemLine, refusedVersion, refusedByEngine, shipped };
  await sql
    .insert(strategyFiles)
    .values({ file, ...set })
    .onConflictDoUpdate({ target: strategyFiles.file, set: { ...set, updatedAt: new Date() } });
}

function lineOfName(source: string, name: string): number | null {
  const index = source.split("\n").findIndex((line) => line.includes(`"${name}"`));
  return index < 0 ? null : index + 1;
}

async function fingerprintOf(sql: Sql): Promise<string> {
  const rows = await sql
    .select({
      file: strategyFiles.file,
      version: strategyFiles.version,
      problem: strategyFiles.problem,
    })
    .from(strategyFiles)
    .orderBy(strategyFiles.file);
  return JSON.stringify(rows);
}

type FileRow = Awaited<ReturnType<typeof selectFiles>>[number];

const selectFiles = (sql: Sql, where?: ReturnType<typeof eq>) =>
  sql
    .select({
      file: strategyFiles.file,
      version: strategyFiles.version,
      shipped: strategyFiles.shipped,
      problem: strategyFiles.problem,
      problemFile: strategyFiles.problemFile,
      problemLine: strategyFiles.problemLine,
      refusedVersion: strategyFiles.refusedVersion,
      refusedByEngine: strategyFiles.refusedByEngine,
      manifest: strategyVersions.manifest,
      versionAt: strategyVersions.createdAt,
    })
    .from(strategyFiles)
    .leftJoin(strategyVersions, eq(strategyFiles.version, strategyVersions.version))
    .where(where)
    .orderBy(strategyFiles.file);

function viewOf(row: FileRow): StrategyView | null {
  if (row.version === null || row.manifest === null || row.versionAt === null) return null;
  return {
    ...row.manifest,
    timeframes: [...row.manifest.timeframes],
    version: row.version,
    versionAt: row.versionAt.toISOString(),
    shipped: row.shipped,
    problem: problemOf(row),
  };
}

function problemOf(row: FileRow): StrategyProblem | null {
  if (row.problem === null) return null;
  return { file: row.problemFile ?? row.file, line: row.problemLine, message: row.problem };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
