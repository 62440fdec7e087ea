import { type Timeframe, timeframeMs, timeframes } from "@trading/contracts/common";
import { resample } from "@trading/engine";
import { and, asc, eq, sql as raw } from "drizzle-orm";
import { NotFound, PlatformError } from "../platform/errors.ts";
import type { Database, Sql } from "../platform/postgres.ts";
import type { CandleCache } from "./candle-cache.ts";
import { decodeChunk, encodeChunk } from "./chunk.ts";
import { type Columns, mergeColumns, newColumns, rowsBetween, rowsOf, sameRow } from "./columns.ts";
import { candleChunks, candleTail, series } from "./schema.ts";

/** A part of a series: `fromMs` inclusive, `toMs` exclusive, the stored timeframe where none is named. */
export type CandleRange = Readonly<{
  timeframe?: Timeframe | undefined;
  fromMs?: number;
  toMs?: number;
}>;
export type Written = Readonly<{ added: number; corrected: number }>;

/** Candles of one chunk: 11 days of 1m, 22 months of 1h. */
const chunkCandles = 16_384;
/** A row of the tail with its index entry, roughly; PostgreSQL does not count bytes by series. */
const tailRowBytes = 140;

/**
 * Stores candles of a series; run it in a transaction. Writing the same twice changes nothing. A stored
 * time with other values is a correction. Writers of one series wait for each other.
 */
export async function writeCandles(
  sql: Sql,
  seriesId: string,
  incoming: Columns,
): Promise<Written> {
  await lockSeries(sql, seriesId);
  const target = await readTarget(sql, seriesId);
  const bucketOf = (ms: number) => Math.floor(ms / (target.step * chunkCandles));
  const lastIncoming = incoming.time[incoming.time.length - 1];
  const newest = Math.max(
    target.lastMs ?? Number.NEGATIVE_INFINITY,
    lastIncoming ?? Number.NEGATIVE_INFINITY,
  );
  const open: Open = {
    // Only candles of an exchange arrive one by one; an upload is sealed at once.
    bucket: target.source === "exchange" ? bucketOf(newest) : null,
    before: target.source === "exchange" && target.lastMs !== null ? bucketOf(target.lastMs) : null,
  };
  const totals = { added: 0, corrected: 0 };
  for (const bucket of touchedBuckets(incoming, bucketOf, open)) {
    const from = bucket * target.step * chunkCandles;
    const part = rowsBetween(incoming, from, from + target.step * chunkCandles);
    const written = await writeBucket(sql, { ...target, seriesId }, bucket, part, open);
    totals.added += written.added;
    totals.corrected += written.corrected;
  }
  if (totals.added + totals.corrected > 0) await recordContent(sql, seriesId, totals.corrected > 0);
  return totals;
}

type Target = Readonly<{ source: string; step: number; lastMs: number | null }>;
/** The bucket that is kept row by row: the newest, now and before this write; null where none is. */
type Open = Readonly<{ bucket: number | null; before: number | null }>;

/** Makes writers of one series wait for each other until the transaction ends. */
export const lockSeries = (sql: Sql, seriesId: string) =>
  sql.execute(raw`select pg_advisory_xact_lock(hashtextextended(${`series:${seriesId}`}, 0))`);

async function readTarget(sql: Sql, seriesId: string): Promise<Target> {
  const [row] = await sql
    .select({ source: series.source, timeframe: series.timeframe, lastMs: series.lastMs })
    .from(series)
    .where(eq(series.id, seriesId));
  if (row === undefined) throw new NotFound("series", seriesId);
  return { source: row.source, step: timeframeMs[row.timeframe as Timeframe], lastMs: row.lastMs };
}

function touchedBuckets(incoming: Columns, bucketOf: (ms: number) => number, open: Open): number[] {
  const buckets = new Set<number>();
  // The block that was newest is sealed when a newer one begins.
  if (open.before !== null && open.before !== open.bucket) buckets.add(open.before);
  for (const ms of incoming.time) buckets.add(bucketOf(ms));
  return [...buckets].sort((a, b) => a - b);
}

async function writeBucket(
  sql: Sql,
  target: Target & { seriesId: string },
  bucket: number,
  part: Columns,
  open: Open,
): Promise<Written> {
  const { seriesId } = target;
  const wasOpen = bucket === open.before;
  const stored = wasOpen ? await readTail(sql, seriesId) : await readChunk(sql, seriesId, bucket);
  const merged = mergeColumns(stored, part);
  const seals = wasOpen && bucket !== open.bucket;
  if (merged.added + merged.corrected === 0 && !seals) return merged;
  if (bucket === open.bucket) {
    await upsertTail(sql, seriesId, changedRows(stored, part));
    return merged;
  }
  await putChunk(sql, seriesId, bucket, merged.columns, target.step);
  if (wasOpen) await sql.delete(candleTail).where(eq(candleTail.seriesId, seriesId));
  return merged;
}

/** The incoming rows that say something new. */
function changedRows(stored: Columns, part: Columns): Columns[] {
  const changed: Columns[] = [];
  const rowAt = new Map(Array.from(stored.time, (time, row) => [time, row]));
  for (let row = 0; row < part.time.length; row++) {
    const before = rowAt.get(part.time[row] as number);
    if (before === undefined || !sameRow(stored, before, part, row)) {
      changed.push(rowsOf(part, row, row + 1));
    }
  }
  return changed;
}

async function upsertTail(sql: Sql, seriesId: string, rows: readonly Columns[]): Promise<void> {
  const list = (name: keyof Columns) => raw.param(rows.map((row) => row[name][0] as number));
  await sql.execute(raw`
    insert into candle_tail (series_id, time_ms, open, high, low, close, volume)
    select ${seriesId}::uuid, * from unnest(${list("time")}::bigint[], ${list("open")}::float8[],
      ${list("high")}::float8[], ${list("low")}::float8[], ${list("close")}::float8[], ${list("volume")}::float8[])
    on conflict (series_id, time_ms) do update set
      open = excluded.open, high = excluded.high, low = excluded.low, close = excluded.close, volume = excluded.volume`);
}

async function readTail(sql: Sql, seriesId: string): Promise<Columns> {
  const rows = await sql
    .select()
    .from(candleTail)
    .where(eq(candleTail.seriesId, seriesId))
    .orderBy(asc(candleTail.timeMs));
  const columns = newColumns(rows.length);
  rows.forEach((row, index) => {
    columns.time[index] = row.timeMs;
    columns.open[index] = row.open;
    columns.high[index] = row.high;
    columns.low[index] = row.low;
    columns.close[index] = row.close;
    columns.volume[index] = row.volume;
  });
  return columns;
}

async function readChunk(sql: Sql, seriesId: string, bucket: number): Promise<Columns> {
  const [row] = await sql
    .select({ data: candleChunks.data })
    .from(candleChunks)
    .where(and(eq(candleChunks.seriesId, seriesId), eq(candleChunks.bucket, bucket)));
  return row === undefined ? newColumns(0) : decodeChunk(row.data);
}

async function putChunk(
  sql: Sql,
  seriesId: string,
  bucket: number,
  columns: Columns,
  step: number,
): Promise<void> {
  const { time } = columns;
  const chunk = {
    firstMs: time[0] ?? 0,
    lastMs: time[time.length - 1] ?? 0,
    rows: time.length,
    data: encodeChunk(columns, step),
  };
  await sql
    .insert(candleChunks)
    .values({ seriesId, bucket, ...chunk })
    .onConflictDoUpdate({ target: [candleChunks.seriesId, candleChunks.bucket], set: chunk });
}

async function recordContent(sql: Sql, seriesId: string, isCorrection: boolean): Promise<void> {
  await sql.execute(raw`
    update series set
      rows = chunk.rows + tail.rows,
      first_ms = least(chunk.first_ms, tail.first_ms),
      last_ms = greatest(chunk.last_ms, tail.last_ms),
      bytes = chunk.bytes + tail.rows * ${tailRowBytes}::int,
      version = version + 1,
      revision = revision + ${isCorrection ? 1 : 0}::int,
      updated_at = now()
    from
      (select coalesce(sum(rows), 0) as rows, min(first_ms) as first_ms, max(last_ms) as last_ms,
        coalesce(sum(octet_length(data)), 0) as bytes
        from candle_chunks where series_id = ${seriesId}) as chunk,
      (select count(*) as rows, min(time_ms) as first_ms, max(time_ms) as last_ms
        from candle_tail where series_id = ${seriesId}) as tail
    where id = ${seriesId}`);
}

type Needs = Readonly<{ database: Database; cache: CandleCache }>;

export type Loaded = Readonly<{ columns: Columns; version: number; timeframe: Timeframe }>;

/**
 * Reads candles, resampled where a coarser timeframe is asked for (closed candles only). A version of a
 * series is unpacked once per host and then read as a raw file.
 */
export async function readCandles(
  needs: Needs,
  seriesId: string,
  range: CandleRange,
): Promise<Loaded> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await readVersion(needs, seriesId, range);
    } catch (error) {
      if (!(error instanceof SeriesChanged) || attempt === attemptsMax) throw error;
    }
  }
}

const attemptsMax = 10;
/** The series got another version between the two looks at it: look again. */
class SeriesChanged extends Error {}

async function readVersion(needs: Needs, seriesId: string, range: CandleRange): Promise<Loaded> {
  const [row] = await needs.database.db
    .select({ timeframe: series.timeframe, version: series.version })
    .from(series)
    .where(eq(series.id, seriesId));
  if (row === undefined) throw new NotFound("series", seriesId);
  const { version } = row;
  const stored = row.timeframe as Timeframe;
  const timeframe = range.timeframe ?? stored;
  if (!coarserTimeframes(stored).includes(timeframe)) {
    throw new PlatformError(
      "no-candles",
      `Candles of ${timeframe} cannot be made from candles of ${stored}.`,
    );
  }
  const finest = (part: Bounds) =>
    needs.cache.read({ seriesId, version, timeframe: stored }, part, () =>
      storedCandles(needs.database, seriesId, version),
    );
  const coarser = async () => {
    const columns = resample(await finest(everything), timeframeMs[stored], timeframeMs[timeframe]);
    return { rows: columns.time.length, blocks: () => [columns] };
  };
  const bounds = { ...everything, ...range };
  const columns =
    timeframe === stored
      ? await finest(bounds)
      : await needs.cache.read({ seriesId, version, timeframe }, bounds, coarser);
  return { columns, version, timeframe };
}

type Bounds = Readonly<{ fromMs: number; toMs: number }>;
const everything: Bounds = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY };

/** The timeframe itself and those that whole candles of it make up. */
export const coarserTimeframes = (stored: Timeframe): Timeframe[] =>
  timeframes.filter((name) => timeframeMs[name] % timeframeMs[stored] === 0);

/** The candles of one version: packed in memory, unpacked block by block. */
const storedCandles = (database: Database, seriesId: string, version: number) =>
  database.db.transaction(
    async (snapshot) => {
      const [row] = await snapshot
        .select({ version: series.version })
        .from(series)
        .where(eq(series.id, seriesId));
      if (row?.version !== version) throw new SeriesChanged();
      const chunks = await snapshot
        .select({ rows: candleChunks.rows, data: candleChunks.data })
        .from(candleChunks)
        .where(eq(candleChunks.seriesId, seriesId))
        .orderBy(asc(candleChunks.bucket));
      const tail = await readTail(snapshot, seriesId);
      const rows = chunks.reduce((sum, chunk) => sum + chunk.rows, tail.time.length);
      return { rows, blocks: () => unpack(chunks, tail) };
    },
    { isolationLevel: "repeatable read", accessMode: "read only" },
  );

function* unpack(chunks: readonly { data: Uint8Array }[], tail: Columns): Generator<Columns> {
  for (const { data } of chunks) yield decodeChunk(data);
  yield tail;
}
