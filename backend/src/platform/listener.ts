import pg from "pg";

type Needs = Readonly<{
  databaseUrl: string;
  channel: string;
  /** Shown by PostgreSQL among its connections. */
  name: string;
  onNotify(payload: string | undefined): void;
  /** From now on NOTIFY is heard; `isAgain` after a break, in which some may have been lost. */
  onListening?(isAgain: boolean): void;
  onError(error: unknown): void;
}>;

export type Listener = Readonly<{ close(): Promise<void> }>;

const retryMs = 500;

/** One connection of its own that hears NOTIFY on a channel and comes back when it breaks. */
export function listen({ databaseUrl, channel, name, ...on }: Needs): Listener {
  let isOpen = true;
  let client: pg.Client | null = null;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (isAgain: boolean): Promise<void> => {
    const fresh = new pg.Client({
      connectionString: databaseUrl,
      application_name: name,
      keepAlive: true,
    });
    client = fresh;
    fresh.on("error", on.onError);
    fresh.on("notification", ({ payload }) => on.onNotify(payload));
    fresh.once("end", () => {
      if (isOpen) retry = setTimeout(() => void connect(true), retryMs);
    });
    try {
      await fresh.connect();
      await fresh.query(`listen ${channel}`);
      on.onListening?.(isAgain);
    } catch (error) {
      on.onError(error);
      await fresh.end().catch(on.onError);
    }
  };
  const connected = connect(false);

  return {
    async close() {
      isOpen = false;
      clearTimeout(retry);
      await connected;
      await client?.end().catch(on.onError);
    },
  };
}
