import type { MailKind } from "@trading/contracts/mail";
import { and, desc, eq, inArray, lt, sql as raw } from "drizzle-orm";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";
import { caughtMails, inboxMessages, mails } from "./schema.ts";
import type { WrittenMail } from "./write-mail.ts";

export type DueMail = Readonly<{
  id: string;
  userId: string;
  kind: MailKind;
  recipient: string;
  facts: Readonly<Record<string, string>>;
  secret: string | null;
  uselessAt: Date | null;
  /** This one included. */
  attempts: number;
}>;

/** While one worker sends a mail nobody else does; one that died with it is followed after so long. */
const claimSeconds = 120;
const keptDays = 30;
const caughtDays = 7;
const newsDays = 180;

export type MailQueue = ReturnType<typeof createMailQueue>;

/** Mails on their way out, as a worker sees them. */
export function createMailQueue(sql: Sql) {
  const end = (id: string, state: "sent" | "dead", lastError: string | null) =>
    sql
      .update(mails)
      .set({ state, lastError, secret: null, endedAt: raw`now()` })
      .where(and(eq(mails.id, id), eq(mails.state, "queued")));

  return {
    /** Takes the mail that is due longest; null when none is. */
    async claim(): Promise<DueMail | null> {
      const next = sql
        .select({ id: mails.id })
        .from(mails)
        .where(and(eq(mails.state, "queued"), raw`${mails.nextAttemptAt} <= now()`))
        .orderBy(mails.nextAttemptAt)
        .limit(1)
        .for("update", { skipLocked: true });
      const [mail] = await sql
        .update(mails)
        .set({
          attempts: raw`${mails.attempts} + 1`,
          nextAttemptAt: raw`now() + make_interval(secs => ${claimSeconds})`,
        })
        .where(inArray(mails.id, next))
        .returning({
          id: mails.id,
          userId: mails.userId,
          kind: mails.kind,
          recipient: mails.recipient,
          facts: mails.facts,
          secret: mails.secret,
          uselessAt: mails.uselessAt,
          attempts: mails.attempts,
        });
      return mail ?? null;
    },

    async recordSent(id: string): Promise<void> {
      await end(id, "sent", null);
    },

    /** Gives a mail up; it stays on the list of dead letters. */
    async recordDead(id: string, reason: string): Promise<void> {
      await end(id, "dead", reason);
    },

    async recordDelay(id: string, seconds: number, reason: string): Promise<void> {
      await sql
        .update(mails)
        .set({ lastError: reason, nextAttemptAt: raw`now() + make_interval(secs => ${seconds})` })
        .where(and(eq(mails.id, id), eq(mails.state, "queued")));
    },

    async recordCaught(id: string, mail: WrittenMail, { kind, recipient }: DueMail): Promise<void> {
      const { subject, text, html } = mail;
      await sql
        .insert(caughtMails)
        .values({ id, kind, recipient, subject, text, html })
        .onConflictDoNothing();
    },

    async removeOld(): Promise<void> {
      await sql
        .delete(mails)
        .where(
          and(
            inArray(mails.state, ["sent", "dead"]),
            lt(mails.createdAt, raw`now() - make_interval(days => ${keptDays})`),
          ),
        );
      await sql
        .delete(caughtMails)
        .where(lt(caughtMails.at, raw`now() - make_interval(days => ${caughtDays})`));
      await sql
        .delete(inboxMessages)
        .where(lt(inboxMessages.createdAt, raw`now() - make_interval(days => ${newsDays})`));
    },

    /** The newest first; facts and links are not shown. */
    list: (state: "queued" | "sent" | "dead", limit: number) =>
      sql
        .select({
          id: mails.id,
          kind: mails.kind,
          recipient: mails.recipient,
          attempts: mails.attempts,
          lastError: mails.lastError,
          createdAt: mails.createdAt,
        })
        .from(mails)
        .where(eq(mails.state, state))
        .orderBy(desc(mails.createdAt))
        .limit(limit),

    /** Dead letters go out again, all or the one named; those whose link is gone cannot. Tells how many. */
    async revive(id: string | null): Promise<number> {
      const { rowCount } = await sql.execute(raw`
        update mails set state = 'queued', attempts = 0, next_attempt_at = now(), ended_at = null
        where state = 'dead' and useless_at is null and (${id}::uuid is null or id = ${id}::uuid)`);
      await addToOutbox(sql, "send-mails", {});
      return rowCount ?? 0;
    },
  };
}

/** What development caught, the newest first. */
export async function readMailbox(sql: Sql) {
  const rows = await sql.select().from(caughtMails).orderBy(desc(caughtMails.at)).limit(50);
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
