import type { FastifyRequest } from "fastify";
import type { Actor } from "../accounts/audit.ts";

/** Who asks, as the audit log names them. */
export const actorOf = (request: FastifyRequest): Actor & { id: string } => ({
  id: request.user.id,
  address: request.ip,
});
