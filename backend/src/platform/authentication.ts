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

/** Tells who asks from an address; null when they are not, or no longer, to be believed. */
export type Authentication = Readonly<{
  /** Whom a token belongs to. */
  authenticate(token: string, address: string): Promise<CurrentUser | null>;
  /** Somebody who was let in, as the database knows them at this moment. */
  lookAgain(user: CurrentUser, address: string): Promise<CurrentUser | null>;
}>;

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
  interface FastifyRequest {
    /** Reading it in a request that nobody signed throws `not-signed-in`. */
    readonly user: CurrentUser;
    /** When its headers were there, by `performance.now()`: its cookies are of that moment. */
    arrivedAt: number;
    /** Whether who asks still may; throws as at first. For handlers that read their body themselves. */
    judgeAgain(): Promise<void>;
  }
  interface FastifyContextConfig {
    /** What the operation is called in the table of permissions, and what it asks for. */
    asked?: Asked;
    /** The browser sends a cookie along: the request must come from a page of ours. */
    cookie?: true;
  }
}

type Asked = Readonly<{ operation: string; permission: string }>;

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
 * one but the public ones asks for a user with its permission before it reads a body. A body comes as late as its sender
 * likes: whoever changes something is judged once more when it is there. Call it after requests are counted: made-up
 * tokens are.
 */
export function registerAuthentication(
  app: FastifyInstance,
  { authenticate, lookAgain }: Authentication,
  table: PermissionTable,
): void {
  /** Whether this user may do what is asked, at this moment. */
  async function judge(request: FastifyRequest, user: CurrentUser | null): Promise<void> {
    if (user === null) throw notSignedIn();
    signedIn.set(request, user);
    const { asked } = request.routeOptions.config;
    if (asked === undefined) throw new Error("somebody is judged for what nobody asked");
    const why = table.refusal(asked.permission, user);
    if (why !== null) throw new PlatformError("forbidden", why);
    const obstacle = await table.obstacle(asked.operation, user);
    if (obstacle !== null) throw new PlatformError(obstacle.code, obstacle.why);
  }
  const checkProgramRate = programRateOf(app);

  app.decorateRequest("user", {
    getter() {
      const user = signedIn.get(this);
      if (user === undefined) throw notSignedIn();
      return user;
    },
  });
  app.decorateRequest("arrivedAt", 0);
  app.decorateRequest("judgeAgain", async function () {
    await judge(this, await lookAgain(this.user, this.ip));
  });
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
    route.config = { ...route.config, asked: { operation, permission } };
    const letIn = async (request: FastifyRequest): Promise<void> => {
      request.arrivedAt = performance.now();
      const token = /^Bearer ([\w.-]+)$/i.exec(request.headers.authorization ?? "")?.[1];
      const user = token === undefined ? null : await authenticate(token, request.ip);
      await judge(request, user);
      if (request.user.scopes !== null) await checkProgramRate(request);
    };
    route.onRequest = [...[route.onRequest ?? []].flat(), letIn];
  });
  // After the body was read, and before whatever else a part of the API asks for.
  app.addHook("preValidation", async (request) => {
    const { asked } = request.routeOptions.config;
    if (asked !== undefined && changes(request)) await request.judgeAgain();
  });
}

/** Whether a request is one that changes something. */
export const changes = ({ method }: FastifyRequest): boolean =>
  method !== "GET" && method !== "HEAD";

/** Counts what each API token asks, wherever it comes from. Throws `rate-limited`. */
function programRateOf(app: FastifyInstance) {
  let programRate: RateCheck | undefined;
  return async (request: FastifyRequest): Promise<void> => {
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
}

const notSignedIn = () =>
  new PlatformError("not-signed-in", "Send a valid access token or API token as Bearer.");
