import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { PlatformError, toProblem } from "./errors.ts";

/** Answers every error with a problem document. Must be called before any plugin is registered. */
export function registerErrors(app: FastifyInstance): void {
  const methodsOf = rememberRoutes(app);

  const answerNowhere = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const methods = methodsOf(request.url.split("?")[0] ?? "");
    if (asksForPage(request)) return reply.redirect("/", 302);
    if (methods.length === 0 || methods.includes(request.method)) {
      return sendProblem(
        reply,
        request,
        new PlatformError("not-found", "There is nothing at this address."),
      );
    }
    reply.header("allow", methods.join(", "));
    const detail = `${request.method} is not possible here.`;
    return sendProblem(reply, request, new PlatformError("method-not-allowed", detail));
  };
  // Before a body is read: that it cannot be read matters less than that nobody wants it.
  app.addHook("preParsing", async (request, reply, payload) =>
    request.is404 ? answerNowhere(request, reply) : payload,
  );
  app.setNotFoundHandler(answerNowhere);
  // A part of the address that is no id or name of ours.
  app.setErrorHandler((error: FastifyError, request, reply) =>
    error.validationContext === "params"
      ? answerNowhere(request, reply)
      : answerError(error, request, reply),
  );
}

/** A person at an old or mistyped address of a page, which all live behind `#` on the first one. */
const asksForPage = ({ method, url, headers }: FastifyRequest): boolean =>
  method === "GET" &&
  url !== "/" &&
  !url.startsWith("/api/") &&
  (headers.accept ?? "").includes("text/html");

/** Answers one error; what is our mistake is logged whole and told as nothing but that. */
export function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const known = asPlatformError(error);
  if (known === null) request.log.error({ err: error }, "a request failed");
  return sendProblem(reply, request, known ?? error);
}

function sendProblem(reply: FastifyReply, request: FastifyRequest, error: unknown): FastifyReply {
  const problem = toProblem(error, request.id);
  if (problem.retryAfter !== undefined) reply.header("retry-after", Math.ceil(problem.retryAfter));
  return reply
    .code(problem.status)
    .header("cache-control", "no-store")
    .type("application/problem+json")
    .serializer(JSON.stringify)
    .send(problem);
}

/** What the framework refuses, in our codes; null for what is our mistake. */
function asPlatformError(error: FastifyError): PlatformError | null {
  if (error instanceof PlatformError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map(({ instancePath, keyword, message, params }) => ({
      where:
        instancePath.split("/").filter(Boolean).map(harmless).join(".") ||
        (error.validationContext ?? "body"),
      message:
        keyword === "unrecognized_keys"
          ? `has fields that are not known here: ${unknownFields(params)}`
          : (message ?? "is not valid"),
    }));
    const first = errors[0] ? `${errors[0].where}: ${errors[0].message}` : "";
    return new PlatformError("validation-failed", first, { errors });
  }
  switch (error.code) {
    case "FST_ERR_CTP_BODY_TOO_LARGE":
    case "FST_REQ_FILE_TOO_LARGE":
    case "FST_FILES_LIMIT":
    case "FST_PARTS_LIMIT":
    case "FST_FIELDS_LIMIT":
      return new PlatformError("too-large", "The request is larger than this operation takes.");
    case "FST_ERR_CTP_INVALID_MEDIA_TYPE":
    case "FST_INVALID_MULTIPART_CONTENT_TYPE":
      return new PlatformError(
        "unsupported-media",
        "This operation does not take that content type.",
      );
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new PlatformError("malformed-body", "The request cannot be read.")
        : null;
  }
}

/** Names of fields are words; whatever else stands in their place may be a secret, and is not repeated. */
const harmless = (name: string): string => (/^(\d{1,6}|[a-z_]\w{0,31})$/i.test(name) ? name : "…");

/** Unknown fields by their names, as long as those are shorter than any password. */
function unknownFields({ keys }: Readonly<Record<string, unknown>>): string {
  const names = Array.isArray(keys) ? keys.map(String) : [];
  return names
    .slice(0, 5)
    .map((name) => (name.length < 12 ? harmless(name) : "…"))
    .join(", ");
}

/** Tells which methods a path has, so that a wrong method is told from a wrong path. */
function rememberRoutes(app: FastifyInstance): (path: string) => string[] {
  const known: { pattern: RegExp; methods: readonly string[]; isLiteral: boolean }[] = [];
  app.addHook("onRoute", ({ url, method }) => {
    const pattern = url.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/:[^/]+/g, "[^/]+");
    if (url.includes("*")) return;
    const isLiteral = !url.includes(":");
    known.push({ pattern: new RegExp(`^${pattern}$`), methods: [method].flat(), isLiteral });
  });
  return (path) => {
    const fitting = known.filter(({ pattern }) => pattern.test(path));
    const literal = fitting.filter(({ isLiteral }) => isLiteral);
    const meant = literal.length > 0 ? literal : fitting;
    return [...new Set(meant.flatMap(({ methods }) => methods))];
  };
}
