import type { Overview, QueueView } from "@trading/contracts/admin";
import { desc, sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";
import { queueReports, workers } from "../platform/schema.ts";

type Figures = Record<string, number | string | null>;

/** All figures of the dashboard, counted by the database in one go. */
export async function readOverview(sql: Sql, isHalted: boolean): Promise<Overview> {
  const { rows } = await sql.execute<Figures>(figures);
  const found = rows[0] ?? {};
  const figure = (name: string): number => Number(found[name] ?? 0);
  const oldest = found.oldest_queued_at;
  return {
    users: {
      total: figure("users"),
      closed: figure("closed"),
      suspended: figure("suspended"),
      unproven: figure("unproven"),
      newThisWeek: figure("new_this_week"),
      activeToday: figure("active_today"),
    },
    sessions: figure("sessions"),
    backtests: {
      queued: figure("queued"),
      running: figure("running"),
      doneToday: figure("done_today"),
      failedToday: figure("failed_today"),
      total: figure("backtests"),
      oldestQueuedAt: typeof oldest === "string" ? new Date(oldest).toISOString() : null,
    },
    dataTasks: {
      queued: figure("tasks_queued"),
      running: figure("tasks_running"),
      failedToday: figure("tasks_failed_today"),
    },
    mails: { queued: figure("mails_queued"), dead: figure("mails_dead") },
    series: {
      total: figure("series"),
      rows: figure("series_rows"),
      bytes: figure("series_bytes"),
    },
    strategies: { total: figure("strategies"), withProblem: figure("strategies_refused") },
    databaseBytes: figure("database_bytes"),
    outboxWaiting: figure("outbox"),
    queues: (await readQueues(sql)).map(({ deadJobs: _, ...queue }) => queue),
    processes: await readProcesses(sql),
    isHalted,
  };
}

const figures = raw`
  select
    (select count(*) from users where erase_at is null) as users,
    (select count(*) from users where erase_at is not null) as closed,
    (select count(*) from users where suspended_at is not null and erase_at is null) as suspended,
    (select count(*) from users where email_proven_at is null and erase_at is null) as unproven,
    (select count(*) from users
      where created_at > now() - interval '7 days' and erase_at is null) as new_this_week,
    (select count(distinct s.user_id) from sessions s join users u on u.id = s.user_id
      where s.used_at > now() - interval '1 day' and s.impersonator_id is null
        and u.erase_at is null) as active_today,
    (select count(*) from sessions where revoked_at is null and expires_at > now()) as sessions,
    (select count(*) from backtests) as backtests,
    (select count(*) from backtests where status = 'queued') as queued,
    (select count(*) from backtests where status = 'running') as running,
    (select count(*) from backtests
      where status = 'done' and finished_at > now() - interval '1 day') as done_today,
    (select count(*) from backtests
      where status = 'failed' and finished_at > now() - interval '1 day') as failed_today,
    (select min(created_at)::text from backtests where status = 'queued') as oldest_queued_at,
    (select count(*) from data_tasks where status = 'queued') as tasks_queued,
    (select count(*) from data_tasks where status = 'running') as tasks_running,
    (select count(*) from data_tasks
      where status = 'failed' and finished_at > now() - interval '1 day') as tasks_failed_today,
    (select count(*) from mails where state = 'queued') as mails_queued,
    (select count(*) from mails where state = 'dead') as mails_dead,
    (select count(*) from series) as series,
    (select coalesce(sum(rows), 0) from series) as series_rows,
    (select coalesce(sum(bytes), 0) from series) as series_bytes,
    (select count(*) from strategy_files where version is not null) as strategies,
    (select count(*) from strategy_files where problem is not null) as strategies_refused,
    pg_database_size(current_database()) as database_bytes,
    (select count(*) from outbox) as outbox`;

/** The queues as a worker last counted them, with the newest of their dead jobs. */
export async function readQueues(sql: Sql): Promise<QueueView[]> {
  const rows = await sql.select().from(queueReports).orderBy(queueReports.queue);
  return rows.map(({ queue, deadJobs, at, ...counts }) => ({
    name: queue,
    ...counts,
    deadJobs: [...deadJobs],
    at: at.toISOString(),
  }));
}

export async function countOutbox(sql: Sql): Promise<number> {
  const { rows } = await sql.execute<{ count: number }>(
    raw`select count(*)::int as count from outbox`,
  );
  return rows[0]?.count ?? 0;
}

async function readProcesses(sql: Sql): Promise<Overview["processes"]> {
  const rows = await sql
    .select({
      id: workers.id,
      kind: workers.kind,
      host: workers.host,
      processId: workers.processId,
      queues: workers.queues,
      startedAt: workers.startedAt,
      heartbeatAt: workers.heartbeatAt,
      isAlive: raw<boolean>`${workers.heartbeatAt} > now() - interval '30 seconds'`,
    })
    .from(workers)
    .orderBy(desc(workers.kind), workers.startedAt);
  return rows.map((row) => ({
    ...row,
    queues: row.queues === "" ? [] : row.queues.split(","),
    startedAt: row.startedAt.toISOString(),
    heartbeatAt: row.heartbeatAt.toISOString(),
  }));
}
