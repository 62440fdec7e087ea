import { createHash, randomBytes } from "node:crypto";
import { eq, sql as raw } from "drizzle-orm";
import type { CurrentUser } from "../platform/authentication.ts";
import type { Sql } from "../platform/postgres.ts";
import { telegramBot, telegramCodes, telegramLinks } from "./schema.ts";

const codeSeconds = 600;

/** Which chat belongs to whom, and the codes that say so. */
export function createTelegramLinks(sql: Sql) {
  return {
    async find(userId: string): Promise<{ chatName: string; linkedAt: Date } | null> {
      const [row] = await sql.select().from(telegramLinks).where(eq(telegramLinks.userId, userId));
      return row ?? null;
    },

    /** Whose chat it is; null also for somebody who is suspended or has closed their account. */
    async findOwner(chatId: string): Promise<{ userId: string; name: string } | null> {
      const { rows } = await sql.execute<{ user_id: string; name: string }>(raw`
        select u.id as user_id, u.name from telegram_links l join users u on u.id = l.user_id
        where l.chat_id = ${chatId} and u.suspended_at is null and u.erase_at is null`);
      const [row] = rows;
      return row === undefined ? null : { userId: row.user_id, name: row.name };
    },

    /** A new code; the one before stops working, and so does this one with all that ends when the epoch does. */
    async giveCode({ id: userId, epoch }: Pick<CurrentUser, "id" | "epoch">): Promise<string> {
      const code = `${epoch}-${randomBytes(24).toString("base64url")}`;
      const values = { hash: hashOf(code), createdAt: raw`now()` };
      await sql
        .insert(telegramCodes)
        .values({ userId, ...values })
        .onConflictDoUpdate({ target: telegramCodes.userId, set: values });
      return code;
    },

    /** Links the chat that shows a code, once; whatever chat the user had, and whoever had this chat, is unlinked. */
    async claim(code: string, chatId: string, chatName: string): Promise<string | null> {
      const epoch = /^\d{1,9}(?=-)/.exec(code)?.[0] ?? null;
      const { rows } = await sql.execute<{ user_id: string }>(raw`
        delete from telegram_codes c using users u
        where c.hash = ${hashOf(code)} and c.created_at > now() - make_interval(secs => ${codeSeconds})
          and u.id = c.user_id and u.epoch = ${epoch}::int
          and u.suspended_at is null and u.erase_at is null
        returning c.user_id`);
      const [claimed] = rows;
      if (claimed === undefined) return null;
      const userId = claimed.user_id;
      await sql.delete(telegramLinks).where(eq(telegramLinks.chatId, chatId));
      await sql.delete(telegramLinks).where(eq(telegramLinks.userId, userId));
      await sql.insert(telegramLinks).values({ userId, chatId, chatName });
      return userId;
    },

    /** False when there was none. */
    async unlink(userId: string): Promise<boolean> {
      await sql.delete(telegramCodes).where(eq(telegramCodes.userId, userId));
      const { rowCount } = await sql.delete(telegramLinks).where(eq(telegramLinks.userId, userId));
      return rowCount === 1;
    },

    async botName(): Promise<string | null> {
      const [row] = await sql.select({ name: telegramBot.name }).from(telegramBot);
      return row?.name ?? null;
    },
  };
}

const hashOf = (code: string): string => createHash("sha256").update(code).digest("hex");
