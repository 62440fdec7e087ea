import type { FastifyRequest } from "fastify";
import { type Actor, recordDeed } from "../accounts/audit.ts";
import type { Sql } from "../platform/postgres.ts";

/** Who asks, as the audit log names them. */
export const actorOf = (request: FastifyRequest): Actor & { id: string } => ({
  id: request.user.id,
  address: request.ip,
});

/** A list about people leaves the site: the log keeps who took it and what it was narrowed to. */
export const recordSaved = (sql: Sql, actor: Actor, target: string, filter: object) =>
  recordDeed(sql, actor, {
    ...{ action: "list-saved", target, after: filter, reason: "saved as CSV" },
  });
