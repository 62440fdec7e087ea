import type { InboxMessage } from "@trading/contracts/mail";
import { and, count, desc, eq, isNull, sql as raw } from "drizzle-orm";
import { publish } from "../platform/events.ts";
import type { Sql } from "../platform/postgres.ts";
import { inboxMessages } from "./schema.ts";
import { writeNews } from "./write-mail.ts";

const shownMax = 50;

/** What a user was told of their account. */
export async function readInbox(
  sql: Sql,
  userId: string,
): Promise<{ items: InboxMessage[]; unread: number }> {
  const rows = await sql
    .select()
    .from(inboxMessages)
    .where(eq(inboxMessages.userId, userId))
    .orderBy(desc(inboxMessages.createdAt), desc(inboxMessages.id))
    .limit(shownMax);
  const [{ unread = 0 } = {}] = await sql
    .select({ unread: count() })
    .from(inboxMessages)
    .where(isUnread(userId));
  const items = rows.map(({ id, kind, facts, createdAt, readAt }) => ({
    ...writeNews(kind, facts),
    id,
    at: createdAt.toISOString(),
    isRead: readAt !== null,
  }));
  return { items, unread };
}

/** Everything was seen, in whichever tab. */
export async function markInboxRead(sql: Sql, userId: string): Promise<void> {
  const { rowCount } = await sql
    .update(inboxMessages)
    .set({ readAt: raw`now()` })
    .where(isUnread(userId));
  if ((rowCount ?? 0) > 0) await publish(sql, userId, { kind: "inbox", id: "all" });
}

const isUnread = (userId: string) =>
  and(eq(inboxMessages.userId, userId), isNull(inboxMessages.readAt));
