import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import type { Confirmations } from "./confirmations.ts";
import { createAccountStore, type User } from "./store.ts";

/** Who asks, as the database knows them now. */
export async function userOf(sql: Sql, { user }: FastifyRequest): Promise<User> {
  const found = await createAccountStore(sql).find(user.id);
  if (found === null) throw new PlatformError("not-signed-in", "Sign in again.");
  return found;
}

/** The same, for what is dangerous: they showed lately that it is them. Throws as `Confirmations.require`. */
export async function confirmedUserOf(
  { sql, confirmations }: Readonly<{ sql: Sql; confirmations: Confirmations }>,
  request: FastifyRequest,
): Promise<User> {
  await confirmations.require(request);
  return userOf(sql, request);
}
