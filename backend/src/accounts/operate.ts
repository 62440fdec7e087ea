import { eq, inArray, or } from "drizzle-orm";
import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type Asker, lockAsker } from "./asker.ts";
import type { Actor } from "./audit.ts";
import { users } from "./schema.ts";

/** Who operates the site, in which session and from where. */
export type Operator = Asker & Readonly<{ address: string }>;
/** Whoever may run commands on the machine. */
export type CommandLine = Actor & Readonly<{ id: null }>;

/** Who asks, in which session, and as the audit log names them. */
export const actorOf = ({ user, ip: address }: FastifyRequest): Operator => {
  const { id, sessionId, epoch } = user;
  return { id, sessionId, epoch, address };
};

/** Whose account a deed changes; with `admins`, whether anybody else can operate is asked too. */
type Touched = Readonly<{ userId: string; admins?: boolean }>;

/**
 * What an operator does: in a transaction that holds their account first, in a session that lives and a role that is
 * there. Whoever was suspended, demoted or signed out while their request was under way does nothing any more. Throws
 * `not-signed-in` or `forbidden`.
 */
export const operate = <Result>(
  sql: Sql,
  actor: Operator | CommandLine,
  deed: (transaction: Sql) => Promise<Result>,
  touched?: Touched,
): Promise<Result> =>
  inTransaction(sql, async (transaction) => {
    if (actor.id !== null) {
      if (touched !== undefined) await lockInOrder(transaction, actor.id, touched);
      const { role } = await lockAsker(transaction, actor);
      if (role !== "admin")
        throw new PlatformError("forbidden", "Your role does not include this action.");
    }
    return deed(transaction);
  });

/** All accounts at once and in one order, so that operators who change each other do not wait in a circle. */
const lockInOrder = (transaction: Sql, actorId: string, { userId, admins = false }: Touched) =>
  transaction
    .select({ id: users.id })
    .from(users)
    .where(or(inArray(users.id, [actorId, userId]), admins ? eq(users.role, "admin") : undefined))
    .orderBy(users.id)
    .for("no key update");
