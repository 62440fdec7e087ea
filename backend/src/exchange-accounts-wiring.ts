import { eq } from "drizzle-orm";
import type { FastifyPluginAsync } from "fastify";
import type { Confirmations } from "./accounts/confirmations.ts";
import { users } from "./accounts/schema.ts";
import { userColumns } from "./accounts/store.ts";
import { tellBy } from "./accounts/tell.ts";
import type { Config, WorkerConfig } from "./config.ts";
import { createIntake } from "./exchange-accounts/intake.ts";
import { createKeyChecks } from "./exchange-accounts/key-checks.ts";
import { readKey } from "./exchange-accounts/read-key.job.ts";
import { createReadings } from "./exchange-accounts/reading.ts";
import { exchangeAccountRoutes } from "./exchange-accounts/routes.ts";
import { createExchangeAccountStore } from "./exchange-accounts/store.ts";
import { tellLeakedKeys } from "./exchange-accounts/tell-leaked-keys.job.ts";
import type { TellOwner } from "./exchange-accounts/tell-owner.ts";
import { createKeyReader } from "./exchanges/key-reader.ts";
import { createPost, type Post } from "./mail/post.ts";
import type { Envelope } from "./platform/envelope.ts";
import type { Job } from "./platform/jobs.ts";
import type { Sql } from "./platform/postgres.ts";

type WebNeeds = Readonly<{
  config: Config;
  sql: Sql;
  envelope: Envelope;
  post: Post;
  confirmations: Confirmations;
  isHalted(): Promise<boolean>;
}>;

/** The web's part of accounts at exchanges: it takes keys in and seals them, and opens none. */
export function exchangeAccountsOf(needs: WebNeeds): FastifyPluginAsync {
  const checks = createKeyChecks(needs);
  const parts = { ...needs, checks, tell: teller(needs.post) };
  return exchangeAccountRoutes({
    ...{ ...parts, ...needs.config },
    accounts: createExchangeAccountStore(parts),
    intake: createIntake({ ...parts, lockAsker: needs.confirmations.lockAsker }),
    readings: createReadings(parts),
  });
}

type WorkerNeeds = Readonly<{ config: WorkerConfig; sql: Sql; envelope: Envelope }>;

/** The worker's part: only here are keys opened and exchanges asked. */
export function exchangeAccountJobs({ config, sql, envelope }: WorkerNeeds): Job[] {
  const reader = createKeyReader(config);
  return [
    readKey({ sql, envelope, reader }),
    tellLeakedKeys({ sql, tellAnybody: teller(createPost(envelope)) }),
  ];
}

/** Also who is suspended or has closed the account is told: their key lives on at the exchange. */
function teller(post: Post): TellOwner {
  const tell = tellBy(post);
  return async (transaction, userId, kind, facts) => {
    const [user] = await transaction.select(userColumns).from(users).where(eq(users.id, userId));
    if (user !== undefined) await tell(transaction, user, kind, facts);
  };
}
