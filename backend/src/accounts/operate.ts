import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type Asker, lockAsker } from "./asker.ts";
import type { Actor } from "./audit.ts";

/** Who operates the site, in which session and from where. */
export type Operator = Asker & Readonly<{ address: string }>;
/** Whoever may run commands on the machine. */
export type CommandLine = Actor & Readonly<{ id: null }>;

/** Who asks, in which session, and as the audit log names them. */
export const actorOf = ({ user, ip: address }: FastifyRequest): Operator => {
  const { id, sessionId, epoch } = user;
  return { id, sessionId, epoch, address };
};

/**
 * What an operator does, in a transaction that holds their account first: whoever was suspended, demoted or signed out
 * while their request was under way does nothing any more. Throws `not-signed-in` or `forbidden`.
 */
export const operate = <Result>(
  sql: Sql,
  actor: Operator | CommandLine,
  deed: (transaction: Sql) => Promise<Result>,
): Promise<Result> =>
  inTransaction(sql, async (transaction) => {
    if (actor.id !== null) await lockOperator(transaction, actor);
    return deed(transaction);
  });

/** The lock of it alone, in a transaction: their session lives, and they still have the role. */
export async function lockOperator(transaction: Sql, actor: Operator): Promise<void> {
  const { role } = await lockAsker(transaction, actor);
  if (role !== "admin")
    throw new PlatformError("forbidden", "Your role does not include this action.");
}
