import type { Role } from "@trading/contracts/accounts";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { PlatformError } from "./errors.ts";

/** Who asks, as their access token and the database say at this moment. */
export type CurrentUser = Readonly<{ id: string; role: Role; sessionId: string }>;

/** Tells whom an access token belongs to; null when it is not, or no longer, to be believed. */
export type Authenticate = (accessToken: string) => Promise<CurrentUser | null>;

declare module "fastify" {
  interface FastifyInstance {
    readonly authenticate: Authenticate;
  }
  interface FastifyRequest {
    /** Reading it in a request that nobody signed throws `not-signed-in`. */
    readonly user: CurrentUser;
  }
  interface FastifyContextConfig {
    /** Everything under /api needs a signed-in user unless it says so here. */
    access?: "public";
    /** The browser sends a cookie along: the request must come from a page of ours. */
    cookie?: true;
  }
}

const signedIn = new WeakMap<FastifyRequest, CurrentUser>();

/** Denies by default: every route under /api that is not marked public asks for a user before it reads a body. */
export function registerAuthentication(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorate("authenticate", authenticate);
  app.decorateRequest("user", {
    getter() {
      const user = signedIn.get(this);
      if (user === undefined) throw notSignedIn();
      return user;
    },
  });
  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/") || route.config?.access === "public") return;
    route.onRequest = [requireUser, ...[route.onRequest ?? []].flat()];
  });
}

/** Hook of a route that needs a signed-in user; those under /api have it already. */
export async function requireUser(request: FastifyRequest): Promise<void> {
  if (signedIn.has(request)) return;
  const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const user = token === undefined ? null : await request.server.authenticate(token);
  if (user === null) throw notSignedIn();
  signedIn.set(request, user);
}

/** Hook of a route that needs one of these roles. */
export const requireRole =
  (...roles: readonly Role[]) =>
  async (request: FastifyRequest): Promise<void> => {
    await requireUser(request);
    if (!roles.includes(request.user.role)) {
      throw new PlatformError("forbidden", "Your role does not include this action.");
    }
  };

const notSignedIn = () =>
  new PlatformError("not-signed-in", "Send a valid access token as Bearer.");
