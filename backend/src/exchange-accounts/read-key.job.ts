import { and, eq, isNull } from "drizzle-orm";
import type { Credentials, KeyReader } from "../exchanges/key-reader.ts";
import type { Envelope } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Job } from "../platform/jobs.ts";
import type { Sql } from "../platform/postgres.ts";
import { openCredentials } from "./credentials.ts";
import { exchangeAccounts, type KeyAnswer, keyChecks } from "./schema.ts";

type Needs = Readonly<{ sql: Sql; envelope: Envelope; reader: KeyReader }>;
type Check = typeof keyChecks.$inferSelect;

/** Asks an exchange what a key may do. Keys are opened here, in the process that signs, and kept by nobody. */
export function readKey({ sql, envelope, reader }: Needs): Job {
  return {
    name: "read-key",
    queue: "exchange-keys",
    async run({ checkId = "" }, signal) {
      const [check] = await sql
        .select()
        .from(keyChecks)
        .where(and(eq(keyChecks.id, checkId), isNull(keyChecks.answer)));
      if (check === undefined) return;
      const by = await credentialsOf({ sql, envelope }, check);
      const answer = by === null ? keyNeeded : await answerOf(reader, check, by, signal);
      await sql
        .update(keyChecks)
        .set({ answer, credentials: null })
        .where(and(eq(keyChecks.id, checkId), isNull(keyChecks.answer)));
    },
  };
}

type Sealed = Pick<Needs, "sql" | "envelope">;

async function credentialsOf({ sql, envelope }: Sealed, check: Check): Promise<Credentials | null> {
  if (check.accountId === null) {
    if (check.credentials === null) return null;
    return openCredentials(envelope, "key_checks", check, check.credentials);
  }
  const [account] = await sql
    .select()
    .from(exchangeAccounts)
    .where(
      and(eq(exchangeAccounts.id, check.accountId), eq(exchangeAccounts.userId, check.userId)),
    );
  if (account === undefined || account.credentials === null) return null;
  return openCredentials(envelope, "exchange_accounts", account, account.credentials);
}

const keyNeeded: KeyAnswer = {
  kind: "failed",
  problem: { code: "key-needed", detail: "This account needs a new key." },
};

async function answerOf(
  reader: KeyReader,
  { exchange }: Check,
  by: Credentials,
  signal: AbortSignal,
): Promise<KeyAnswer> {
  try {
    return { kind: "read", reading: await reader.read(exchange, by, signal) };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { code, message: detail, retryAfter } = error;
    return {
      kind: "failed",
      problem: { code, detail, ...(retryAfter === undefined ? {} : { retryAfter }) },
    };
  }
}
