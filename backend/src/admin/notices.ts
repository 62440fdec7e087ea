import type { announcementRequest } from "@trading/contracts/admin";
import type { Announcement, LegalKind, LegalText } from "@trading/contracts/notices";
import { and, desc, eq, gt, isNull, or, sql as raw } from "drizzle-orm";
import type { z } from "zod";
import { recordDeed } from "../accounts/audit.ts";
import { type Operator, operate } from "../accounts/operate.ts";
import { tellEverybody } from "../mail/post.ts";
import { NotFound } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { announcements, legalAcceptances, legalTexts } from "./schema.ts";
import { stale } from "./site.ts";

export type Notices = ReturnType<typeof createNotices>;

/** What operators tell everybody: announcements, and texts that people agree to. */
export function createNotices(sql: Sql) {
  return {
    /** What is announced now, the newest first. */
    async announcements(): Promise<Announcement[]> {
      const rows = await sql
        .select()
        .from(announcements)
        .where(or(isNull(announcements.endsAt), gt(announcements.endsAt, raw`now()`)))
        .orderBy(desc(announcements.id))
        .limit(20);
      return rows.map((row) => ({
        ...row,
        createdAt: row.createdAt.toISOString(),
        endsAt: row.endsAt?.toISOString() ?? null,
      }));
    },

    announce: (actor: Operator, request: z.infer<typeof announcementRequest>): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const { text, tone, endsAt, reason } = request;
        const id = newId();
        await transaction
          .insert(announcements)
          .values({ id, text, tone, endsAt: endsAt === null ? null : new Date(endsAt) });
        await publish(transaction, "all", { kind: "announcement", id });
        await tellEverybody(transaction, { kind: "announcement", facts: { text } });
        await recordDeed(transaction, actor, {
          ...{ action: "announced", target: text.slice(0, 80), targetId: id, reason },
          after: { text, tone, endsAt },
        });
      }),

    endAnnouncement: (actor: Operator, id: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const [ended] = await transaction
          .update(announcements)
          .set({ endsAt: raw`now()` })
          .where(
            and(
              eq(announcements.id, id),
              or(isNull(announcements.endsAt), gt(announcements.endsAt, raw`now()`)),
            ),
          )
          .returning({ text: announcements.text });
        if (ended === undefined) throw new NotFound("announcement", id);
        await publish(transaction, "all", { kind: "announcement", id });
        const target = ended.text.slice(0, 80);
        const deed = { action: "announcement-ended", target, targetId: id } as const;
        await recordDeed(transaction, actor, { ...deed, reason: "ended by hand" });
      }),

    /** Of each text the newest version. */
    legalTexts: (): Promise<LegalText[]> => newestTexts(sql),

    async legalText(kind: LegalKind): Promise<LegalText> {
      const found = (await newestTexts(sql)).find((one) => one.kind === kind);
      if (found === undefined) throw new NotFound("text", kind);
      return found;
    },

    publishLegal: (actor: Operator, kind: LegalKind, text: string, reason: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        await transaction.execute(raw`select pg_advisory_xact_lock(${writeLock})`);
        const old = (await newestTexts(transaction)).find((one) => one.kind === kind);
        const version = (old?.version ?? 0) + 1;
        await transaction.insert(legalTexts).values({ kind, version, text });
        await publish(transaction, "all", { kind: "announcement", id: `legal:${kind}` });
        await recordDeed(transaction, actor, {
          ...{ action: "legal-text-published", target: kind, targetId: kind, reason },
          ...{ before: { version: old?.version ?? 0 }, after: { version } },
        });
      }),

    /** What this user agreed to, of the newest texts. */
    async ownLegal(userId: string) {
      const texts = await newestTexts(sql);
      const accepted = await sql
        .select()
        .from(legalAcceptances)
        .where(eq(legalAcceptances.userId, userId));
      return texts.map(({ kind, version }) => ({
        kind,
        version,
        acceptedAt:
          accepted.find((one) => one.kind === kind && one.version === version)?.at.toISOString() ??
          null,
      }));
    },

    /** Only the newest version can be agreed to: nobody agrees to what they could not read. */
    async acceptLegal(userId: string, kind: LegalKind, version: number, address: string) {
      const newest = (await newestTexts(sql)).find((one) => one.kind === kind);
      if (newest?.version !== version) throw stale();
      await sql
        .insert(legalAcceptances)
        .values({ userId, kind, version, address })
        .onConflictDoNothing();
    },
  };
}

/** Any number of our own: whoever publishes a text holds it. */
const writeLock = 7_302_004;

/** Of each text the newest version. */
export async function newestTexts(sql: Sql): Promise<LegalText[]> {
  const rows = await sql
    .selectDistinctOn([legalTexts.kind])
    .from(legalTexts)
    .orderBy(legalTexts.kind, desc(legalTexts.version));
  return rows.map((row) => ({ ...row, publishedAt: row.publishedAt.toISOString() }));
}
