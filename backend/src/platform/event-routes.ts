import { PassThrough } from "node:stream";
import type { PlatformEvent } from "@trading/contracts/events";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { CurrentUser } from "./authentication.ts";
import { assertNever, PlatformError } from "./errors.ts";
import type { EventListener, Message } from "./events.ts";

type Needs = Readonly<{
  events: EventListener;
  /** Whether the session may still be served. */
  isLive(user: CurrentUser): Promise<boolean>;
}>;

const keepAliveMs = 15_000;
/** What changes many times in this while is told once. */
const batchMs = 40;
const streamsPerUserMax = 30;
const unreadBytesMax = 262_144;

type Stream = Readonly<{
  user: CurrentUser;
  tell(event: PlatformEvent): void;
  end(): void;
}>;

/** /api/v1/events: what changed for the one who asks, as server-sent events read with `fetch`. */
export function eventRoutes({ events, isLive }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const streams = new Set<Stream>();
    const unsubscribe = events.subscribe({
      onMessage: (message) => deliver(message, streams),
      // The client connects again and then reads everything anew.
      onGap: () => endAll(streams),
    });
    app.addHook("preClose", async () => {
      unsubscribe();
      endAll(streams);
    });

    const schema = {
      summary: "Changes of the user's own things, as a stream of server-sent events",
      description:
        "Read it with `fetch` and a bearer token. Each `data` is a PlatformEvent. Nothing is sent again: after a reconnect, read the things anew.",
      response: { 200: { content: { "text/event-stream": { schema: z.any() } } } },
    };
    app.get(
      "/events",
      { schema, config: { rateLimit: { max: 120, timeWindow: "1 minute" } } },
      async (request, reply) => {
        const { user } = request;
        if (
          [...streams].filter((stream) => stream.user.id === user.id).length >= streamsPerUserMax
        ) {
          throw new PlatformError("rate-limited", "Too many streams are open for this user.", {
            retryAfter: 5,
          });
        }
        const body = new PassThrough();
        const stream = openStream(user, body, isLive);
        streams.add(stream);
        // Their session may have ended between the look at their token and now: nobody told this stream.
        if (!(await isLive(user))) stream.end();
        body.once("close", () => streams.delete(stream));
        request.raw.once("close", () => body.destroy());
        reply.header("x-accel-buffering", "no");
        return reply.type("text/event-stream; charset=utf-8").send(body);
      },
    );
  };
}

/** Only the owner's events, and those for everybody. */
function deliver(message: Message, streams: ReadonlySet<Stream>): void {
  for (const stream of [...streams]) {
    const { id, sessionId } = stream.user;
    switch (message.kind) {
      case "event":
        if (message.audience === id || message.audience === "all") stream.tell(message.event);
        break;
      case "revoked":
        if (message.userId === undefined && message.sessionId === undefined) stream.end();
        if (message.userId === id || message.sessionId === sessionId) stream.end();
        break;
      default:
        assertNever(message);
    }
  }
}

function endAll(streams: ReadonlySet<Stream>): void {
  for (const stream of [...streams]) stream.end();
}

function openStream(user: CurrentUser, body: PassThrough, isLive: Needs["isLive"]): Stream {
  const waiting = new Map<string, PlatformEvent>();
  let timer: NodeJS.Timeout | undefined;
  let number = 0;

  const write = (text: string) => {
    // A reader that does not read is let go: it finds everything when it comes back.
    if (body.writableLength + body.readableLength > unreadBytesMax) body.destroy();
    else if (!body.writableEnded) body.write(text);
  };
  const flush = () => {
    timer = undefined;
    for (const event of waiting.values())
      write(`id: ${++number}\ndata: ${JSON.stringify(event)}\n\n`);
    waiting.clear();
  };
  const keepAlive = setInterval(async () => {
    if (await isLive(user).catch(() => false)) write(": keep-alive\n\n");
    else body.end();
  }, keepAliveMs);
  body.once("close", () => {
    clearInterval(keepAlive);
    clearTimeout(timer);
  });
  write(": connected\n\n");
  return {
    user,
    tell(event) {
      waiting.set(`${event.kind} ${event.id}`, event);
      timer ??= setTimeout(flush, batchMs);
    },
    end: () => body.end(),
  };
}
