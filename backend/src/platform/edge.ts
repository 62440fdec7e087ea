import { isIP } from "node:net";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Config, loopbackNames } from "../config.ts";
import { PlatformError } from "./errors.ts";

type Edge = Pick<Config, "frontendUrl" | "allowedOrigins" | "allowedHosts" | "environment">;

declare module "fastify" {
  interface FastifyInstance {
    /** Other origins whose pages may call. */
    readonly allowedOrigins: readonly string[];
  }
}

/**
 * Content security policies. Pages run their own script files and nothing else; styles may be inline because chart
 * and editor write them at run time. The script of a backtest worker may evaluate strategy code, and therefore may
 * reach nothing: neither the network nor anything it could import from elsewhere.
 */
const pagePolicy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");
const workerPolicy = "default-src 'none'; script-src 'self' 'unsafe-eval'";
const apiPolicy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const workerScript = /^\/assets\/[^/]*worker[^/]*\.js$/;

function policyFor(path: string): string {
  if (workerScript.test(path)) return workerPolicy;
  return path.startsWith("/api/") && !path.startsWith("/api/v1/docs") ? apiPolicy : pagePolicy;
}

/** Sets what every answer carries and refuses requests that a page of somebody else made a browser send. */
export function registerEdge(app: FastifyInstance, edge: Edge): void {
  app.decorate("allowedOrigins", edge.allowedOrigins);
  app.addHook("onRequest", async (request, reply) => {
    setSecurityHeaders(request, reply, edge);
    checkUrl(request);
    checkHost(request, edge);
    checkOrigin(request, edge);
  });
}

/** What every answer carries. */
export function setSecurityHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  { frontendUrl }: Pick<Edge, "frontendUrl">,
): void {
  const path = request.url.split("?")[0] ?? "";
  reply.header("x-request-id", request.id);
  reply.header("content-security-policy", policyFor(path));
  reply.header("x-content-type-options", "nosniff");
  reply.header("x-frame-options", "DENY");
  reply.header("referrer-policy", "no-referrer");
  reply.header("cross-origin-opener-policy", "same-origin");
  reply.header("cross-origin-resource-policy", "same-origin");
  reply.header("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
  if (frontendUrl.startsWith("https:"))
    reply.header("strict-transport-security", "max-age=31536000; includeSubDomains");
  if (path.startsWith("/api/")) reply.header("cache-control", "no-store");
}

function checkUrl({ url }: FastifyRequest): void {
  if (/%00|\0/.test(url))
    throw new PlatformError("validation-failed", "The address holds a NUL character.");
}

/**
 * A page that rebinds its own name to our address still names itself in Host. Probes may use any name; in development
 * a bare address will do, which nobody can rebind.
 */
function checkHost(request: FastifyRequest, { allowedHosts, environment }: Edge): void {
  const { url } = request.routeOptions;
  if (url === "/api/v1/health" || url === "/api/v1/ready") return;
  const host = hostName(request);
  const isBareAddress = isIP(host.replace(/^\[(.*)\]$/, "$1")) !== 0;
  if (isBareAddress && environment === "development") return;
  if (!allowedHosts.includes(host)) {
    throw new PlatformError("foreign-host", "This host name is not one of this site.");
  }
}

/**
 * Cross-site request forgery: browsers say where a request comes from, in Sec-Fetch-Site or at least in Origin. What
 * comes from elsewhere may not change anything, unless its origin is allowed. A request that a cookie signs must say
 * where it comes from; others may come from programs, which say nothing.
 */
function checkOrigin(request: FastifyRequest, edge: Edge): void {
  if (["GET", "HEAD", "OPTIONS"].includes(request.method)) return;
  const { origin, "sec-fetch-site": site } = request.headers;
  if (origin !== undefined && isAllowedOrigin(origin, request, edge)) return;
  const isOurs = site === "same-origin" || (site === "none" && origin === undefined);
  const isProgram = site === undefined && origin === undefined;
  if (isOurs || (isProgram && request.routeOptions.config.cookie !== true)) return;
  throw new PlatformError("foreign-origin", "This request does not come from a page of this site.");
}

const isAllowedOrigin = (origin: string, request: FastifyRequest, edge: Edge): boolean =>
  origin === ownOrigin(request) ||
  origin === new URL(edge.frontendUrl).origin ||
  edge.allowedOrigins.includes(origin);

const ownOrigin = (request: FastifyRequest): string =>
  `${request.protocol}://${request.headers.host}`;

/** Whether a page asks that is not ours, of an origin that is allowed. */
export const isFromForeignPage = (request: FastifyRequest): boolean => {
  const { origin, "sec-fetch-site": site } = request.headers;
  return (
    origin !== undefined &&
    request.server.allowedOrigins.includes(origin) &&
    site !== "same-origin" &&
    origin !== ownOrigin(request)
  );
};

/** Whether a cookie or password may travel: over HTTPS, or without leaving this machine. */
export const isPrivateConnection = (request: FastifyRequest): boolean =>
  request.protocol === "https" || loopbackNames.includes(hostName(request));

/** The Host header without its port: X-Forwarded-Host is not asked, since proxies pass a client's on. */
const hostName = (request: FastifyRequest): string =>
  (request.headers.host ?? "").toLowerCase().replace(/:\d+$/, "");
