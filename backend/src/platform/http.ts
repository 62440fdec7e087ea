import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import compress from "@fastify/compress";
import cookie from "@fastify/cookie";
import cors from "@fastify/cors";
import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from "fastify";
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { Redis } from "ioredis";
import type { Config } from "../config.ts";
import {
  type Authentication,
  type PermissionTable,
  registerAuthentication,
} from "./authentication.ts";
import { registerEdge, setSecurityHeaders } from "./edge.ts";
import { PlatformError } from "./errors.ts";
import { registerGracefulClose } from "./graceful-close.ts";
import { answerError, registerErrors } from "./http-errors.ts";
import { newId } from "./ids.ts";
import { bodyBytesMax, registerJsonBody } from "./json-body.ts";
import { registerLateBody } from "./late-body.ts";
import type { Log } from "./log.ts";
import { networkOf } from "./network.ts";
import { registerOpenApi } from "./openapi.ts";
import { sharedRateStore } from "./rate-store.ts";
import { boundUnreadBody, registerUnreadBody } from "./unread-body.ts";

/** The web server that slices mount their routes on. */
export type Http = FastifyInstance;

type Needs = Readonly<{
  config: Config;
  log: Log;
  version: string;
  /** As operators call the site at present. */
  siteName(): Promise<string>;
  authentication: Authentication;
  permissions: PermissionTable;
  /** Counts requests for all web processes together; without it each counts its own. */
  redis: Redis | null;
}>;

/** Builds the server with everything that holds for every route; routes are mounted afterwards. */
export async function buildHttp(needs: Needs): Promise<Http> {
  const { config, log, version, siteName, authentication, permissions, redis } = needs;
  const app = Fastify({
    loggerInstance: log,
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: "requestId",
    }),
    trustProxy: ["loopback", ...config.trustedProxies],
    bodyLimit: bodyBytesMax,
    genReqId: () => newId(),
    requestIdHeader: false,
    return503OnClosing: false,
    forceCloseConnections: "idle",
    keepAliveTimeout: 72_000,
    // A whole request may take this long: uploads do. Headers may not (slowloris), nor may other bodies.
    requestTimeout: 600_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, maxHeaderSize: 16_384 },
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) => {
      setSecurityHeaders(request, reply, config);
      boundUnreadBody(request.raw);
      answerError(error, request, reply);
    },
    routerOptions: { maxParamLength: 200, ignoreTrailingSlash: true },
  }).withTypeProvider<ZodTypeProvider>() as unknown as Http;

  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  registerErrors(app);
  registerGracefulClose(app);
  registerJsonBody(app);
  registerUnreadBody(app);
  registerLateBody(app);
  registerEdge(app, config);
  logRequests(app);
  await app.register(cors, {
    origin: [...config.allowedOrigins],
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    credentials: true,
    maxAge: 600,
    exposedHeaders: ["etag", "retry-after", "x-data-revision", "x-request-id", "x-rows"],
  });
  await app.register(rateLimit, {
    max: config.rateLimitPerMinute,
    timeWindow: "1 minute",
    keyGenerator: (request) => networkOf(request.ip),
    errorResponseBuilder: (_request, { ttl }) =>
      new PlatformError("rate-limited", "Too many requests from this network.", {
        retryAfter: Math.ceil(ttl / 1_000),
      }),
    ...(redis === null ? {} : { store: sharedRateStore({ redis, onChange: sayHowCounted(log) }) }),
  });
  registerAuthentication(app, authentication, permissions);
  await app.register(cookie);
  await app.register(compress, { threshold: 1_024, encodings: ["br", "gzip"] });
  await registerOpenApi(app, { siteName, version, permissions });
  return app;
}

const sayHowCounted =
  (log: Log) =>
  (isShared: boolean): void =>
    isShared
      ? log.info("Redis answers again: requests are counted by all processes together")
      : log.warn("Redis does not answer: each process counts requests for itself");

/** One line per answer: what was asked, by whom, how it went. The route's pattern, not its address, and no query. */
function logRequests(app: Http): void {
  app.addHook("onResponse", async (request, reply) => {
    const line = {
      method: request.method,
      route: request.routeOptions.url ?? "none",
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      userId: userIdOf(request),
    };
    request.log.info(line, "answered");
  });
}

function userIdOf(request: FastifyRequest): string | undefined {
  try {
    return request.user.id;
  } catch {
    return undefined; // Nobody signed it.
  }
}

/** Status and sentence for what has a reason of its own. */
const unreadable: Readonly<Record<string, readonly [status: string, detail: string]>> = {
  HPE_HEADER_OVERFLOW: ["431 Request Header Fields Too Large", "Its headers are too large."],
  ERR_HTTP_REQUEST_TIMEOUT: ["408 Request Timeout", "It came too slowly. Send it again."],
};

/** What is not HTTP, too slow or too large in its head never becomes a request. */
function answerUnreadable(
  error: Error & { code?: string },
  socket: Socket & { _httpMessage?: IncomingMessage },
) {
  if (error.code === "ECONNRESET" || socket.destroyed || !socket.writable) return;
  const [status, detail] = unreadable[error.code ?? ""] ?? [
    "400 Bad Request",
    "This is not a request that can be read.",
  ];
  const body = JSON.stringify({
    type: "/api/v1/docs/errors#malformed-body",
    title: "The body cannot be read",
    status: Number(status.slice(0, 3)),
    code: "malformed-body",
    detail,
  });
  socket.write(
    `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n${body}`,
  );
  socket.destroySoon();
}
