import type { PlatformEvent } from "@trading/contracts/events";
import { sql as raw } from "drizzle-orm";
import { listen } from "./listener.ts";
import type { Sql } from "./postgres.ts";

/** Whom an event is for: one user, or everybody who is signed in. */
export type Audience = string;

/** What travels between processes. A revocation ends the streams and cached checks of a session, a user, or everybody. */
export type Message =
  | Readonly<{ kind: "event"; audience: Audience; event: PlatformEvent }>
  | Readonly<{ kind: "revoked"; sessionId?: string; userId?: string }>;

const channel = "platform_events";

/**
 * Tells every web process that something of `audience` changed. Small and lossy: rows are the truth, an event only
 * says to look again. In a transaction it leaves on commit.
 */
export const publish = (sql: Sql, audience: Audience, event: PlatformEvent): Promise<void> =>
  send(sql, { kind: "event", audience, event });

/** Tells every process that a session, all of a user's, or just all, must not be believed any more. */
export const publishRevocation = (
  sql: Sql,
  whose: Readonly<{ sessionId?: string; userId?: string }>,
): Promise<void> => send(sql, { kind: "revoked", ...whose });

async function send(sql: Sql, message: Message): Promise<void> {
  await sql.execute(raw`select pg_notify(${channel}, ${JSON.stringify(message)})`);
}

type Handler = Readonly<{
  onMessage(message: Message): void;
  /** Messages may have been lost: whoever follows must look again. */
  onGap(): void;
}>;

export type EventListener = Readonly<{
  /** Calls back for every message from now on; returns how to stop. */
  subscribe(handler: Handler): () => void;
  close(): Promise<void>;
}>;

type Needs = Readonly<{ databaseUrl: string; onError(error: unknown): void }>;

/** One connection that hears every message of the platform; when it breaks it comes back and tells of the gap. */
export function openEventListener({ databaseUrl, onError }: Needs): EventListener {
  const handlers = new Set<Handler>();
  const listener = listen({
    databaseUrl,
    channel,
    name: "trading-events",
    onNotify(payload) {
      const message = parse(payload);
      if (message !== null) for (const handler of handlers) handler.onMessage(message);
    },
    onListening(isAgain) {
      if (isAgain) for (const handler of handlers) handler.onGap();
    },
    onError,
  });

  return {
    subscribe(handler) {
      handlers.add(handler);
      return () => handlers.delete(handler);
    },
    close: () => listener.close(),
  };
}

/** Null for what is not ours: anybody with the database may notify. */
function parse(payload: string | undefined): Message | null {
  try {
    const message = JSON.parse(payload ?? "") as Message;
    return message.kind === "event" || message.kind === "revoked" ? message : null;
  } catch {
    return null;
  }
}
