import type { CurrentUser } from "../platform/authentication.ts";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountStore, lockUser, type User } from "./store.ts";

/** Who asks: in which session, and by a token of which epoch. */
export type Asker = Pick<CurrentUser, "id" | "sessionId" | "epoch">;

/**
 * Changes what opens an account, or gives a way in that lasts: under the lock of the account, for its user as they are
 * now. A request that was let in before a new password, a suspension or the end of its session changes nothing after
 * it. Throws `not-signed-in`.
 */
export const changeAccount = <Result>(
  sql: Sql,
  asker: Asker,
  change: (transaction: Sql, user: User) => Promise<Result>,
): Promise<Result> =>
  inTransaction(sql, async (transaction) =>
    change(transaction, await lockAsker(transaction, asker)),
  );

/** The lock of it alone, in a transaction. */
export async function lockAsker(transaction: Sql, asker: Asker): Promise<User> {
  const { id, sessionId, epoch } = asker;
  const user = await lockUser(transaction, id);
  const live = await createAccountStore(transaction).findLiveSession(sessionId);
  if (user === null || live?.userId !== id || live.epoch !== epoch) throw changedMeanwhile();
  return user;
}

export const changedMeanwhile = () =>
  new PlatformError("not-signed-in", "Your account changed meanwhile: sign in again.");
