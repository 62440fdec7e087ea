import type { MailKind } from "@trading/contracts/mail";
import { sql as raw } from "drizzle-orm";
import type { Envelope, Place } from "../platform/envelope.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";
import { inboxMessages, mails } from "./schema.ts";

/** A mail as a slice wishes for it. */
export type Letter = Readonly<{
  kind: MailKind;
  userId: string;
  /** Null: only the inbox is told. */
  recipient: string | null;
  /** What the text names. */
  facts?: Readonly<Record<string, string>>;
  /** The token of a one-time link, and when the link ends. */
  link?: Readonly<{ token: string; endsAt: Date }>;
  /** It happened to the account: its inbox tells it too. */
  isNews?: boolean;
}>;

/** Wishes for a mail: it is sent once the transaction that `sql` runs in has committed, never otherwise. */
export type Post = (sql: Sql, letter: Letter) => Promise<void>;

export const secretPlace = (rowId: string, userId: string): Place => ({
  table: "mails",
  rowId,
  userId,
  column: "secret",
});

/** Whoever writes mails needs the envelope only: no mail server, no template. */
export function createPost(envelope: Envelope): Post {
  return async (sql, letter) => {
    const { kind, userId, recipient, facts = {}, link } = letter;
    if (letter.isNews === true) await recordNews(sql, letter);
    if (recipient === null) return;
    const id = newId();
    const secret =
      link === undefined ? null : await envelope.seal(link.token, secretPlace(id, userId));
    const uselessAt = link?.endsAt ?? null;
    await sql.insert(mails).values({ id, userId, kind, recipient, facts, secret, uselessAt });
    await addToOutbox(sql, "send-mails", {});
  };
}

async function recordNews(sql: Sql, { kind, userId, facts = {} }: Letter): Promise<void> {
  const id = newId();
  await sql.insert(inboxMessages).values({ id, userId, kind, facts });
  await publish(sql, userId, { kind: "inbox", id });
}

/** Puts a message behind the bell of everybody who has an account; linked chats get it from there. */
export async function tellEverybody(
  sql: Sql,
  { kind, facts = {} }: Pick<Letter, "kind" | "facts">,
): Promise<void> {
  await sql.execute(raw`
    insert into inbox_messages (id, user_id, kind, facts)
    select gen_random_uuid(), id, ${kind}, ${JSON.stringify(facts)}::jsonb
    from users where erase_at is null`);
  await publish(sql, "all", { kind: "inbox", id: "all" });
}
