import { and, eq, isNotNull, sql as raw } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens, graceDays } from "./account-tokens.ts";
import { endApiTokens } from "./api-tokens.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { users } from "./schema.ts";
import { createSessions } from "./sessions.ts";

type Needs = Readonly<{
  sql: Sql;
  post: Post;
  /** Destroys the keys of the user's accounts at exchanges. */
  destroyKeys(sql: Sql, userId: string): Promise<void>;
}>;

export type Closing = ReturnType<typeof createClosing>;

/** How an account ends: closed at once, and erased when its owner has not come back for it. */
export function createClosing({ sql, post, destroyKeys }: Needs) {
  return {
    /** Ends all sessions and tokens, and destroys exchange keys. Whoever reads the mails of the account may take it back for two weeks. */
    async close(asker: Asker): Promise<void> {
      await changeAccount(sql, asker, async (transaction, user) => {
        // As they are now: whoever is made an operator at this moment stays.
        if (user.role === "admin")
          throw new PlatformError("conflict", "An operator gives the role up first.");
        const { id: userId, name, email, emailProvenAt } = user;
        await transaction
          .update(users)
          .set({ eraseAt: raw`now() + make_interval(days => ${graceDays})` })
          .where(eq(users.id, userId));
        await endApiTokens(transaction, userId);
        await destroyKeys(transaction, userId);
        await createSessions(transaction).endAll(userId, "account-closed");
        if (emailProvenAt === null) return;
        const link = await createAccountTokens(transaction).give(userId, "keep-account", email);
        const facts = { name, days: String(graceDays) };
        await post(transaction, { kind: "account-closing", userId, recipient: email, facts, link });
      });
    },

    /** The link in that mail was opened: everything is as before, and nobody is signed in. */
    async keep(token: string): Promise<void> {
      await inTransaction(sql, async (transaction) => {
        const claimed = await createAccountTokens(transaction).claim(token, "keep-account");
        const kept = claimed === null ? 0 : await reopen(transaction, claimed.userId);
        if (kept === 0)
          throw new PlatformError("link-not-valid", "This account is gone, or was never closed.");
      });
    },
  };
}

async function reopen(sql: Sql, userId: string): Promise<number> {
  const { rowCount } = await sql
    .update(users)
    .set({ eraseAt: null })
    .where(and(eq(users.id, userId), isNotNull(users.eraseAt)));
  return rowCount ?? 0;
}
