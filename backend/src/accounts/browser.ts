import type { FastifyRequest } from "fastify";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { originOf, requirePrivacy } from "./routes.ts";
import { createSessions } from "./sessions.ts";

/**
 * Only the browser that is signed in, which shows the refresh cookie of the session it asks in, does what outlasts an
 * access token: whoever copied that token alone gets nothing that lasts. Throws `browser-needed`.
 */
export async function requireBrowser(sql: Sql, request: FastifyRequest): Promise<void> {
  requirePrivacy(request);
  const { refreshToken } = originOf(request);
  const waitedSeconds = (performance.now() - request.arrivedAt) / 1_000;
  const shown =
    refreshToken === undefined
      ? null
      : await createSessions(sql).shownBy(refreshToken, waitedSeconds);
  if (shown !== request.user.sessionId)
    throw new PlatformError("browser-needed", "Sign in again in this browser, then do it.");
}
