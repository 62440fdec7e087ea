import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { type ProblemCode, problemKinds } from "@trading/contracts/problems";
import { count, eq, lt, sql as raw } from "drizzle-orm";
import type { Credentials, KeyReading } from "../exchanges/key-reader.ts";
import type { Envelope } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { addToOutbox } from "../platform/outbox.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { endOf, sealCredentials } from "./credentials.ts";
import { type KeyProblem, keyChecks } from "./schema.ts";

type Needs = Readonly<{ sql: Sql; envelope: Envelope; waitMs?: number }>;
type Asked = Readonly<{ userId: string; exchange: ConnectableExchange }> &
  (Readonly<{ credentials: Credentials; keyMark: string }> | Readonly<{ accountId: string }>);

export type KeyChecks = ReturnType<typeof createKeyChecks>;

const lookMs = 80;
const openMax = 4;
/** A question nobody waits for any more. */
const staleSeconds = 30;

/** Asks a worker to ask an exchange, and waits for what it says. */
export function createKeyChecks({ sql, envelope, waitMs = 25_000 }: Needs) {
  const add = (asked: Asked): Promise<string> =>
    inTransaction(sql, async (transaction) => {
      const { userId, exchange } = asked;
      const [{ open = 0 } = {}] = await transaction
        .select({ open: count() })
        .from(keyChecks)
        .where(eq(keyChecks.userId, userId));
      if (open >= openMax)
        throw new PlatformError("rate-limited", "Wait for the answers to what you asked before.", {
          retryAfter: 5,
        });
      const id = newId();
      const subject =
        "accountId" in asked
          ? { accountId: asked.accountId }
          : {
              keyMark: asked.keyMark,
              keyEnd: endOf(asked.credentials.apiKey),
              credentials: await sealCredentials(
                envelope,
                "key_checks",
                { id, userId },
                asked.credentials,
              ),
            };
      await transaction.insert(keyChecks).values({ id, userId, exchange, ...subject });
      await addToOutbox(transaction, "read-key", { checkId: id });
      return id;
    });

  async function answerOf(checkId: string) {
    const deadline = performance.now() + waitMs;
    while (performance.now() < deadline) {
      const [row] = await sql
        .select({ answer: keyChecks.answer })
        .from(keyChecks)
        .where(eq(keyChecks.id, checkId));
      if (row === undefined)
        throw new PlatformError("conflict", "The key was taken away meanwhile.");
      if (row.answer !== null) return row.answer;
      await sleep(lookMs);
    }
    throw new PlatformError(
      "not-ready",
      "No worker has answered in time. Try again in a minute; the operator sees on the dashboard whether one lives.",
    );
  }

  return {
    /** Throws what the exchange or the key is not good for, as `KeyReader` does. Leaves nothing behind. */
    async ask(asked: Asked): Promise<KeyReading> {
      const checkId = await add(asked);
      try {
        const answer = await answerOf(checkId);
        if (answer.kind === "read") return answer.reading;
        throw errorOf(answer.problem);
      } finally {
        await sql.delete(keyChecks).where(eq(keyChecks.id, checkId));
      }
    },
  };
}

/** What a process left behind that died while somebody waited. */
export async function removeStaleChecks(sql: Sql): Promise<void> {
  await sql
    .delete(keyChecks)
    .where(lt(keyChecks.createdAt, raw`now() - make_interval(secs => ${staleSeconds})`));
}

function errorOf({ code, detail, retryAfter }: KeyProblem): PlatformError {
  const known: ProblemCode = Object.hasOwn(problemKinds, code)
    ? (code as ProblemCode)
    : "exchange-unavailable";
  return new PlatformError(known, detail, retryAfter === undefined ? {} : { retryAfter });
}
