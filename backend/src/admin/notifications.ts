import type { NotificationLine, notificationQuery } from "@trading/contracts/notifications";
import { sql as raw } from "drizzle-orm";
import type { z } from "zod";
import type { Sql } from "../platform/postgres.ts";

/** Messages behind everybody's bell and in their chats: that they are there, never what they say. */
export async function listNotifications(sql: Sql, query: z.infer<typeof notificationQuery>) {
  const { state = null, chat = null, kind = null, page, pageSize } = query;
  const lines = raw`
    select m.id, m.user_id, u.name as user_name, m.kind, m.created_at, m.read_at, m.passed_on_at,
      coalesce(l.failures, 0) as failures,
      case when m.passed_on_at is not null then 'passed-on'
        when m.created_at >= l.linked_at then 'waiting' else 'none' end as chat
    from inbox_messages m
      join users u on u.id = m.user_id
      left join telegram_links l on l.user_id = m.user_id`;
  const where = raw`(${kind}::text is null or kind = ${kind})
    and (${state}::text is null or (read_at is null) = (${state} = 'unread'))
    and (${chat}::text is null or chat = ${chat})`;
  const { rows } = await sql.execute<Row>(raw`
    select * from (${lines}) lines where ${where}
    order by created_at desc, id desc limit ${pageSize} offset ${(page - 1) * pageSize}`);
  const total = await sql.execute<{ count: number }>(
    raw`select count(*)::int as count from (${lines}) lines where ${where}`,
  );
  return { items: rows.map(lineOf), total: total.rows[0]?.count ?? 0, page, pageSize };
}

type Row = {
  id: string;
  user_id: string;
  user_name: string;
  kind: NotificationLine["kind"];
  created_at: string;
  read_at: string | null;
  passed_on_at: string | null;
  chat: NotificationLine["chat"];
  failures: number;
};

const instant = (at: string | null): string | null =>
  at === null ? null : new Date(at).toISOString();

const lineOf = (row: Row): NotificationLine => ({
  ...{ id: row.id, userId: row.user_id, userName: row.user_name, kind: row.kind },
  ...{ chat: row.chat, chatFailures: row.failures },
  createdAt: new Date(row.created_at).toISOString(),
  readAt: instant(row.read_at),
  passedOnAt: instant(row.passed_on_at),
});
