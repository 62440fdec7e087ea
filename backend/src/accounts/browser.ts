import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { judgeToken, type Origin } from "./sessions.ts";
import type { User } from "./store.ts";

/** Who asks, and the refresh token that their browser shows for it. */
export type Browser = Asker & Pick<Origin, "refreshToken">;

/**
 * `changeAccount` for what is answered with a new cookie: only the browser that shows the one of its session may do it,
 * since an access token alone prolongs nothing. A token that was used before ends its session also here, which holds
 * though nothing else is changed. Not inside another transaction: that would take it back. Throws `forbidden`.
 */
export async function changeByBrowser<Result>(
  sql: Sql,
  browser: Browser,
  change: (transaction: Sql, user: User) => Promise<Result>,
): Promise<Result> {
  const { refreshToken, sessionId } = browser;
  const done = await changeAccount(sql, browser, async (transaction, user) => {
    const shown = refreshToken === undefined ? null : await judgeToken(transaction, refreshToken);
    return shown?.sessionId === sessionId ? { result: await change(transaction, user) } : null;
  });
  if (done === null)
    throw new PlatformError("forbidden", "Only the browser that is signed in may do this.");
  return done.result;
}
