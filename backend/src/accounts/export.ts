import { type FileHandle, mkdir, open, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
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
  "key_mark_secrets",
];

const rowsAtOnce = 200;
/** Whoever takes it slower begins anew. */
const deadlineMs = 5 * 60_000;
/** So often it is asked whether who takes it may still have it. */
const lookMs = 500;
/** Who takes theirs from this process. */
const taking = new Set<string>();
/** One after the other is read from the database: that takes moments, however slow those are who take it. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Everything that is stored under a user's name, of one moment, as a JSON document, which breaks off once the session that
 * takes it has ended. Throws `rate-limited` while the user takes another one.
 */
export async function exportAccount(
  sql: Sql,
  dir: string,
  userId: string,
  facts: Readonly<Record<string, string>>,
  isLive: () => Promise<boolean>,
): Promise<Readable> {
  if (taking.has(userId)) throw tooMany("Your data is being exported already.");
  taking.add(userId);
  try {
    const spooled = turn.then(() => spool(sql, dir, userId, facts));
    turn = spooled.catch(() => undefined);
    const file = await spooled;
    const out = file.createReadStream({ start: 0, signal: AbortSignal.timeout(deadlineMs) });
    const looking = setInterval(async () => {
      if (!(await isLive().catch(() => false))) out.destroy();
    }, lookMs);
    return out.once("close", () => {
      clearInterval(looking);
      taking.delete(userId);
    });
  } catch (error) {
    taking.delete(userId);
    throw error;
  }
}

/** Into a file without a name: nobody else finds it, and it is gone once it is closed, by a crash too. */
async function spool(
  sql: Sql,
  dir: string,
  userId: string,
  facts: Readonly<Record<string, string>>,
): Promise<FileHandle> {
  await mkdir(dir, { recursive: true });
  const path = join(dir, newId());
  const file = await open(path, "wx+", 0o600);
  try {
    await unlink(path);
    await inTransaction(sql, async (transaction) => {
      await transaction.execute(raw`set transaction isolation level repeatable read, read only`);
      for await (const piece of pieces(transaction, userId, facts)) await file.writeFile(piece);
    });
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
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
