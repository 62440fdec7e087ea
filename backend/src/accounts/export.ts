import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { ownedTables } from "./owned-tables.ts";

/** Of no use to anybody but us, or to a thief: hashes, sealed values, and what only counts tries. */
const leftOut = [
  ...["hash", "secret", "password_hash", "public_key", "credential_id", "epoch"],
  ...["credentials", "key_mark"],
];
/** What opens doors and says nothing of the user. */
const tablesLeftOut = [
  "sign_in_links",
  "account_tokens",
  "recovery_codes",
  "passkey_challenges",
  "telegram_codes",
  "key_checks",
];

const rowsAtOnce = 200;
/** Whoever reads slower holds a connection to the database for too long. */
const deadlineMs = 5 * 60_000;
/** In one process, whoever they are for. */
const atOnceMax = 2;
let open = 0;

/**
 * Everything that is stored under a user's name, of one moment, as a JSON document that is read from the database as
 * fast as it is taken. Throws `rate-limited` while another export of the user, or too many of others, are under way.
 */
export async function exportAccount(
  sql: Sql,
  userId: string,
  facts: Readonly<Record<string, string>>,
): Promise<Readable> {
  if (open >= atOnceMax) throw tooMany("Others take their data along at this moment.");
  open += 1;
  const out = new PassThrough();
  const begun = Promise.withResolvers<void>();
  inTransaction(sql, async (transaction) => {
    await transaction.execute(raw`set transaction isolation level repeatable read, read only`);
    await claimTurn(transaction, userId);
    begun.resolve();
    const signal = AbortSignal.timeout(deadlineMs);
    await pipeline(Readable.from(pieces(transaction, userId, facts)), out, { signal });
  })
    // Afterwards it ends the stream, and what was sent is no whole document.
    .catch(begun.reject)
    .finally(() => {
      open -= 1;
    });
  await begun.promise;
  return out;
}

async function claimTurn(transaction: Sql, userId: string): Promise<void> {
  const { rows } = await transaction.execute<{ is_mine: boolean }>(
    raw`select pg_try_advisory_xact_lock(hashtextextended(${`export:${userId}`}, 0)) as is_mine`,
  );
  if (rows[0]?.is_mine !== true) throw tooMany("Your data is being exported already.");
}

const tooMany = (why: string) => new PlatformError("rate-limited", why, { retryAfter: 10 });

async function* pieces(transaction: Sql, userId: string, facts: Readonly<Record<string, string>>) {
  // A cursor takes no bound values.
  await transaction.execute(raw`select set_config('export.user_id', ${userId}, true)`);
  yield `${JSON.stringify(facts).slice(0, -1)},"data":{`;
  yield* rowsOf(transaction, "users", "id");
  for (const { table, column } of await ownedTables(transaction)) {
    if (tablesLeftOut.includes(table)) continue;
    yield ",";
    yield* rowsOf(transaction, table, column);
  }
  yield "}}";
}

/** One table, as `"name":[row,row]`. */
async function* rowsOf(transaction: Sql, table: string, column: string) {
  yield `${JSON.stringify(table)}:[`;
  const cursor = raw.identifier(`export_${table}`);
  await transaction.execute(raw`
    declare ${cursor} no scroll cursor for
    select (to_jsonb(t) - ${raw.raw(leftOutArray)})::text as row from ${raw.identifier(table)} t
    where ${raw.identifier(column)} = current_setting('export.user_id')::uuid`);
  for (let separator = ""; ; separator = ",") {
    const { rows } = await transaction.execute<{ row: string }>(
      raw`fetch ${raw.raw(String(rowsAtOnce))} from ${cursor}`,
    );
    if (rows.length > 0) yield separator + rows.map(({ row }) => row).join(",");
    if (rows.length < rowsAtOnce) break;
  }
  await transaction.execute(raw`close ${cursor}`);
  yield "]";
}

const leftOutArray = `array[${leftOut.map((name) => `'${name}'`).join(", ")}]`;
