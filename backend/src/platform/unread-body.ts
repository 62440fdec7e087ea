import type { IncomingMessage } from "node:http";
import type { FastifyInstance } from "fastify";
import { bodyBytesMax } from "./json-body.ts";

/** Holds for every answer; those of requests that never reach a route call `boundUnreadBody` themselves. */
export function registerUnreadBody(app: FastifyInstance): void {
  app.addHook("onSend", async ({ raw }) => boundUnreadBody(raw));
}

/**
 * An answer may come before the body is read: a refusal does. What comes of it afterwards is let in as far as a body may
 * go, so that the answer is heard and the connection goes on; more ends the connection.
 */
export function boundUnreadBody(raw: IncomingMessage): void {
  if (raw.complete) return;
  let left = bodyBytesMax;
  raw.unpipe();
  raw.on("data", (piece: Buffer) => {
    left -= piece.length;
    if (left < 0) raw.destroy();
  });
  raw.resume();
  // Node itself would throw the rest away uncounted, unless reading has begun.
  raw.read(0);
}
