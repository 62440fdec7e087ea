import type { Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { endApiTokens } from "./api-tokens.ts";
import { createKnownDevices } from "./known-devices.ts";

/**
 * Ends what somebody else may have prepared to come back: links that are open, addresses that wait for theirs, programs,
 * browsers but the one that asks. Codes for a chat end with the epoch, as sessions do.
 */
export async function withdrawWaysIn(
  sql: Sql,
  userId: string,
  ownDevice: string | undefined,
): Promise<void> {
  await createAccountTokens(sql).withdraw(userId, "reset-password", "prove-address");
  await endApiTokens(sql, userId);
  await createKnownDevices(sql).forgetOthers(userId, ownDevice);
}
