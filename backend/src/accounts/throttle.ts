import { createHash } from "node:crypto";
import type { MailKind } from "@trading/contracts/mail";
import { eq, inArray, like, sql as raw } from "drizzle-orm";
import { assertNever, PlatformError } from "../platform/errors.ts";
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
/** Mails to one address come ever more seldom, down to a few in a day. */
const mailDelayMaxSeconds = 21_600;
/** Shorter, so that news of a thief are not lost where an owner causes the like every day. */
const newsDelayMaxSeconds = 900;
/** What NIST SP 800-63B allows: after so many wrong passwords, or wrong codes, in a row none is looked at. */
export const wrongInARowMax = 100;

/** What is counted apart: no text that somebody types reaches the count of another purpose. */
export type Purpose = "sign-in" | "device" | "confirm";
/** Whose password is tried: an account's, by strangers or by a browser it knows, or nobody's, by what was typed. */
export type Target =
  | Owned
  | Readonly<{ kind: "codes"; of: Owned }>
  | Readonly<{ kind: "nobody"; identifier: string }>;
export type Owned =
  | Readonly<{ kind: "account"; userId: string }>
  | Readonly<{ kind: "known-device"; userId: string; device: string }>;

/** Seconds to wait after so many failures in a row: five are free, then 1, 2, 4 … 900. */
export const delayAfter = (failures: number): number =>
  failures < freeFailures ? 0 : Math.min(delayMaxSeconds, 2 ** (failures - freeFailures));

/**
 * Mails to an address that is being registered with, those that whoever is signed in asks for to go there, and those that
 * a user asks for. Who registers with somebody's address uses up nothing of what its owner asks for.
 */
export type MailBudget = "to-newcomers" | "to-users" | "of";

export type Throttle = Readonly<{
  /** Counts a try before anything is checked; throws `rate-limited` while what is tried or the network must wait. */
  enter(purpose: Purpose, of: string, address: string): Promise<void>;
  /** The try was right: what was tried starts anew, and the network gets its try back. */
  leave(purpose: Purpose, of: string, address: string): Promise<void>;
  /** The try was neither right nor wrong: it is not counted, and what was counted before stays. */
  giveBack(purpose: Purpose, of: string, address: string): Promise<void>;
  /** Counts a mail, apart for each budget; throws like `enter`. */
  slowMails(budget: MailBudget, of: string): Promise<void>;
  /** Whether a mail tells a user what they, or a thief, can do over and over; counted apart for each kind, like other mails. */
  mayMail(kind: MailKind, userId: string): Promise<boolean>;
  /** Under these names guessing starts anew: whoever reads the mails of an account must get in. */
  forgive(identifiers: readonly string[]): Promise<void>;
  /** Counts a password that is about to be judged: how many in a row it is; null when it must not be. */
  countPassword(target: Target): Promise<number | null>;
  /** Whether none is judged any more. */
  isExhausted(target: Target): Promise<boolean>;
  /** It was not judged after all. */
  uncountPassword(target: Target): Promise<void>;
  /** Somebody got in, or set a new password: wrong ones, and wrong codes, count from the first again. */
  forgivePasswords(userId: string): Promise<void>;
  /** Whether a user may be told this now: once a day, however often it happens. */
  mayTell(what: "wrong-codes", userId: string): Promise<boolean>;
}>;

/**
 * Slows guessing down, per account and per network. Every try counts as failed until it succeeded, in one statement,
 * so parallel tries cannot slip through. Names that do not exist are counted alike.
 */
export function createThrottle(sql: Sql): Throttle {
  const networkKey = (address: string) => `network:${networkOf(address)}`;
  return {
    async enter(purpose, of, address) {
      await forget(sql);
      await takeFromNetwork(sql, networkKey(address));
      await take(sql, keyOf(purpose, of), delayMaxSeconds);
    },
    async leave(purpose, of, address) {
      await sql.delete(signInThrottles).where(eq(signInThrottles.key, keyOf(purpose, of)));
      await uncount(sql, [networkKey(address)]);
    },
    giveBack: (purpose, of, address) => uncount(sql, [keyOf(purpose, of), networkKey(address)]),
    async slowMails(budget, of) {
      await forget(sql);
      await take(sql, keyOf(`mails-${budget}`, of), mailDelayMaxSeconds);
    },
    async mayMail(kind, userId) {
      const key = keyOf("mails-news", `${kind} ${userId}`);
      return isCounted(await count(sql, key, newsDelayMaxSeconds));
    },
    async forgive(identifiers) {
      const keys = identifiers.map((identifier) => keyOf("sign-in", identifier));
      await sql.delete(signInThrottles).where(inArray(signInThrottles.key, keys));
    },
    async countPassword(target) {
      const { rows } = await sql.execute<{ failures: number }>(raw`
        insert into sign_in_throttles as t (key, failures) values (${passwordsKey(target)}, 1)
        on conflict (key) do update set failures = t.failures + 1, updated_at = now()
          where t.failures < ${wrongInARowMax}
        returning failures`);
      return rows[0]?.failures ?? null;
    },
    async isExhausted(target) {
      const [row] = await sql
        .select({ failures: signInThrottles.failures })
        .from(signInThrottles)
        .where(eq(signInThrottles.key, passwordsKey(target)));
      return (row?.failures ?? 0) >= wrongInARowMax;
    },
    uncountPassword: (target) => uncount(sql, [passwordsKey(target)]),
    async forgivePasswords(userId) {
      await sql
        .delete(signInThrottles)
        .where(like(signInThrottles.key, `${passwordsKey({ kind: "account", userId })}%`));
    },
    async mayTell(what, userId) {
      const { rowCount } = await sql.execute(raw`
        insert into sign_in_throttles as t (key) values (${`${what}:${userId}`})
        on conflict (key) do update set updated_at = now()
          where t.updated_at < now() - make_interval(secs => ${forgetSeconds})`);
      return rowCount === 1;
    },
  };
}

/** The purpose stands before a hash, so that nothing that is typed can name a count of another purpose. */
const keyOf = (purpose: Purpose | `mails-${MailBudget | "news"}` | "nobody", of: string): string =>
  `${purpose}:${createHash("sha256").update(identifierKey(of)).digest("hex")}`;

/** Counts of accounts stay until somebody gets in; those of names that are not there go like all others. */
const keptMark = "passwords:";
function passwordsKey(target: Target): string {
  switch (target.kind) {
    case "account":
      return `${keptMark}${target.userId}`;
    case "known-device":
      return `${keptMark}${target.userId}:${target.device}`;
    case "codes":
      return `${passwordsKey(target.of)}:codes`;
    case "nobody":
      return keyOf("nobody", target.identifier);
    default:
      return assertNever(target);
  }
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
      select key from sign_in_throttles
      where updated_at < now() - make_interval(secs => ${forgetSeconds}) and key not like ${`${keptMark}%`}
      order by updated_at limit 50 for update skip locked)`);
}

/** Names and addresses as compared: one person cannot be two by case or by look-alike forms. */
export const identifierKey = (identifier: string): string =>
  identifier.trim().normalize("NFKC").toLowerCase();

const isCounted = (tried: Tried | undefined): boolean => tried?.is_counted === true;

type Tried = { is_counted: boolean; wait: number | null };

/** Counts a try of an account, which waits longer after each failure beyond the free ones. */
const take = async (sql: Sql, key: string, waitMax: number): Promise<void> =>
  refuseUncounted(await count(sql, key, waitMax));

async function count(sql: Sql, key: string, waitMax: number): Promise<Tried | undefined> {
  // One row, one statement: whoever comes second sees what the first has counted.
  const failures = raw`case when t.updated_at < now() - make_interval(secs => ${forgetSeconds}) then 1 else t.failures + 1 end`;
  const { rows } = await sql.execute<Tried>(raw`
    with counted as (
      insert into sign_in_throttles as t (key, failures, blocked_until, updated_at)
      values (${key}, 1, '-infinity', now())
      on conflict (key) do update set
        failures = ${failures},
        blocked_until = case when ${failures} < ${freeFailures} then '-infinity'
          else clock_timestamp() + make_interval(secs => least(${waitMax}, 2 ^ least(20, ${failures} - ${freeFailures}))) end,
        updated_at = now()
      where t.blocked_until <= clock_timestamp()
      returning 1
    )
    select exists (select 1 from counted) as is_counted,
      (select extract(epoch from blocked_until - clock_timestamp())::float8 from sign_in_throttles where key = ${key}) as wait`);
  return rows[0];
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
  if (isCounted(tried)) return;
  const retryAfter = Math.max(1, Math.ceil(tried?.wait ?? 1));
  throw new PlatformError("rate-limited", `Too many tries: wait ${retryAfter} s.`, { retryAfter });
}
