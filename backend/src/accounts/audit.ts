import type { AuditAction, AuditEntry, auditFilter } from "@trading/contracts/audit";
import { and, count, desc, eq, gte, lt, sql as raw, type SQL } from "drizzle-orm";
import type { z } from "zod";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { auditLog, users } from "./schema.ts";

/** Who does it and from where; without an id it is whoever may run commands on the machine. */
export type Actor = Readonly<{ id: string | null; address: string }>;

export type Deed = Readonly<{
  action: AuditAction;
  /** What it is done to, by the name people know it by. */
  target: string;
  targetId?: string | null;
  before?: unknown;
  after?: unknown;
  reason: string;
}>;

type Filter = z.infer<typeof auditFilter>;

const commandLine = "command line";

/** Adds a line to the audit log: call it in the transaction of the deed, so that neither is there without the other. */
export async function recordDeed(sql: Sql, { id, address }: Actor, deed: Deed): Promise<void> {
  const { action, target, targetId = null, before = null, after = null, reason } = deed;
  const actorName =
    id === null
      ? commandLine
      : raw<string>`coalesce((select name from ${users} where ${users.id} = ${id}), '')`;
  await sql.insert(auditLog).values({
    ...{ id: newId(), actorId: id, actorName, address },
    ...{ action, target, targetId, before, after, reason },
  });
}

/** The audit log as it is read; nothing else can be done with it. */
export function createAuditLog(sql: Sql) {
  const read = (filter: Filter, limit: number, offset: number) =>
    sql
      .select()
      .from(auditLog)
      .where(whereOf(filter))
      .orderBy(desc(auditLog.id))
      .limit(limit)
      .offset(offset);
  return {
    /** The newest first. */
    async list(filter: Filter, page: number, pageSize: number) {
      const rows = await read(filter, pageSize, (page - 1) * pageSize);
      const [total] = await sql.select({ count: count() }).from(auditLog).where(whereOf(filter));
      return { items: rows.map(entryOf), total: total?.count ?? 0, page, pageSize };
    },

    /** All that match, up to a bound that a spreadsheet still opens. */
    async all(filter: Filter): Promise<AuditEntry[]> {
      return (await read(filter, 100_000, 0)).map(entryOf);
    },
  };
}
export type AuditLog = ReturnType<typeof createAuditLog>;

function whereOf({ search, action, actorId, targetId, from, to }: Filter): SQL | undefined {
  const pattern = `%${search.replace(/[\\%_]/g, "\\$&")}%`;
  return and(
    search === ""
      ? undefined
      : raw`(${auditLog.actorName} || ' ' || ${auditLog.target} || ' ' || ${auditLog.reason}) ilike ${pattern}`,
    action === undefined ? undefined : eq(auditLog.action, action),
    actorId === undefined ? undefined : eq(auditLog.actorId, actorId),
    targetId === undefined ? undefined : eq(auditLog.targetId, targetId),
    from === undefined ? undefined : gte(auditLog.at, new Date(from)),
    to === undefined ? undefined : lt(auditLog.at, new Date(to)),
  );
}

const entryOf = (row: typeof auditLog.$inferSelect): AuditEntry => ({
  ...row,
  at: row.at.toISOString(),
  before: (row.before ?? null) as AuditEntry["before"],
  after: (row.after ?? null) as AuditEntry["after"],
});
