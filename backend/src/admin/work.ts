import type {
  AnyBacktest,
  anyBacktestQuery,
  ExchangeHealth,
  StrategyUse,
} from "@trading/contracts/admin";
import { eq, sql as raw } from "drizzle-orm";
import type { z } from "zod";
import { recordDeed } from "../accounts/audit.ts";
import { type Operator, operate } from "../accounts/operate.ts";
import type { CandleCatalogue } from "../backtests/candle-source.ts";
import { checkRequest, repeatOf, type StrategyCatalogue } from "../backtests/check-request.ts";
import { backtests } from "../backtests/schema.ts";
import { createBacktestStore, type NewBacktest } from "../backtests/store.ts";
import type { MarketStore } from "../market-data/market-store.ts";
import { removeShared, type SeriesStore } from "../market-data/series-store.ts";
import { retryDeadJobName } from "../platform/dead-jobs.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";
import { readQueues } from "./overview.ts";

type Needs = Readonly<{
  sql: Sql;
  strategies: StrategyCatalogue;
  candles: CandleCatalogue;
  markets: Pick<MarketStore, "listExchanges">;
  series: Pick<SeriesStore, "listShared" | "forget">;
}>;
type Query = z.infer<typeof anyBacktestQuery>;

export type Work = ReturnType<typeof createWork>;

/** What everybody's work is made of, as operators see it and step in. */
export function createWork({ sql, strategies, candles, markets, series }: Needs) {
  /** What a backtest would be if it were asked for again; null when it is not there. */
  async function wantedAgain(backtestId: string): Promise<NewBacktest | null> {
    const [row] = await sql
      .select({ userId: backtests.userId })
      .from(backtests)
      .where(eq(backtests.id, backtestId));
    const before = row && (await createBacktestStore(sql).find(row.userId, backtestId));
    if (!before) return null;
    return checkRequest({ strategies, candles }, row.userId, repeatOf(before, {}));
  }

  return {
    async listBacktests({ search, status, userId, page, pageSize }: Query) {
      const pattern = `%${search.trim().replace(/[\\%_]/g, "\\$&")}%`;
      const where = raw`
        (${search.trim() === ""} or (b.title || ' ' || b.strategy || ' ' || b.symbol || ' ' || u.name) ilike ${pattern})
        and (${status ?? null}::text is null or b.status = ${status ?? null})
        and (${userId ?? null}::uuid is null or b.user_id = ${userId ?? null})`;
      const { rows } = await sql.execute<BacktestRow>(raw`
        select b.id, b.user_id, u.name as user_name, b.title, b.strategy, b.symbol, b.timeframe,
          b.status, b.share, b.step, b.problem ->> 'detail' as problem,
          b.created_at, b.started_at, b.finished_at
        from backtests b join users u on u.id = b.user_id where ${where}
        order by b.id desc limit ${pageSize} offset ${(page - 1) * pageSize}`);
      const total = await sql.execute<{ count: number }>(raw`
        select count(*)::int as count from backtests b join users u on u.id = b.user_id where ${where}`);
      return { items: rows.map(backtestOf), total: total.rows[0]?.count ?? 0, page, pageSize };
    },

    /** Ends a backtest of whomever; its worker notices within a second. */
    stopBacktest: (actor: Operator, backtestId: string, reason: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const { userId, title, status } = await ownerOf(transaction, backtestId);
        if (!(await createBacktestStore(transaction).cancel(userId, backtestId))) {
          throw new PlatformError("conflict", "This backtest has ended already.");
        }
        await recordDeed(transaction, actor, {
          ...{ action: "backtest-stopped", target: title, targetId: backtestId, reason },
          ...{ before: { status }, after: { status: "cancelled" } },
        });
      }),

    /** Asks for the same backtest again, for its owner. */
    async repeatBacktest(actor: Operator, backtestId: string, reason: string): Promise<void> {
      // Before the deed, which has a connection of the pool and may want no other: many at once would wait for ever.
      const wanted = await wantedAgain(backtestId);
      await operate(sql, actor, async (transaction) => {
        const { userId, title } = await ownerOf(transaction, backtestId);
        if (wanted === null) throw new NotFound("backtest", backtestId);
        const id = await createBacktestStore(transaction).create(userId, wanted);
        await recordDeed(transaction, actor, {
          ...{ action: "backtest-repeated", target: title, targetId: backtestId, reason },
          after: { id },
        });
      });
    },

    listSeries: series.listShared,

    /** Takes candles from everybody; backtests keep their results. */
    async deleteSeries(actor: Operator, seriesId: string, reason: string): Promise<void> {
      await operate(sql, actor, async (transaction) => {
        const gone = await removeShared(transaction, seriesId);
        if (gone === null) throw new NotFound("series", seriesId);
        const { title, source, exchange, symbol, timeframe, rows, first, last } = gone;
        await recordDeed(transaction, actor, {
          ...{ action: "series-deleted", target: title, targetId: seriesId, reason },
          before: { source, exchange, symbol, timeframe, rows, first, last },
        });
        await publish(transaction, "all", { kind: "series", id: seriesId });
      });
      await series.forget(seriesId);
    },

    /** Another try of a job that failed as often as it may. */
    retryJob: (actor: Operator, queue: string, jobId: string, reason: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const queues = await readQueues(transaction);
        const job = queues
          .find(({ name }) => name === queue)
          ?.deadJobs.find(({ id }) => id === jobId);
        if (job === undefined) throw new NotFound("dead job", jobId);
        await addToOutbox(transaction, retryDeadJobName, { queue, jobId });
        await recordDeed(transaction, actor, {
          ...{ action: "job-retried", target: `${queue}: ${job.name}`, targetId: jobId, reason },
          before: { reason: job.reason, attempts: job.attempts },
        });
      }),

    /** Every strategy with its versions, the newest first, and who runs them. */
    async listStrategies(): Promise<StrategyUse[]> {
      const { rows } = await sql.execute<StrategyRow>(strategiesWithUse);
      return rows.map(({ is_shipped: isShipped, versions, ...row }) => ({
        ...row,
        isShipped: isShipped ?? false,
        versions: versions.map((one) => ({
          ...one,
          createdAt: new Date(one.createdAt).toISOString(),
        })),
      }));
    },

    async listExchanges(): Promise<ExchangeHealth[]> {
      const known = await markets.listExchanges();
      const { rows } = await sql.execute<ExchangeRow>(exchangesWithUse);
      const uses = new Map(rows.map((row) => [row.exchange, row]));
      return known.map((exchange) => {
        const use = uses.get(exchange.id);
        return {
          ...exchange,
          series: use?.series ?? 0,
          watched: use?.watched ?? 0,
          readAt: instant(use?.read_at ?? null),
          watchProblem: use?.watch_problem ?? null,
          failedDownloads: use?.failed_downloads ?? 0,
        };
      });
    },
  };
}

type BacktestRow = {
  id: string;
  user_id: string;
  user_name: string;
  title: string;
  strategy: string;
  symbol: string;
  timeframe: string;
  status: AnyBacktest["status"];
  share: number;
  step: string;
  problem: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
};
type StrategyRow = Omit<StrategyUse, "isShipped"> & { is_shipped: boolean | null };
type ExchangeRow = {
  exchange: string;
  series: number;
  watched: number;
  read_at: string | null;
  watch_problem: string | null;
  failed_downloads: number;
};

const instant = (at: string | null): string | null =>
  at === null ? null : new Date(at).toISOString();

const backtestOf = (row: BacktestRow): AnyBacktest => ({
  ...{ id: row.id, userId: row.user_id, userName: row.user_name, title: row.title },
  ...{ strategy: row.strategy, symbol: row.symbol, timeframe: row.timeframe },
  ...{ status: row.status, share: row.share, step: row.step, problem: row.problem },
  createdAt: new Date(row.created_at).toISOString(),
  startedAt: instant(row.started_at),
  finishedAt: instant(row.finished_at),
});

async function ownerOf(transaction: Sql, backtestId: string) {
  const { rows } = await transaction.execute<{ userId: string; title: string; status: string }>(
    raw`select user_id as "userId", title, status from backtests where id = ${backtestId} for update`,
  );
  const [row] = rows;
  if (row === undefined) throw new NotFound("backtest", backtestId);
  return row;
}

const strategiesWithUse = raw`
  with runs as (
    select b.version, b.user_id, u.name, count(*)::int as backtests
    from backtests b join users u on u.id = b.user_id group by b.version, b.user_id, u.name
  ), used as (
    select version, sum(backtests)::int as backtests,
      jsonb_agg(jsonb_build_object('id', user_id, 'name', name, 'backtests', backtests)
        order by backtests desc, name) as users
    from runs group by version
  )
  select v.name, (array_agg(v.manifest ->> 'title' order by v.created_at desc))[1] as title,
    f.file, f.shipped as is_shipped, f.problem,
    jsonb_agg(jsonb_build_object(
      'version', v.version, 'isNewest', coalesce(v.version = f.version, false),
      'createdAt', v.created_at, 'backtests', coalesce(used.backtests, 0),
      'users', coalesce(used.users, '[]')) order by v.created_at desc) as versions
  from strategy_versions v
    left join strategy_files f on f.name = v.name
    left join used on used.version = v.version
  group by v.name, f.file, f.shipped, f.problem
  order by v.name`;

const exchangesWithUse = raw`
  select e.id as exchange,
    (select count(*)::int from series s where s.exchange = e.id) as series,
    (select count(*)::int from market_watches w
      where w.exchange = e.id and w.watched_at > now() - interval '1 minute') as watched,
    (select max(w.read_at)::text from market_watches w where w.exchange = e.id) as read_at,
    (select w.problem from market_watches w
      where w.exchange = e.id and w.problem is not null order by w.watched_at desc limit 1) as watch_problem,
    (select count(*)::int from data_tasks t where t.status = 'failed' and t.kind = 'download'
      and t.request ->> 'exchange' = e.id and t.finished_at > now() - interval '7 days') as failed_downloads
  from (select id from exchanges union select exchange from market_watches) e`;
