import type { BacktestResult, BacktestView, Trade } from "@trading/contracts/backtests";
import type { Fill } from "@trading/contracts/fills";
import type { Problem } from "@trading/contracts/problems";
import { and, eq, inArray, sql as raw } from "drizzle-orm";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { mayBegin } from "../platform/standstill.ts";
import { backtestResults, backtests, backtestTurns } from "./schema.ts";
import { compressRows } from "./trades.ts";

export type ClaimedBacktest = typeof backtests.$inferSelect;

/** One try of one worker at one backtest. Whatever it writes counts only while the row says that it is the one. */
export type Claim = Readonly<{ id: string; userId: string; workerId: string; attempt: number }>;

/** Names a backtest and whom to tell of it. */
export type BacktestKey = Readonly<{ id: string; userId: string }>;

export type Outcome = Readonly<{
  result: BacktestResult;
  trades: readonly Trade[];
  fills: readonly Fill[];
  summary: NonNullable<BacktestView["summary"]>;
}>;

export type BacktestQueue = ReturnType<typeof createBacktestQueue>;

/** How long a worker may be silent before others take its backtests. It is heard every second. */
export const silenceMs = 3_000;
/** A backtest that was begun so often without an end is given up. */
const attemptsMax = 50;

/** What workers do with backtests: take the next one, say how it goes, write its end once. */
export function createBacktestQueue(sql: Sql) {
  return {
    /** Takes the next backtest there is for this worker; null when there is none. */
    claim: (workerId: string, perUserMax: number) => claimNext(sql, workerId, perUserMax),

    /** Says that the worker is at work on these; tells which of them are still its own. */
    async heartbeat(workerId: string, ids: readonly string[]): Promise<Set<string>> {
      const rows = await sql
        .update(backtests)
        .set({ heartbeatAt: raw`now()` })
        .where(
          and(
            inArray(backtests.id, [...ids]),
            eq(backtests.workerId, workerId),
            eq(backtests.status, "running"),
          ),
        )
        .returning({ id: backtests.id });
      return new Set(rows.map((row) => row.id));
    },

    async recordProgress(claim: Claim, share: number, step: string, remainingMs: number | null) {
      await sql.update(backtests).set({ share, step, remainingMs }).where(stillMine(claim));
    },

    /** Writes result, trades and fills, once; false when the backtest is not this try's any more. */
    async recordDone(claim: Claim, { result, trades, fills, summary }: Outcome): Promise<boolean> {
      const [compressed, ofFills] = [await compressRows(trades), await compressRows(fills)];
      return inTransaction(sql, async (transaction) => {
        const done = await transaction
          .update(backtests)
          .set({
            ...ended,
            status: "done",
            share: 1,
            step: "Done",
            fingerprint: result.fingerprint,
            fingerprintAgrees: raw`${result.fingerprint}::text = ${backtests.expectedFingerprint}`,
            summary,
            netProfitShare: summary.netProfitShare,
            maxDrawdown: summary.maxDrawdown,
            sharpe: summary.sharpe,
            closedTrades: summary.closedTrades,
          })
          .where(stillMine(claim))
          .returning({ id: backtests.id });
        if (done.length === 0) return false;
        await transaction
          .insert(backtestResults)
          .values({ backtestId: claim.id, result, trades: compressed, fills: ofFills });
        return true;
      });
    },

    async recordFailed(claim: Claim, problem: Problem): Promise<boolean> {
      const failed = await sql
        .update(backtests)
        .set({ ...ended, status: "failed", step: "Failed", problem })
        .where(stillMine(claim))
        .returning({ id: backtests.id });
      return failed.length > 0;
    },

    /** Gives a backtest back: this worker stops. */
    async giveBack(claim: Claim): Promise<void> {
      await sql.update(backtests).set(waiting).where(stillMine(claim));
    },

    /** Returns the backtests of silent workers to the queue, and gives up those that never end. */
    requeueAbandoned: () => requeueAbandoned(sql),

    /** Whether backtests wait although none runs: their nudges were lost. */
    async isForgotten(): Promise<boolean> {
      const { rows } = await sql.execute<{ forgotten: boolean }>(raw`
        select exists (select from ${backtests} where status = 'queued')
          and not exists (select from ${backtests} where status = 'running') as forgotten`);
      return rows[0]?.forgotten === true;
    },
  };
}

/** Any number of our own: whoever holds it decides whose turn it is. */
const turnLock = 7_302_003;

/**
 * The turn is of the user with the fewest running, then of whoever was served longest ago; theirs is the oldest. One
 * worker runs at most `perUserMax` for one user, so that a slot is left for somebody else.
 */
async function claimNext(
  sql: Sql,
  workerId: string,
  perUserMax: number,
): Promise<ClaimedBacktest | null> {
  return inTransaction(sql, async (transaction) => {
    if (!(await mayBegin(transaction))) return null;
    await transaction.execute(raw`select pg_advisory_xact_lock(${turnLock})`);
    const next = await transaction.execute<{ id: string; user_id: string }>(raw`
      select waiting.id, turns.user_id
      from backtest_turns turns
      cross join lateral (
        select id from backtests
        where user_id = turns.user_id and status = 'queued'
        order by id limit 1
      ) waiting
      cross join lateral (
        select count(*) as everywhere, count(*) filter (where worker_id = ${workerId}) as here
        from backtests
        where user_id = turns.user_id and status = 'running'
      ) running
      where running.here < ${perUserMax}
      order by running.everywhere, turns.served_at, waiting.id
      limit 1`);
    const [found] = next.rows;
    if (found === undefined) return null;
    await transaction
      .update(backtestTurns)
      .set({ servedAt: raw`clock_timestamp()` })
      .where(eq(backtestTurns.userId, found.user_id));
    const [claimed] = await transaction
      .update(backtests)
      .set({
        status: "running",
        workerId,
        attempt: raw`${backtests.attempt} + 1`,
        startedAt: raw`coalesce(${backtests.startedAt}, now())`,
        heartbeatAt: raw`now()`,
        step: "Starting",
      })
      .where(and(eq(backtests.id, found.id), eq(backtests.status, "queued")))
      .returning();
    return claimed ?? null;
  });
}

type Abandoned = Readonly<{
  requeued: readonly BacktestKey[];
  givenUp: readonly BacktestKey[];
}>;

async function requeueAbandoned(sql: Sql): Promise<Abandoned> {
  const silent = raw`${backtests.status} = 'running'
    and ${backtests.heartbeatAt} < now() - make_interval(secs => ${silenceMs / 1_000})`;
  const key = { id: backtests.id, userId: backtests.userId };
  const givenUp = await sql
    .update(backtests)
    .set({ ...ended, status: "failed", step: "Failed", problem: neverEnds })
    .where(and(silent, raw`${backtests.attempt} >= ${attemptsMax}`))
    .returning(key);
  const requeued = await sql.update(backtests).set(waiting).where(silent).returning(key);
  return { requeued, givenUp };
}

const stillMine = (claim: Claim) =>
  and(
    eq(backtests.id, claim.id),
    eq(backtests.status, "running"),
    eq(backtests.workerId, claim.workerId),
    eq(backtests.attempt, claim.attempt),
  );

const ended = { finishedAt: raw`now()`, remainingMs: null, workerId: null, heartbeatAt: null };
const waiting = {
  status: "queued" as const,
  share: 0,
  step: "Waiting in the queue",
  remainingMs: null,
  workerId: null,
  heartbeatAt: null,
};

const neverEnds: Problem = {
  type: "/api/v1/docs/errors#internal-error",
  title: "Something went wrong on our side",
  status: 500,
  code: "internal-error",
  detail: `The backtest was begun ${attemptsMax} times, and each time its worker died.`,
};
