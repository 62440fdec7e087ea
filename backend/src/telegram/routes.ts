import { telegramCode, telegramState } from "@trading/contracts/telegram";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Confirmations } from "../accounts/confirmations.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createTelegramLinks } from "./links.ts";

type Needs = Readonly<{
  sql: Sql;
  confirmations: Confirmations;
  isOffered: boolean;
  /** Tells a user that the chat gets no more messages. */
  tellUnlinked(sql: Sql, userId: string): Promise<void>;
}>;

/** /api/v1/users/me/telegram: the chat that gets the messages of the inbox. */
export function telegramRoutes(needs: Needs): FastifyPluginAsyncZod {
  const { sql, confirmations, isOffered, tellUnlinked } = needs;
  const links = createTelegramLinks(sql);
  return async (app) => {
    const view = { summary: "Which Telegram chat is linked", response: { 200: telegramState } };
    app.get("/users/me/telegram", { schema: view }, async ({ user }) => {
      const found = await links.find(user.id);
      return {
        isOffered,
        linkedAs: found?.chatName ?? null,
        linkedAt: found?.linkedAt.toISOString() ?? null,
      };
    });

    const begin = {
      summary: "A code that links the chat which sends it to the bot, once, within ten minutes",
      response: { 200: telegramCode },
    };
    app.post("/users/me/telegram", { schema: begin }, async (request) => {
      const { user } = request;
      await confirmations.require(request);
      if (!isOffered) throw new PlatformError("conflict", "This site runs no Telegram bot.");
      const code = await inTransaction(sql, async (transaction) => {
        await confirmations.lockAsker(transaction, user);
        return createTelegramLinks(transaction).giveCode(user);
      });
      const bot = await links.botName();
      return { code, link: bot === null ? null : `https://t.me/${bot}?start=${code}` };
    });

    const end = { summary: "Unlink the chat", response: { 204: z.null() } };
    app.delete("/users/me/telegram", { schema: end }, async (request, reply) => {
      const { user } = request;
      await confirmations.requireBrowser(request);
      await inTransaction(sql, async (transaction) => {
        const wasLinked = await createTelegramLinks(transaction).unlink(user.id);
        if (!wasLinked) throw new NotFound("linked chat", user.id);
        await tellUnlinked(transaction, user.id);
      });
      return reply.code(204).send(null);
    });
  };
}
