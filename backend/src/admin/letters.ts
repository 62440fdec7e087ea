import type { MailLine, mailQuery } from "@trading/contracts/admin";
import { mailKinds } from "@trading/contracts/mail";
import { sql as raw } from "drizzle-orm";
import type { z } from "zod";
import { recordDeed } from "../accounts/audit.ts";
import { type Operator, operate } from "../accounts/operate.ts";
import { howToDelete } from "../exchange-accounts/how-to-delete.ts";
import { createMailQueue } from "../mail/mail-queue.ts";
import type { Post } from "../mail/post.ts";
import { writeMail } from "../mail/write-mail.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";

type Needs = Readonly<{ sql: Sql; post: Post; frontendUrl: string }>;
type Query = z.infer<typeof mailQuery>;

export type Letters = ReturnType<typeof createLetters>;

/** Mails of everybody as operators see them: whether they went out, never what they say. */
export function createLetters({ sql, post, frontendUrl }: Needs) {
  return {
    async list({ state, kind, page, pageSize }: Query) {
      const where = raw`(${state ?? null}::text is null or m.state = ${state ?? null})
        and (${kind ?? null}::text is null or m.kind = ${kind ?? null})`;
      const { rows } = await sql.execute<Row>(raw`
        select m.id, m.user_id, u.name as user_name, m.kind, m.recipient, m.state, m.attempts,
          m.last_error, m.created_at, m.ended_at,
          m.state = 'dead' and m.useless_at is null as can_resend
        from mails m join users u on u.id = m.user_id where ${where}
        order by m.created_at desc, m.id desc limit ${pageSize} offset ${(page - 1) * pageSize}`);
      const total = await sql.execute<{ count: number }>(
        raw`select count(*)::int as count from mails m where ${where}`,
      );
      return { items: rows.map(lineOf), total: total.rows[0]?.count ?? 0, page, pageSize };
    },

    /** A dead letter goes out again. */
    resend: (actor: Operator, mailId: string, reason: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const { rows } = await transaction.execute<{ kind: string; name: string }>(raw`
          select m.kind, u.name from mails m join users u on u.id = m.user_id where m.id = ${mailId}`);
        const [mail] = rows;
        if (mail === undefined) throw new NotFound("mail", mailId);
        if ((await createMailQueue(transaction).revive(mailId)) === 0) {
          throw new PlatformError("conflict", "This mail is no dead letter, or its link is gone.");
        }
        await addToOutbox(transaction, "send-mails", {});
        const target = `${mail.kind} to ${mail.name}`;
        const deed = { action: "mail-resent", target, targetId: mailId, reason } as const;
        await recordDeed(transaction, actor, deed);
      }),

    /** A mail to the operator who asks, to see that mails arrive. */
    test: (actor: Operator): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const { rows } = await transaction.execute<{ name: string; email: string }>(
          raw`select name, email from users where id = ${actor.id}`,
        );
        const { name = "", email = "" } = rows[0] ?? {};
        await post(transaction, {
          ...{ kind: "test", userId: actor.id, recipient: email },
          facts: { name },
        });
        await recordDeed(transaction, actor, {
          ...{
            action: "mail-tested",
            target: name,
            targetId: actor.id,
            reason: "to see that mails arrive",
          },
        });
      }),

    /** Every mail as it looks, about somebody who does not exist. */
    previews: (siteName: string) =>
      mailKinds.map((kind) => ({
        kind,
        ...writeMail(kind, example, "the-link-of-this-mail", { siteName, frontendUrl }),
      })),
  };
}

const example = {
  text: "On Sunday from 02:00 to 02:10 UTC this site restarts. What runs goes on afterwards.",
  ...{ name: "Robin", device: "Firefox on Linux", origin: "203.0.113.7", left: "7", days: "7" },
  ...{ exchange: "Binance spot", label: "Main", keyEnd: "x7Qa", keys: "“Main” (…x7Qa)" },
  steps: howToDelete.binance,
  ...{ before: "user", after: "support", country: "Germany" },
  ...{
    address: "robin@example.com",
    operator: "Sam",
    reason: "a question about a failed backtest",
  },
};

type Row = {
  id: string;
  user_id: string;
  user_name: string;
  kind: MailLine["kind"];
  recipient: string;
  state: MailLine["state"];
  attempts: number;
  last_error: string | null;
  created_at: string;
  ended_at: string | null;
  can_resend: boolean;
};

const lineOf = (row: Row): MailLine => ({
  ...{ id: row.id, userId: row.user_id, userName: row.user_name, kind: row.kind },
  ...{ recipient: row.recipient, state: row.state, attempts: row.attempts },
  ...{ lastError: row.last_error, canResend: row.can_resend },
  createdAt: new Date(row.created_at).toISOString(),
  endedAt: row.ended_at === null ? null : new Date(row.ended_at).toISOString(),
});
