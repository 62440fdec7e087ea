import { createHmac, randomBytes } from "node:crypto";
import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { and, eq, inArray } from "drizzle-orm";
import type { Envelope } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { keyMarkSecrets, leakedKeys } from "./schema.ts";

type Needs = Readonly<{ sql: Sql; envelope: Envelope }>;

/** The marks that one key has, or would have, at each exchange. */
export type KeyMarks = Readonly<Record<ConnectableExchange, string>>;

/**
 * By what a key is known again that is not kept: hashes keyed by a secret of its owner, so that one key of two users has
 * nothing in common. The secret is random and comes under a new encryption key like all that is sealed: marks stay good.
 */
export async function marksOf(needs: Needs, userId: string, apiKey: string): Promise<KeyMarks> {
  const secret = (await findSecret(needs, userId)) ?? (await makeSecret(needs, userId));
  const markAt = (exchange: ConnectableExchange): string =>
    createHmac("sha256", Buffer.from(secret, "base64url"))
      .update(JSON.stringify([exchange, apiKey]))
      .digest("hex");
  return {
    simulator: markAt("simulator"),
    binance: markAt("binance"),
    binanceusdm: markAt("binanceusdm"),
  };
}

/**
 * A key that may have leaked stays out, whichever account it is entered for, and at whichever exchange: one key serves
 * several. Throws `conflict`.
 */
export async function requireNotLeaked(sql: Sql, userId: string, marks: KeyMarks): Promise<void> {
  const [leaked] = await sql
    .select({ destroyedAt: leakedKeys.destroyedAt })
    .from(leakedKeys)
    .where(and(eq(leakedKeys.userId, userId), inArray(leakedKeys.keyMark, Object.values(marks))))
    .limit(1);
  if (leaked !== undefined)
    throw new PlatformError(
      "conflict",
      "This key may have become known. Delete it at the exchange and make a new one.",
    );
}

const placeOf = (rowId: string, userId: string) => ({
  ...{ table: "key_mark_secrets", rowId, userId },
  column: "secret",
});

async function findSecret({ sql, envelope }: Needs, userId: string): Promise<string | null> {
  const [row] = await sql.select().from(keyMarkSecrets).where(eq(keyMarkSecrets.userId, userId));
  return row === undefined ? null : envelope.open(row.secret, placeOf(row.id, userId));
}

/** Of two who make the first one at once, both go on with the one that was stored. */
async function makeSecret(needs: Needs, userId: string): Promise<string> {
  const id = newId();
  const text = randomBytes(32).toString("base64url");
  const secret = await needs.envelope.seal(text, placeOf(id, userId));
  await needs.sql.insert(keyMarkSecrets).values({ id, userId, secret }).onConflictDoNothing();
  const stored = await findSecret(needs, userId);
  if (stored === null) throw new Error("the secret of the marks was not stored");
  return stored;
}
