import { and, eq, inArray, isNull, sql as raw, type SQL } from "drizzle-orm";
import { publishRevocation } from "../platform/events.ts";
import type { Sql } from "../platform/postgres.ts";
import { changedMeanwhile } from "./asker.ts";
import { sessions, users } from "./schema.ts";

/** Why looks end whose operator is none any more, or not here. */
export const lookerLeft = "operator-left";

/** Ends sessions, and with them the looks that were opened from them; gives the ids of the sessions. */
export async function revokeSessions(
  sql: Sql,
  which: SQL | undefined,
  reason: string,
): Promise<readonly string[]> {
  const revoke = (these: SQL | undefined, revokedFor: string) =>
    sql
      .update(sessions)
      .set({ revokedAt: raw`now()`, revokedFor })
      .where(and(these, isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
  const ended = (await revoke(which, reason)).map(({ id }) => id);
  const looks = await revoke(inArray(sessions.impersonatorSessionId, ended), lookerLeft);
  for (const { id: sessionId } of looks) await publishRevocation(sql, { sessionId });
  return ended;
}

/** Every token ever given out stops working, unless its session comes along. */
export async function raiseEpoch(sql: Sql, userId: string): Promise<number> {
  const [user] = await sql
    .update(users)
    .set({ epoch: raw`epoch + 1` })
    .where(eq(users.id, userId))
    .returning({ epoch: users.epoch });
  if (user === undefined) throw changedMeanwhile();
  return user.epoch;
}

export async function endSession(sql: Sql, sessionId: string, reason: string): Promise<void> {
  await revokeSessions(sql, eq(sessions.id, sessionId), reason);
  await publishRevocation(sql, { sessionId });
}
