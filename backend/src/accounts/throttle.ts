import { createHash } from "node:crypto";
import { eq, inArray, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import { networkOf } from "../platform/network.ts";
import type { Sql } from "../platform/postgres.ts";
import { signInThrottles } from "./schema.ts";

const freeFailures = 5;
const delayMaxSeconds = 900;
/** A network may fail 20 times at once, and once more every 3 s: people behind one address are not shut out. */
const networkFailuresMax = 20;
const networkRefillSeconds = 3;
/** Failures are forgotten after a day without a try. */
const forgetSeconds = 86_400;

/** Seconds to wait after so many failures in a row: five are free, then 1, 2, 4 … 900. */
export const delayAfter = (failures: number): number =>
  failures < freeFailures ? 0 : Math.min(delayMaxSeconds, 2 ** (failures - freeFailures));

export type Throttle = Readonly<{
  /** Counts a try before anything is checked; throws `rate-limited` while the account or the network must wait. */
  enter(identifier: string, address: string): Promise<void>;
  /** The try was right: the account starts anew, and the network gets its try back. */
  leave(identifier: string, address: string): Promise<void>;
  /** The try was neither right nor wrong: it is not counted, and what was counted before stays. */
  giveBack(identifier: string, address: string): Promise<void>;
  /** Counts something that may be done a few times only, whoever does it: mails to one address. Throws like `enter`. */
  slow(what: string): Promise<void>;
  /** Under these names guessing starts anew: whoever reads the mails of an account must get in. */
  forgive(identifiers: readonly string[]): Promise<void>;
}>;

/**
 * Slows guessing down, per account and per network. Every try counts as failed until it succeeded, in one statement,
 * so parallel tries cannot slip through. Names that do not exist are counted alike.
 */
export function createThrottle(sql: Sql): Throttle {
  const keys = (identifier: string, address: string) => ({
    account: `account:${createHash("sha256").update(identifierKey(identifier)).digest("hex")}`,
    network: `network:${networkOf(address)}`,
  });
  return {
    async enter(identifier, address) {
      const { account, network } = keys(identifier, address);
      await forget(sql);
      await takeFromNetwork(sql, network);
      await take(sql, account);
    },
    async leave(identifier, address) {
      const { account, network } = keys(identifier, address);
      await sql.delete(signInThrottles).where(eq(signInThrottles.key, account));
      await uncount(sql, [network]);
    },
    async giveBack(identifier, address) {
      const { account, network } = keys(identifier, address);
      await uncount(sql, [account, network]);
    },
    async slow(what) {
      await forget(sql);
      await take(sql, keys(what, "0.0.0.0").account);
    },
    async forgive(identifiers) {
      const accounts = identifiers.map((identifier) => keys(identifier, "0.0.0.0").account);
      await sql.delete(signInThrottles).where(inArray(signInThrottles.key, accounts));
    },
  };
}

async function uncount(sql: Sql, keys: readonly string[]): Promise<void> {
  await sql
    .update(signInThrottles)
    .set({ failures: raw`greatest(0, failures - 1)` })
    .where(inArray(signInThrottles.key, [...keys]));
}

/** Rows that count nothing any more go, a few with every try, so that made-up names cannot fill the table. */
async function forget(sql: Sql): Promise<void> {
  await sql.execute(raw`
    delete from sign_in_throttles where key in (
      select key from sign_in_throttles where updated_at < now() - make_interval(secs => ${forgetSeconds})
      order by updated_at limit 50 for update skip locked)`);
}

/** Names and addresses as compared: one person cannot be two by case or by look-alike forms. */
export const identifierKey = (identifier: string): string =>
  identifier.trim().normalize("NFKC").toLowerCase();

type Tried = { is_counted: boolean; wait: number | null };

/** Counts a try of an account, which waits longer after each failure beyond the free ones. */
async function take(sql: Sql, key: string): Promise<void> {
  // One row, one statement: whoever comes second sees what the first has counted.
  const failures = raw`case when t.updated_at < now() - make_interval(secs => ${forgetSeconds}) then 1 else t.failures + 1 end`;
  const { rows } = await sql.execute<Tried>(raw`
    with counted as (
      insert into sign_in_throttles as t (key, failures, blocked_until, updated_at)
      values (${key}, 1, '-infinity', now())
      on conflict (key) do update set
        failures = ${failures},
        blocked_until = case when ${failures} < ${freeFailures} then '-infinity'
          else clock_timestamp() + make_interval(secs => least(${delayMaxSeconds}, 2 ^ least(20, ${failures} - ${freeFailures}))) end,
        updated_at = now()
      where t.blocked_until <= clock_timestamp()
      returning 1
    )
    select exists (select 1 from counted) as is_counted,
      (select extract(epoch from blocked_until - clock_timestamp())::float8 from sign_in_throttles where key = ${key}) as wait`);
  refuseUncounted(rows[0]);
}

/** Counts a try of a network, whose failures are forgotten at a steady pace. */
async function takeFromNetwork(sql: Sql, key: string): Promise<void> {
  const idle = raw`extract(epoch from clock_timestamp() - t.updated_at)`;
  const refilled = raw`floor(${idle} / ${networkRefillSeconds})::int`;
  const left = raw`greatest(0, t.failures - ${refilled})`;
  const { rows } = await sql.execute<Tried>(raw`
    with counted as (
      insert into sign_in_throttles as t (key, failures, blocked_until, updated_at)
      values (${key}, 1, '-infinity', clock_timestamp())
      on conflict (key) do update set
        failures = ${left} + 1,
        updated_at = case when ${left} = 0 then clock_timestamp()
          else t.updated_at + make_interval(secs => ${refilled} * ${networkRefillSeconds}) end
      where ${left} < ${networkFailuresMax}
      returning 1
    )
    select exists (select 1 from counted) as is_counted,
      (select ${networkRefillSeconds} - ${idle} from sign_in_throttles t where key = ${key})::float8 as wait`);
  refuseUncounted(rows[0]);
}

/** Whoever ran into a row that came after their own snapshot is not counted and sees no wait: they wait nevertheless. */
function refuseUncounted(tried: Tried | undefined): void {
  if (tried?.is_counted === true) return;
  const retryAfter = Math.max(1, Math.ceil(tried?.wait ?? 1));
  throw new PlatformError("rate-limited", `Too many tries: wait ${retryAfter} s.`, { retryAfter });
}
