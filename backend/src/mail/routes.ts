import { mailbox } from "@trading/contracts/mail";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import type { Sql } from "../platform/postgres.ts";
import { readMailbox } from "./mail-queue.ts";

type Needs = Readonly<{ sql: Sql }>;

/** /api/v1/mailbox: what development caught instead of sending. It is mounted nowhere else. */
export function mailboxRoutes({ sql }: Needs): FastifyPluginAsyncZod {
  return async (app) => {
    const schema = {
      summary: "Mails that were caught instead of sent (development only)",
      response: { 200: mailbox },
    };
    app.get("/", { schema }, async () => ({
      items: await readMailbox(sql),
    }));
  };
}
