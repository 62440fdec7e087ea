import type {
  BacktestDetail,
  BacktestRequest,
  BacktestResult,
  BacktestView,
  backtestQuery,
  Trade,
} from "@trading/contracts/backtests";
import type { Fill } from "@trading/contracts/fills";
import { runSettings } from "@trading/contracts/run-settings";
import { and, asc, desc, eq, getTableColumns, inArray, sql as raw, type SQL } from "drizzle-orm";
import type { z } from "zod";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { backtestResults, backtests, backtestTurns } from "./schema.ts";
import { readFills, readTrades } from "./trades.ts";

/** A request that passed every check, with all that lists show of it. */
export type NewBacktest = Readonly<
  Pick<BacktestRequest, "parameters" | "candles" | "timeframe"> &
    Pick<
      BacktestView,
      | "title"
      | "strategy"
      | "strategyTitle"
      | "version"
      | "symbol"
      | "exchange"
      | "source"
      | "quote"
      | "settings"
    > & { fromAt: Date | null; toAt: Date | null; expectedFingerprint: string | null }
>;

type ListQuery = z.infer<typeof backtestQuery>;

export type BacktestStore = ReturnType<typeof createBacktestStore>;

/** Backtests as their owners see them: every method takes the owner first, and foreign rows do not exist. */
export function createBacktestStore(sql: Sql) {
  const find = async (userId: string, id: string): Promise<BacktestDetail | null> => {
    const [row] = await sql
      .select({ ...getTableColumns(backtests), result: backtestResults.result })
      .from(backtests)
      .leftJoin(backtestResults, eq(backtestResults.backtestId, backtests.id))
      .where(mine(userId, id));
    if (row === undefined) return null;
    const positions = await positionsOf(sql, [row]);
    return { ...viewOf(row, positions), result: row.result };
  };

  /** Like `find`; that there is none is an error. */
  const get = async (userId: string, id: string): Promise<BacktestDetail> =>
    (await find(userId, id)) ?? absent(id);

  return {
    find,
    get,

    /** The row, its turn in the queue and its outbox line commit together. */
    create(userId: string, wanted: NewBacktest): Promise<string> {
      return inTransaction(sql, async (transaction) => {
        const id = newId();
        await transaction.insert(backtests).values({ ...wanted, id, userId });
        await transaction.insert(backtestTurns).values({ userId }).onConflictDoNothing();
        await addToOutbox(transaction, "run-backtest", { backtestId: id });
        await publish(transaction, userId, { kind: "backtest", id, status: "queued" });
        return id;
      });
    },

    async list(
      userId: string,
      query: ListQuery,
    ): Promise<{ items: BacktestView[]; total: number }> {
      const where = and(eq(backtests.userId, userId), ...filtersOf(query));
      const rows = await sql
        .select()
        .from(backtests)
        .where(where)
        .orderBy(...orderOf(query))
        .limit(query.pageSize)
        .offset((query.page - 1) * query.pageSize);
      const positions = await positionsOf(sql, rows);
      const total = await sql.$count(backtests, where);
      return { items: rows.map((row) => viewOf(row, positions)), total };
    },

    /** In the order asked for. */
    async getMany(userId: string, ids: readonly string[]): Promise<BacktestDetail[]> {
      const found = await Promise.all(ids.map((id) => find(userId, id)));
      return found.map((one, i) => one ?? absent(ids[i] as string));
    },

    /** Ends a waiting backtest at once; the worker of a running one notices within a second. False: it had ended. */
    async cancel(userId: string, id: string): Promise<boolean> {
      const cancelled = await sql
        .update(backtests)
        .set({ status: "cancelled", step: "Cancelled", finishedAt: raw`now()`, remainingMs: null })
        .where(and(mine(userId, id), inArray(backtests.status, ["queued", "running"])))
        .returning({ id: backtests.id });
      if (cancelled.length === 0) return false;
      await publish(sql, userId, { kind: "backtest", id, status: "cancelled" });
      return true;
    },

    /** How many wait and run. */
    async countOpen(userId: string): Promise<{ queued: number; running: number }> {
      const { rows } = await sql.execute<{ queued: number; running: number }>(raw`
        select count(*) filter (where status = 'queued')::int as queued,
          count(*) filter (where status = 'running')::int as running
        from backtests where user_id = ${userId}`);
      return rows[0] ?? { queued: 0, running: 0 };
    },

    /** Cancels everything that waits or runs; tells how many. */
    async cancelAll(userId: string): Promise<number> {
      const open = await sql
        .select({ id: backtests.id })
        .from(backtests)
        .where(and(eq(backtests.userId, userId), inArray(backtests.status, ["queued", "running"])));
      let cancelled = 0;
      for (const { id } of open) if (await this.cancel(userId, id)) cancelled += 1;
      return cancelled;
    },

    async remove(userId: string, id: string): Promise<boolean> {
      const removed = await sql
        .delete(backtests)
        .where(mine(userId, id))
        .returning({ id: backtests.id });
      if (removed.length === 0) return false;
      await publish(sql, userId, { kind: "backtest", id, status: "deleted" });
      return true;
    },

    async getResult(userId: string, id: string): Promise<KeptResult> {
      const found = await findResult(sql, userId, id);
      if (found !== null) return found;
      await get(userId, id);
      throw new PlatformError("conflict", "The backtest has no result.");
    },

    /** Null where the result was stored without. */
    async getFills(userId: string, id: string): Promise<Fill[] | null> {
      const [row] = await sql
        .select({ fills: backtestResults.fills })
        .from(backtestResults)
        .innerJoin(backtests, eq(backtestResults.backtestId, backtests.id))
        .where(mine(userId, id));
      return row?.fills ? readFills(row.fills) : null;
    },
  };
}

type KeptResult = { view: BacktestView; result: BacktestResult; trades: Trade[] };

async function findResult(sql: Sql, userId: string, id: string): Promise<KeptResult | null> {
  const { result, trades } = backtestResults;
  const [row] = await sql
    .select({ ...getTableColumns(backtests), result, trades })
    .from(backtests)
    .innerJoin(backtestResults, eq(backtestResults.backtestId, backtests.id))
    .where(mine(userId, id));
  if (row === undefined) return null;
  return {
    view: viewOf(row, new Map()),
    result: row.result,
    trades: await readTrades(row.trades, row.symbol),
  };
}

const absent = (id: string): never => {
  throw new NotFound("backtest", id);
};

const mine = (userId: string, id: string) =>
  and(eq(backtests.id, id), eq(backtests.userId, userId));

function filtersOf({ search, status, strategy }: ListQuery): (SQL | undefined)[] {
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return [
    status === undefined ? undefined : eq(backtests.status, status),
    strategy === undefined ? undefined : eq(backtests.strategy, strategy),
    search === ""
      ? undefined
      : raw`(${backtests.title} || ' ' || ${backtests.strategyTitle} || ' ' || ${backtests.symbol}) ilike ${pattern}`,
  ];
}

const sortColumns = {
  createdAt: backtests.id,
  title: backtests.title,
  strategy: backtests.strategyTitle,
  symbol: backtests.symbol,
  netProfitShare: backtests.netProfitShare,
  maxDrawdown: backtests.maxDrawdown,
  sharpe: backtests.sharpe,
  closedTrades: backtests.closedTrades,
} as const;

/** What has no figure stands at the end either way. */
function orderOf({ sort, order }: ListQuery): SQL[] {
  const column = sortColumns[sort];
  const first = order === "asc" ? raw`${column} asc nulls last` : raw`${column} desc nulls last`;
  return [first, order === "asc" ? asc(backtests.id) : desc(backtests.id)];
}

/**
 * Places in the queue among all users: everybody's first, then everybody's second, and so on, as workers take them.
 */
async function positionsOf(
  sql: Sql,
  rows: readonly { id: string; status: string }[],
): Promise<Map<string, number>> {
  const ids = rows.filter((row) => row.status === "queued").map((row) => row.id);
  if (ids.length === 0) return new Map();
  const found = await sql.execute<{ id: string; position: string }>(raw`
    select id, position from (
      select id, row_number() over (order by turn, served_at, id) as position from (
        select b.id, t.served_at, row_number() over (partition by b.user_id order by b.id) as turn
        from backtests b join backtest_turns t using (user_id)
        where b.status = 'queued'
      ) turns
    ) places
    where id = any(${raw.param(ids)}::uuid[])`);
  return new Map(found.rows.map((row) => [row.id, Number(row.position)]));
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

const usualSettings = runSettings.parse({});

function viewOf(row: typeof backtests.$inferSelect, positions: Map<string, number>): BacktestView {
  return {
    id: row.id,
    title: row.title,
    status: row.status,
    strategy: row.strategy,
    strategyTitle: row.strategyTitle,
    version: row.version,
    parameters: row.parameters,
    candles: row.candles,
    symbol: row.symbol,
    exchange: row.exchange,
    source: row.source,
    quote: row.quote,
    timeframe: row.timeframe,
    from: instant(row.fromAt),
    to: instant(row.toAt),
    // Rows from before there was a setting have it as usual.
    settings: { ...usualSettings, ...row.settings },
    progress: { share: row.share, step: row.step, remainingMs: row.remainingMs },
    queuePosition: positions.get(row.id) ?? null,
    createdAt: row.createdAt.toISOString(),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    fingerprint: row.fingerprint,
    fingerprintAgrees: row.fingerprintAgrees,
    summary: row.summary,
    problem: row.problem,
  };
}
