import { createSessions } from "./accounts/sessions.ts";
import { createAccountStore } from "./accounts/store.ts";
import { tellBy } from "./accounts/tell.ts";
import { createBacktestStore } from "./backtests/store.ts";
import type { WorkerConfig } from "./config.ts";
import { createPost, type Post } from "./mail/post.ts";
import { writeNews } from "./mail/write-mail.ts";
import type { Envelope } from "./platform/envelope.ts";
import type { Job } from "./platform/jobs.ts";
import type { Sql } from "./platform/postgres.ts";
import { createBotApi } from "./telegram/bot-api.ts";
import type { Orders } from "./telegram/obey.ts";
import { serveTelegram } from "./telegram/serve-telegram.job.ts";

/** Tells a user what happened to their chat. */
export const chatTeller =
  (post: Post): Orders["tell"] =>
  async (transaction, userId, kind) => {
    const user = await createAccountStore(transaction).find(userId);
    if (user !== null) await tellBy(post)(transaction, user, kind);
  };

type Needs = Readonly<{
  telegram: WorkerConfig["telegram"];
  sql: Sql;
  envelope: Envelope;
  onError(error: unknown): void;
}>;

/** The worker's part of Telegram; nothing where no bot is set. */
export function telegramJobs({ telegram, sql, envelope, onError }: Needs): Job[] {
  if (telegram === null) return [];
  const orders: Orders = {
    async status(transaction, userId) {
      const { queued, running } = await createBacktestStore(transaction).countOpen(userId);
      return `Backtests: ${running} running, ${queued} waiting.`;
    },
    stop: (transaction, userId) => createBacktestStore(transaction).cancelAll(userId),
    signOut: (transaction, userId) =>
      createSessions(transaction).endAll(userId, "ended-by-telegram"),
    tell: chatTeller(createPost(envelope)),
  };
  const api = createBotApi(telegram);
  return [serveTelegram({ sql, api, orders, write: writeNews, onError })];
}
