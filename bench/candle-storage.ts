import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CandleCache,
  collectBlocks,
  openCandleCache,
} from "../backend/src/market-data/candle-cache.ts";
import { readCandles, writeCandles } from "../backend/src/market-data/candle-store.ts";
import { type Columns, columnNames, newColumns } from "../backend/src/market-data/columns.ts";
import { readCandleFile } from "../backend/src/market-data/import/read-candle-file.ts";
import { findOrMakeSeries } from "../backend/src/market-data/series-store.ts";
import { synthesize } from "../backend/src/market-data/synthetic.ts";
import { migrate } from "../backend/src/platform/migrations.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";

/**
 * One year of one-minute candles in PostgreSQL: bytes per candle, and the time to columns.
 * `DATABASE_URL=postgres://… node bench/candle-storage.ts [file of candles]` on an empty database.
 */
const rows = 525_600;
const minute = 60_000;
const repetitions = 7;

const url = process.env.DATABASE_URL ?? "";
const file = process.argv[2] ?? "";
const source = existsSync(file)
  ? (await readCandleFile(file, { nowMs: Date.now() })).columns
  : synthesize("BTC/USDT", "1m");
const year = tiled(source);

await migrate(url);
const database = openDatabase(url);
const dir = mkdtempSync(join(tmpdir(), "trading-bench-"));
const name = { symbol: "BTC/USDT", base: "BTC", quote: "USDT", timeframe: "1m" } as const;
const id = await findOrMakeSeries(database.db, { ...name, source: "synthetic" });

const write = await timed(() => database.db.transaction((sql) => writeCandles(sql, id, year)));
const { rows: found } = await database.pool.query<{ bytes: string; table: string }>(
  `select (select sum(octet_length(data)) from candle_chunks where series_id = $1) as bytes,
    pg_total_relation_size('candle_chunks') as table`,
  [id],
);
type Cost = { wall: number; cpu: number };
const withoutFiles: CandleCache = {
  read: async (_key, _range, source) => collectBlocks(await source()),
  forget: async () => undefined,
};
const direct: Cost[] = [];
const cold: Cost[] = [];
const warm: Cost[] = [];
for (let i = 0; i < repetitions; i++) {
  const cache = openCandleCache(join(dir, String(i)));
  const read = () => readCandles({ database, cache }, id, {});
  direct.push(await timed(() => readCandles({ database, cache: withoutFiles }, id, {})));
  cold.push(await timed(read));
  warm.push(await timed(read));
}
const median = (values: number[]) => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;
const shown = (costs: Cost[]) =>
  `${median(costs.map((cost) => cost.wall)).toFixed(0)} wall, ${median(costs.map((cost) => cost.cpu)).toFixed(0)} CPU`;
const bytes = Number(found[0]?.bytes);
console.log(`| what | figure |\n|---|---|`);
console.log(
  `| candles | ${rows} from ${existsSync(file) ? "a recorded file, repeated" : "the generated series, repeated"} |`,
);
console.log(`| chunks, bytes per candle | ${(bytes / rows).toFixed(2)} |`);
console.log(
  `| table with index and TOAST, bytes per candle | ${(Number(found[0]?.table) / rows).toFixed(2)} |`,
);
console.log(`| write, ms | ${shown([write])} |`);
console.log(`| PostgreSQL to columns, ms | ${shown(direct)} |`);
console.log(`| PostgreSQL to the cache file and columns, ms | ${shown(cold)} |`);
console.log(`| cache file to columns, ms | ${shown(warm)} |`);

await database.close();
rmSync(dir, { recursive: true, force: true });

function tiled(part: Columns): Columns {
  const out = newColumns(rows);
  for (let row = 0; row < rows; row++) {
    const from = row % part.time.length;
    for (const column of columnNames) out[column][row] = part[column][from] ?? 0;
    out.time[row] = Date.UTC(2024, 0, 1) + row * minute;
  }
  return out;
}

/** CPU time of this process, which other work on the machine does not blur as it does wall time. */
async function timed(work: () => Promise<unknown>): Promise<Cost> {
  const startedAt = performance.now();
  const used = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: performance.now() - startedAt, cpu: (user + system) / 1_000 };
}
