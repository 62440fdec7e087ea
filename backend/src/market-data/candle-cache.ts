import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { type Blocks, readCandleRange, writeCandleFile } from "./candle-file.ts";
import { type Columns, columnNames, newColumns, rowsBetween } from "./columns.ts";

/** What a cached file holds. Its content never changes: a changed series has another version. */
export type CacheKey = Readonly<{ seriesId: string; version: number; timeframe: string }>;
type Source = Readonly<{ rows: number; blocks(): Blocks }>;

export type CandleCache = Readonly<{
  /** The candles of a range; `source` is asked only when the file is not there. */
  read(key: CacheKey, range: Range, source: () => Promise<Source>): Promise<Columns>;
  /** Removes what is kept of a series that was deleted. */
  forget(seriesId: string): Promise<void>;
}>;
type Range = Readonly<{ fromMs: number; toMs: number }>;

const gibibyte = 1024 ** 3;
const touchedAfterMs = 3_600_000;
/** No room on the disk, or a newer version swept the file away before it was read. */
const notKept = new Set(["ENOSPC", "EDQUOT", "EROFS", "EACCES", "ENOENT"]);

/** Columns as raw files under `dir`, so that reading them is copying bytes. The least recently used go first. */
export function openCandleCache(dir: string, bytesMax = 4 * gibibyte): CandleCache {
  const building = new Map<string, Promise<void>>();

  const build = async (path: string, key: CacheKey, source: Source): Promise<void> => {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeCandleFile(path, source.rows, source.blocks());
    await removeOlder(dir, key);
    await shrink(dir, bytesMax, path);
  };

  return {
    async forget(seriesId) {
      const names = await readdir(dir).catch(() => []);
      for (const name of names.filter((one) => one.startsWith(seriesId))) {
        await rm(join(dir, name), { force: true });
      }
    },

    async read(key, range, source) {
      const path = join(dir, `${key.seriesId}-${key.timeframe}-${key.version}.tpc`);
      const there = await readExisting(path, range);
      if (there !== null) return there;
      const content = await source();
      const running = building.get(path) ?? build(path, key, content);
      building.set(path, running);
      try {
        await running;
        return await readCandleRange(path, range.fromMs, range.toMs);
      } catch (error) {
        if (!notKept.has(codeOf(error))) throw error;
        // Without a file the candles still come, only slower.
        return rowsBetween(await collectBlocks(content), range.fromMs, range.toMs);
      } finally {
        building.delete(path);
      }
    },
  };
}

async function readExisting(path: string, range: Range): Promise<Columns | null> {
  try {
    const { mtimeMs } = await stat(path);
    const columns = await readCandleRange(path, range.fromMs, range.toMs);
    const now = Date.now();
    if (now - mtimeMs > touchedAfterMs) await utimes(path, now / 1_000, now / 1_000);
    return columns;
  } catch {
    // Not there, just swept, or damaged: it is made again from the database.
    return null;
  }
}

/** All blocks in one piece of memory. */
export async function collectBlocks({ rows, blocks }: Source): Promise<Columns> {
  const columns = newColumns(rows);
  let row = 0;
  for await (const block of blocks()) {
    for (const name of columnNames) columns[name].set(block[name], row);
    row += block.time.length;
  }
  return columns;
}

/** Earlier versions of the same candles will not be asked for again. */
async function removeOlder(dir: string, { seriesId, timeframe, version }: CacheKey): Promise<void> {
  const prefix = `${seriesId}-${timeframe}-`;
  for (const name of await readdir(dir)) {
    if (!name.startsWith(prefix) || !name.endsWith(".tpc")) continue;
    if (Number.parseInt(name.slice(prefix.length), 10) >= version) continue;
    await rm(join(dir, name), { force: true });
  }
}

async function shrink(dir: string, bytesMax: number, keep: string): Promise<void> {
  const files: { path: string; size: number; mtimeMs: number }[] = [];
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    const found = await stat(path).catch(() => null);
    if (found !== null) files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
  }
  let bytes = files.reduce((sum, file) => sum + file.size, 0);
  for (const { path, size } of files.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (bytes <= bytesMax) return;
    if (path === keep) continue;
    await rm(path, { force: true });
    bytes -= size;
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error ? String(error.code) : "";
