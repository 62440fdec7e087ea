import type { Role } from "@trading/contracts/accounts";
import type { ApiScope } from "@trading/contracts/api-tokens";
import type { ProblemCode } from "@trading/contracts/problems";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { PlatformError } from "./errors.ts";

/** Who asks, as their access token and the database say at this moment. */
export type CurrentUser = Readonly<{
  id: string;
  role: Role;
  /** The session, or the API token. */
  sessionId: string;
  /** Of the user, when the token was made or last looked at: everything that ends all sessions raises it. */
  epoch: number;
  /** The operator who looks over the user's shoulder in this session; null: the user. */
  impersonatorId: string | null;
  /** What an API token was made for, where a program asks; null: a person in a session. */
  scopes: readonly ApiScope[] | null;
}>;

/** Tells whom a token belongs to that came from an address; null when it is not, or no longer, to be believed. */
export type Authenticate = (token: string, address: string) => Promise<CurrentUser | null>;

/** The one table of who may do what; a slice fills it, the server asks it for every route under /api. */
export type PermissionTable = Readonly<{
  /** What an operation asks for, as in `GET /api/v1/series/:seriesId`; undefined when nobody decided. */
  permissionOf(operation: string): string | undefined;
  /** Why this user may not, in a sentence; null when they may. */
  refusal(permission: string, user: CurrentUser): string | null;
  /** What stands in the way of whoever may; null when nothing does. */
  obstacle(operation: string, user: CurrentUser): Promise<Obstacle | null>;
}>;
export type Obstacle = Readonly<{ code: ProblemCode; why: string }>;
/** The permission that asks for nothing, not even for a user. */
export const publicPermission = "public";

/** What one API token may ask, wherever it comes from. */
const programRequestsPerMinute = 600;
type RateCheck = ReturnType<FastifyInstance["createRateLimit"]>;

declare module "fastify" {
  interface FastifyInstance {
    readonly authenticate: Authenticate;
  }
  interface FastifyRequest {
    /** Reading it in a request that nobody signed throws `not-signed-in`. */
    readonly user: CurrentUser;
  }
  interface FastifyContextConfig {
    /** The browser sends a cookie along: the request must come from a page of ours. */
    cookie?: true;
  }
}

const signedIn = new WeakMap<FastifyRequest, CurrentUser>();

/** What a route asks for, by its method and its whole address; undefined: nobody decided. */
export const permissionOfRoute = (
  { permissionOf }: PermissionTable,
  method: string | readonly string[],
  url: string,
): string | undefined => permissionOf(operationOf(method, url));

function operationOf(method: string | readonly string[], url: string): string {
  const verb = [method].flat()[0];
  return `${verb === "HEAD" ? "GET" : verb} ${url.replace(/(?<=.)\/$/, "")}`;
}

/**
 * Denies by default: a route under /api that the table does not name keeps the server from starting, and every other
 * one but the public ones asks for a user with its permission before it reads a body. Call it after requests are counted:
 * made-up tokens are.
 */
export function registerAuthentication(
  app: FastifyInstance,
  authenticate: Authenticate,
  table: PermissionTable,
): void {
  app.decorate("authenticate", authenticate);
  app.decorateRequest("user", {
    getter() {
      const user = signedIn.get(this);
      if (user === undefined) throw notSignedIn();
      return user;
    },
  });
  let programRate: RateCheck | undefined;
  const checkProgramRate = async (request: FastifyRequest): Promise<void> => {
    programRate ??= app.createRateLimit({
      max: programRequestsPerMinute,
      timeWindow: "1 minute",
      keyGenerator: ({ user }) => `token:${user.sessionId}`,
    });
    const limit = await programRate(request);
    if (limit.isAllowed || !limit.isExceeded) return;
    throw new PlatformError("rate-limited", "This token asks too often.", {
      retryAfter: limit.ttlInSeconds,
    });
  };
  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/") || route.method === "OPTIONS") return;
    const permission = permissionOfRoute(table, route.method, route.url);
    if (permission === undefined) {
      throw new Error(
        `${route.method} ${route.url} asks for no permission: name one in backend/src/accounts/permissions.ts`,
      );
    }
    if (permission === publicPermission) return;
    const operation = operationOf(route.method, route.url);
    const requirePermission = async (request: FastifyRequest): Promise<void> => {
      await requireUser(request);
      const why = table.refusal(permission, request.user);
      if (why !== null) throw new PlatformError("forbidden", why);
      if (request.user.scopes !== null) await checkProgramRate(request);
      const obstacle = await table.obstacle(operation, request.user);
      if (obstacle !== null) throw new PlatformError(obstacle.code, obstacle.why);
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), requirePermission];
  });
}

/** Finds out who asks. */
async function requireUser(request: FastifyRequest): Promise<void> {
  if (signedIn.has(request)) return;
  const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  const user = token === undefined ? null : await request.server.authenticate(token, request.ip);
  if (user === null) throw notSignedIn();
  signedIn.set(request, user);
}

const notSignedIn = () =>
  new PlatformError("not-signed-in", "Send a valid access token or API token as Bearer.");
