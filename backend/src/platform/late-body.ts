import type { FastifyInstance } from "fastify";

/** So long after its headers a body must be there; a form, which carries a file, has as long as a whole request. */
const bodyMsMax = 30_000;

/** Ends a request whose body does not come, as the server itself ends one that takes too long as a whole. */
export function registerLateBody(app: FastifyInstance, withinMs = bodyMsMax): void {
  app.addHook("preParsing", async ({ raw, routeOptions }, _reply, payload) => {
    if (raw.complete || routeOptions.config.form !== undefined) return payload;
    const timer = setTimeout(() => {
      const late = Object.assign(new Error("the body is late"), {
        code: "ERR_HTTP_REQUEST_TIMEOUT",
      });
      app.server.emit("clientError", late, raw.socket);
    }, withinMs);
    raw.once("close", () => clearTimeout(timer));
    return payload;
  });
}
