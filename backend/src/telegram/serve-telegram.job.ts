import type { MailKind } from "@trading/contracts/mail";
import { eq, sql as raw } from "drizzle-orm";
import type { Job } from "../platform/jobs.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import type { BotApi, Said } from "./bot-api.ts";
import { createTelegramLinks } from "./links.ts";
import { type Orders, obey } from "./obey.ts";
import { telegramBot, telegramLinks } from "./schema.ts";

type Facts = Readonly<Record<string, string>>;
type Needs = Readonly<{
  sql: Sql;
  api: BotApi;
  orders: Orders;
  /** The words for what happened. */
  write(kind: MailKind, facts: Facts): Readonly<{ title: string; text: string }>;
  onError(error: unknown): void;
}>;

/** Listens to the bot and passes on what happened to accounts whose owners linked a chat. */
export function serveTelegram(needs: Needs): Job {
  return {
    name: "serve-telegram",
    queue: "mail",
    everyMs: 2_000,
    async run(_payload, signal) {
      await listen(needs);
      while (!signal.aborted && (await passNext(needs)));
    },
  };
}

/** One worker at a time listens; what was done is remembered in the commit that did it. */
async function listen({ sql, api, orders, onError }: Needs): Promise<void> {
  await sql.insert(telegramBot).values({ id: 1 }).onConflictDoNothing();
  const answers = await inTransaction(sql, async (transaction) => {
    const [bot] = await transaction.select().from(telegramBot).for("update", { skipLocked: true });
    if (bot === undefined) return [];
    const name = bot.name ?? (await api.name());
    const heard = await api.updatesFrom(bot.nextUpdate);
    const replies: (readonly [string, string])[] = [];
    for (const said of heard.filter(({ text }) => text !== ""))
      replies.push([said.chatId, await answerTo(transaction, orders, said, onError)]);
    const nextUpdate = Math.max(bot.nextUpdate, ...heard.map(({ updateId }) => updateId + 1));
    await transaction.update(telegramBot).set({ name, nextUpdate }).where(eq(telegramBot.id, 1));
    return replies;
  });
  for (const [chatId, text] of answers) await api.say(chatId, text);
}

/** What fails is told, and does not keep the others waiting. */
const answerTo = (sql: Sql, orders: Orders, said: Said, onError: Needs["onError"]) =>
  inTransaction(sql, (one) => obey(one, orders, said)).catch((error: unknown) => {
    onError(error);
    return "That did not work. Try again, or use the site.";
  });

type News = { id: string; kind: MailKind; facts: Facts; user_id: string; chat_id: string };

/** Passes the oldest message on that a chat has not seen; false when there is none. A crash may pass it on twice. */
const passNext = ({ sql, api, orders, write }: Needs): Promise<boolean> =>
  inTransaction(sql, async (transaction) => {
    const { rows } = await transaction.execute<News>(raw`
      select m.id, m.kind, m.facts, l.user_id, l.chat_id
      from telegram_links l join inbox_messages m on m.user_id = l.user_id
      where m.passed_on_at is null and m.created_at >= l.linked_at and l.next_try_at <= now()
      order by m.created_at limit 1 for update skip locked`);
    const [news] = rows;
    if (news === undefined) return false;
    const { title, text } = write(news.kind, news.facts);
    const delivery = await api.say(news.chat_id, `${title}\n\n${text}`);
    switch (delivery.kind) {
      case "taken":
        await transaction.execute(
          raw`update inbox_messages set passed_on_at = now() where id = ${news.id}`,
        );
        await setTries(transaction, news.user_id, raw`0`, 0);
        break;
      case "refused":
        // The chat is gone, or its owner blocked the bot.
        await createTelegramLinks(transaction).unlink(news.user_id);
        await orders.tell(transaction, news.user_id, "telegram-unlinked");
        break;
      case "later":
        await setTries(transaction, news.user_id, raw`failures + 1`, delivery.seconds);
    }
    return true;
  });

async function setTries(
  sql: Sql,
  userId: string,
  failures: ReturnType<typeof raw>,
  seconds: number,
): Promise<void> {
  // Longer after every failure, an hour at most.
  const wait = raw`least(3600, ${seconds} * power(2, least(10, failures)))`;
  await sql
    .update(telegramLinks)
    .set({ failures, nextTryAt: raw`now() + make_interval(secs => ${wait})` })
    .where(eq(telegramLinks.userId, userId));
}
