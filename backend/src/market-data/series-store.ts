import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import type { Series, SeriesDetail, seriesQuery } from "@trading/contracts/market-data";
import { certify } from "@trading/engine";
import { and, asc, count, desc, eq, ilike, isNull, or, sql as raw, type SQL } from "drizzle-orm";
import type { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import type { Database, Sql } from "../platform/postgres.ts";
import type { CandleCache } from "./candle-cache.ts";
import {
  type CandleRange,
  lockSeries,
  readCandles,
  type Written,
  writeCandles,
} from "./candle-store.ts";
import type { Columns } from "./columns.ts";
import { coverageOf } from "./coverage.ts";
import type { MarketStore } from "./market-store.ts";
import { series, type TimeSpan } from "./schema.ts";
import { certificateView, type SeriesRow, seriesView, warningsOf } from "./series-view.ts";
import type { MarketName } from "./symbol.ts";

type Needs = Readonly<{ database: Database; cache: CandleCache; markets: MarketStore }>;
type Query = z.infer<typeof seriesQuery>;
type Page<Item> = { items: Item[]; total: number; page: number; pageSize: number };

/** What makes a series one and the same; an upload belongs to its owner, everything else is shared. */
export type SeriesIdentity = MarketName &
  Readonly<{ timeframe: Timeframe }> &
  (
    | Readonly<{ source: "exchange"; exchange: string }>
    | Readonly<{ source: "upload"; ownerId: string }>
    | Readonly<{ source: "synthetic" }>
  );

export type SeriesStore = ReturnType<typeof createSeriesStore>;

/** Series for their readers, owner first; what belongs to somebody else does not exist. */
export function createSeriesStore(needs: Needs) {
  const { db } = needs.database;
  const find = async (userId: string, id: string): Promise<SeriesRow | null> => {
    const [row] = await db
      .select()
      .from(series)
      .where(and(eq(series.id, id), readableBy(userId)));
    return row ?? null;
  };
  const get = async (userId: string, id: string): Promise<SeriesRow> => {
    const row = await find(userId, id);
    if (row === null) throw new NotFound("series", id);
    return row;
  };

  const readPage = async (query: Query, among: SQL | undefined, userId: string | null) => {
    const where = and(among, matches(query));
    const order = query.order === "asc" ? asc : desc;
    const rows = await db
      .select()
      .from(series)
      .where(where)
      .orderBy(order(sortColumns[query.sort]), asc(series.id))
      .limit(query.pageSize)
      .offset((query.page - 1) * query.pageSize);
    const [total] = await db.select({ count: count() }).from(series).where(where);
    return {
      items: rows.map((row) => seriesView(row, userId)),
      total: total?.count ?? 0,
      page: query.page,
      pageSize: query.pageSize,
    };
  };

  return {
    /** Shared series and the user's own, one page. */
    list: (userId: string, query: Query): Promise<Page<Series>> =>
      readPage(query, readableBy(userId), userId),

    /** Those of everybody, one page. */
    listShared: (query: Query): Promise<Page<Series>> =>
      readPage(query, isNull(series.ownerId), null),

    /** A series the user may read; null when there is none. */
    async find(userId: string, id: string): Promise<Series | null> {
      const row = await find(userId, id);
      return row === null ? null : seriesView(row, userId);
    },

    /** With its certificate, which is renewed first where the candles changed since. */
    async getDetail(userId: string, id: string): Promise<SeriesDetail> {
      let row = await get(userId, id);
      if (row.certifiedVersion !== row.version || row.certificate === null) {
        await certifySeries(needs, id);
        row = await get(userId, id);
      }
      const market =
        row.exchange === null ? null : await needs.markets.find(row.exchange, row.symbol);
      const certificate = row.certificate ?? certify(noCandles, 1);
      return { ...seriesView(row, userId), certificate: certificateView(certificate), market };
    },

    /** Candles of a series the user may read. */
    async loadFor(userId: string, id: string, range: CandleRange) {
      const row = await get(userId, id);
      return { series: seriesView(row, userId), ...(await readCandles(needs, id, range)) };
    },

    /** Removes an upload of the user. */
    async remove(userId: string, id: string): Promise<void> {
      const row = await get(userId, id);
      if (row.ownerId !== userId) {
        throw new PlatformError("forbidden", "Operators delete shared series, in their own area.");
      }
      await db.delete(series).where(eq(series.id, id));
      await needs.cache.forget(id);
    },

    /** Its candles as they were read before; they go once the series has. */
    forget: (id: string): Promise<void> => needs.cache.forget(id),

    /** Whether any series here is generated, not recorded. */
    async hasSynthetic(): Promise<boolean> {
      const [row] = await db
        .select({ id: series.id })
        .from(series)
        .where(eq(series.source, "synthetic"))
        .limit(1);
      return row !== undefined;
    },

    /** Bytes that the user's uploads take in the database. */
    uploadBytes: (userId: string): Promise<number> => uploadBytes(db, userId),
  };
}

const noCandles: Columns = {
  time: new Float64Array(),
  open: new Float64Array(),
  high: new Float64Array(),
  low: new Float64Array(),
  close: new Float64Array(),
  volume: new Float64Array(),
};

const sortColumns = {
  symbol: series.symbol,
  rows: series.rows,
  first: series.firstMs,
  last: series.lastMs,
  updatedAt: series.updatedAt,
  bytes: series.bytes,
} as const;

const readableBy = (userId: string): SQL | undefined =>
  or(isNull(series.ownerId), eq(series.ownerId, userId));

function matches({ search, source }: Query): SQL | undefined {
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  const bySearch =
    search === ""
      ? undefined
      : or(
          ilike(series.symbol, pattern),
          ilike(series.exchange, pattern),
          ilike(series.title, pattern),
        );
  return and(bySearch, source === undefined ? undefined : eq(series.source, source));
}

/** Removes a shared series and gives it as it was; null when there is none. Its candles stay in the cache of the process. */
export async function removeShared(transaction: Sql, id: string): Promise<Series | null> {
  const [row] = await transaction
    .delete(series)
    .where(and(eq(series.id, id), isNull(series.ownerId)))
    .returning();
  return row === undefined ? null : seriesView(row, null);
}

/** The id of a series, which is made when it is not there. */
export async function findOrMakeSeries(sql: Sql, identity: SeriesIdentity): Promise<string> {
  const { source, symbol, base, quote, timeframe } = identity;
  const ownerId = source === "upload" ? identity.ownerId : null;
  const exchange = source === "exchange" ? identity.exchange : null;
  const title =
    source === "synthetic" ? `${symbol} ${timeframe}, synthetic` : `${symbol} ${timeframe}`;
  await sql
    .insert(series)
    .values({ id: newId(), source, ownerId, exchange, symbol, base, quote, timeframe, title })
    .onConflictDoNothing();
  const [row] = await sql
    .select({ id: series.id })
    .from(series)
    .where(
      and(
        eq(series.source, source),
        ownerId === null ? isNull(series.ownerId) : eq(series.ownerId, ownerId),
        exchange === null ? isNull(series.exchange) : eq(series.exchange, exchange),
        eq(series.symbol, symbol),
        eq(series.timeframe, timeframe),
      ),
    );
  if (row === undefined) throw new PlatformError("conflict", "The series was deleted meanwhile.");
  return row.id;
}

/** Stores an upload whole or not at all; more than `bytesMax` in all uploads of the owner is refused. */
export const importCandles = (
  database: Database,
  identity: SeriesIdentity & { source: "upload" },
  columns: Columns,
  duplicates: number,
  bytesMax: number,
): Promise<Written & { seriesId: string }> =>
  database.db.transaction(async (transaction) => {
    const { ownerId } = identity;
    await transaction.execute(
      raw`select pg_advisory_xact_lock(hashtextextended(${`uploads:${ownerId}`}, 0))`,
    );
    const seriesId = await findOrMakeSeries(transaction, identity);
    const written = await writeCandles(transaction, seriesId, columns);
    if (written.added + written.corrected > 0 && duplicates > 0) {
      await transaction
        .update(series)
        .set({ duplicates: raw`${series.duplicates} + ${duplicates}` })
        .where(eq(series.id, seriesId));
    }
    const used = await uploadBytes(transaction, ownerId);
    if (used > bytesMax) {
      throw new PlatformError(
        "quota-exceeded",
        `Your uploads would take ${used} bytes; ${bytesMax} are allowed. Delete a series first.`,
      );
    }
    return { ...written, seriesId };
  });

async function uploadBytes(sql: Sql, userId: string): Promise<number> {
  const [row] = await sql
    .select({ bytes: raw<string>`coalesce(sum(${series.bytes}), 0)` })
    .from(series)
    .where(and(eq(series.source, "upload"), eq(series.ownerId, userId)));
  return Number(row?.bytes ?? 0);
}

/** Stores candles of an exchange and remembers that `span` has been asked for. */
export const recordDownloaded = (
  database: Database,
  seriesId: string,
  columns: Columns,
  span: TimeSpan,
): Promise<Written> =>
  database.db.transaction(async (transaction) => {
    await lockSeries(transaction, seriesId);
    const written = await writeCandles(transaction, seriesId, columns);
    const [row] = await transaction
      .select({ fetched: series.fetched })
      .from(series)
      .where(eq(series.id, seriesId));
    const fetched = joinSpans([...(row?.fetched ?? []), span]);
    await transaction.update(series).set({ fetched }).where(eq(series.id, seriesId));
    return written;
  });

/** Spans in order, those that touch made one. */
export function joinSpans(spans: readonly TimeSpan[]): TimeSpan[] {
  const joined: [number, number][] = [];
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    const before = joined[joined.length - 1];
    if (before !== undefined && from <= before[1]) before[1] = Math.max(before[1], to);
    else if (to > from) joined.push([from, to]);
  }
  return joined;
}

/** What of `wanted` is in none of the spans. */
export function missingSpans([from, to]: TimeSpan, spans: readonly TimeSpan[]): TimeSpan[] {
  const missing: TimeSpan[] = [];
  let start = from;
  for (const [spanFrom, spanTo] of joinSpans(spans)) {
    if (spanTo <= start) continue;
    if (spanFrom >= to) break;
    if (spanFrom > start) missing.push([start, spanFrom]);
    start = spanTo;
  }
  if (start < to) missing.push([start, to]);
  return missing;
}

/** Examines the candles as they are now and keeps what was found with the series. */
export async function certifySeries(
  needs: Pick<Needs, "database" | "cache">,
  seriesId: string,
): Promise<void> {
  const { columns, version, timeframe } = await readCandles(needs, seriesId, {});
  const { db } = needs.database;
  const [row] = await db
    .select({ duplicates: series.duplicates })
    .from(series)
    .where(eq(series.id, seriesId));
  const certificate = certify(columns, timeframeMs[timeframe], row?.duplicates ?? 0);
  const [certified] = await db
    .update(series)
    .set({
      certificate,
      certifiedVersion: version,
      gaps: certificate.gaps,
      missing: certificate.missing,
      warnings: warningsOf(certificate),
      coverage: coverageOf(columns, timeframeMs[timeframe]),
    })
    .where(and(eq(series.id, seriesId), eq(series.version, version)))
    .returning({ ownerId: series.ownerId });
  if (certified === undefined) return;
  await publish(db, certified.ownerId ?? "all", { kind: "series", id: seriesId });
}
