import { createHmac, randomBytes } from "node:crypto";
import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";
import { and, eq } from "drizzle-orm";
import type { Envelope } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { keyMarkSecrets, leakedKeys } from "./schema.ts";

type Needs = Readonly<{ sql: Sql; envelope: Envelope }>;

/**
 * By what a key is known again that is not kept: a hash keyed by a secret of its owner, so that one key of two users has
 * nothing in common. The secret is random and comes under a new encryption key like all that is sealed: marks stay good.
 */
export async function markOf(
  needs: Needs,
  userId: string,
  exchange: ConnectableExchange,
  apiKey: string,
): Promise<string> {
  const secret = (await findSecret(needs, userId)) ?? (await makeSecret(needs, userId));
  return createHmac("sha256", Buffer.from(secret, "base64url"))
    .update(JSON.stringify([exchange, apiKey]))
    .digest("hex");
}

/** A key that may have leaked stays out, whichever account it is entered for. Throws `conflict`. */
export async function requireNotLeaked(sql: Sql, userId: string, keyMark: string): Promise<void> {
  const [leaked] = await sql
    .select({ destroyedAt: leakedKeys.destroyedAt })
    .from(leakedKeys)
    .where(and(eq(leakedKeys.userId, userId), eq(leakedKeys.keyMark, keyMark)));
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
