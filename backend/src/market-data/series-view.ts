import type { Timeframe } from "@trading/contracts/common";
import type { Certificate, Series } from "@trading/contracts/market-data";
import type { CandleCertificate, Stretch } from "@trading/engine";
import { coarserTimeframes } from "./candle-store.ts";
import type { series } from "./schema.ts";

export type SeriesRow = typeof series.$inferSelect;

const iso = (ms: number): string => new Date(ms).toISOString();
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms));

/** A series as its user sees it; null: as nobody's. */
export const seriesView = (row: SeriesRow, userId: string | null): Series => ({
  id: row.id,
  source: row.source,
  exchange: row.exchange,
  symbol: row.symbol,
  base: row.base,
  quote: row.quote,
  timeframe: row.timeframe as Timeframe,
  timeframes: coarserTimeframes(row.timeframe as Timeframe),
  title: row.title,
  revision: row.revision,
  rows: row.rows,
  first: isoOrNull(row.firstMs),
  last: isoOrNull(row.lastMs),
  gaps: row.gaps,
  missing: row.missing,
  warnings: row.warnings,
  bytes: row.bytes,
  updatedAt: row.updatedAt.toISOString(),
  coverage: row.coverage,
  mine: userId !== null && row.ownerId === userId,
});

const stretchView = ({ fromMs, toMs, candles }: Stretch) => ({
  from: iso(fromMs),
  to: iso(toMs),
  candles,
});

/** A certificate with times as they travel. */
export const certificateView = (found: CandleCertificate): Certificate => ({
  rows: found.rows,
  first: isoOrNull(found.firstMs),
  last: isoOrNull(found.lastMs),
  gaps: found.gaps,
  missing: found.missing,
  duplicates: found.duplicates,
  impossible: found.impossible,
  zeroVolumeStretches: found.zeroVolumeStretches,
  jumps: found.jumps,
  gapList: found.gapList.map(stretchView),
  impossibleList: found.impossibleList.map(({ atMs, why }) => ({ at: iso(atMs), why })),
  zeroVolumeList: found.zeroVolumeList.map(stretchView),
  jumpList: found.jumpList.map(({ atMs, change }) => ({ at: iso(atMs), change })),
});

/** Kinds of findings, for the warning sign of a list. */
export const warningsOf = (found: CandleCertificate): number =>
  [found.gaps, found.duplicates, found.impossible, found.zeroVolumeStretches, found.jumps].filter(
    (count) => count > 0,
  ).length;
