import type { Checklist } from "@trading/contracts/admin";
import type { setupRequest } from "@trading/contracts/notices";
import { and, eq, gt, sql as raw } from "drizzle-orm";
import type { z } from "zod";
import type { Addresses } from "../accounts/addresses.ts";
import { recordDeed } from "../accounts/audit.ts";
import { newToken, tokenHash } from "../accounts/one-time-token.ts";
import { requireUncommon } from "../accounts/password-changes.ts";
import type { Passwords } from "../accounts/passwords.ts";
import { createAccountStore } from "../accounts/store.ts";
import type { Config } from "../config.ts";
import { PlatformError } from "../platform/errors.ts";
import { countLiveWorkers } from "../platform/heartbeat.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import type { Notices } from "./notices.ts";
import { setupLinks } from "./schema.ts";
import type { Site } from "./site.ts";

type Needs = Readonly<{
  sql: Sql;
  passwords: Passwords;
  addresses: Addresses;
  site: Site;
  notices: Notices;
  config: Pick<
    Config,
    | "mail"
    | "environment"
    | "frontendUrl"
    | "allowedOrigins"
    | "trustedProxies"
    | "outgoingAddresses"
  >;
}>;

export type Setup = ReturnType<typeof createSetup>;

/** The first day of a site: its first operator, and what they still have to do. */
export function createSetup({ sql, passwords, addresses, site, notices, config }: Needs) {
  return {
    /** A link for the first operator; null when there is one. For the log, which only who runs the machine reads. */
    async offerLink(): Promise<string | null> {
      if (await hasAdmin(sql)) return null;
      const token = newToken();
      const expiresAt = raw`now() + interval '1 day'`;
      await sql.insert(setupLinks).values({ hash: tokenHash(token), expiresAt });
      return `${config.frontendUrl}/admin/#/setup/${token}`;
    },

    /** Of any number who use links at once one becomes the first operator. */
    async makeFirstAdmin(request: z.infer<typeof setupRequest>, address: string): Promise<void> {
      const { token, name, email, password } = request;
      // Before the costly hash: long after the first day anybody may ask here.
      if (!(await isOpenLink(sql, token))) throw linkNotValid();
      requireUncommon(password, [name, email, await site.siteName()]);
      const passwordHash = await passwords.hash(password);
      await inTransaction(sql, async (transaction) => {
        await transaction.execute(raw`select pg_advisory_xact_lock(${firstAdminLock})`);
        if (!(await isOpenLink(transaction, token)) || (await hasAdmin(transaction)))
          throw linkNotValid();
        const store = createAccountStore(transaction);
        const admin = await store.create({ name, email, passwordHash, role: "admin" });
        await addresses.askNewcomer(transaction, admin);
        await transaction.delete(setupLinks);
        await recordDeed(
          transaction,
          { id: null, address },
          {
            ...{ action: "admin-made", target: name, targetId: admin.id },
            reason: "by the link in the log",
          },
        );
      });
    },

    /** What is set up and what is not, found out by looking. */
    async checklist(userId: string): Promise<Checklist["items"]> {
      const { rows } = await sql.execute<Facts>(raw`select
        (select count(*)::int from mails where kind = 'test' and state = 'sent') as mails_arrived,
        (select count(*)::int from exchanges where markets_at is not null and problem is null) as exchanges,
        exists (select 1 from totp_factors where user_id = ${userId} and confirmed_at is not null)
          or exists (select 1 from passkeys where user_id = ${userId}) as has_factor`);
      const facts = rows[0] ?? { mails_arrived: 0, exchanges: 0, has_factor: false };
      const workers = await countLiveWorkers(sql);
      const texts = (await notices.legalTexts()).map(({ kind }) => kind);
      const { registration } = (await site.settings()).values;
      const origins = [config.frontendUrl, ...config.allowedOrigins].join(", ");
      return [
        mailItem(config, facts.mails_arrived),
        item("worker", workers > 0, `${workers} alive`, "No worker has given a sign of life."),
        item(
          "exchange",
          facts.exchanges > 0,
          `The markets of ${facts.exchanges} were read.`,
          "No exchange has been read yet: open the Markets page once.",
        ),
        item(
          "legal",
          texts.length === 3,
          "Terms, privacy and risk are published.",
          `Published: ${texts.join(", ") || "nothing"}.`,
        ),
        item(
          "factor",
          facts.has_factor,
          "Your sign-in asks for more than a password.",
          "Your password alone signs you in: set up a passkey or an authenticator app.",
        ),
        { id: "registration", state: "note", detail: registration },
        { id: "addresses", state: "note", detail: origins },
        item(
          "outgoing",
          config.outgoingAddresses.length > 0,
          `${config.outgoingAddresses.join(", ")}: people are told to restrict their exchange keys to them.`,
          "Not known: set OUTGOING_ADDRESSES, so that people can restrict their exchange keys.",
        ),
        backupItem(await archiveOf(sql)),
      ];
    },
  };
}

type Item = Checklist["items"][number];
type Facts = { mails_arrived: number; exchanges: number; has_factor: boolean };

/** Any number of our own: whoever becomes the first operator holds it. */
const firstAdminLock = 7_302_005;

const item = (id: Item["id"], isDone: boolean, done: string, open: string): Item => ({
  id,
  state: isDone ? "done" : "open",
  detail: isDone ? done : open,
});

function mailItem({ mail, environment }: Needs["config"], arrived: number): Item {
  if (mail === null) {
    const isCaught = environment === "development";
    const detail = isCaught
      ? "No mail server is set: this development site keeps mails in its mailbox."
      : "No mail server is set: SMTP_HOST names one. Without it nobody can prove an address.";
    return { id: "mail", state: isCaught ? "note" : "open", detail };
  }
  const taken = "The mail server took a test mail.";
  return item("mail", arrived > 0, taken, "No test mail was taken by the mail server yet.");
}

async function isOpenLink(sql: Sql, token: string): Promise<boolean> {
  const rows = await sql
    .select({ hash: setupLinks.hash })
    .from(setupLinks)
    .where(and(eq(setupLinks.hash, tokenHash(token)), gt(setupLinks.expiresAt, raw`now()`)));
  return rows.length === 1;
}

const linkNotValid = () =>
  new PlatformError("link-not-valid", "This link was used, has ended or never was.");

type Archive = Readonly<{ mode: string; archivedAt: string | null; isFailing: boolean }>;

/** Where PostgreSQL sends its log; the only backup target that the platform can see. */
async function archiveOf(sql: Sql): Promise<Archive> {
  const { rows } = await sql.execute<Archive>(raw`select current_setting('archive_mode') as mode,
    last_archived_time::text as "archivedAt",
    coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) as "isFailing"
    from pg_stat_archiver`);
  return rows[0] ?? { mode: "off", archivedAt: null, isFailing: false };
}

export function backupItem({ mode, archivedAt, isFailing }: Archive): Item {
  if (mode === "off") {
    const detail =
      "The platform makes none and sees none: PostgreSQL archives no log. The guide for operators says what to copy and how to try it.";
    return { id: "backup", state: "note", detail };
  }
  return item(
    "backup",
    archivedAt !== null && !isFailing,
    `PostgreSQL archives its log, last at ${archivedAt}. Whether a restore works only trying shows.`,
    isFailing
      ? "PostgreSQL's last try to archive its log failed: its own log says why."
      : "PostgreSQL is set to archive its log and has not done so yet.",
  );
}

async function hasAdmin(sql: Sql): Promise<boolean> {
  const { rows } = await sql.execute(raw`select 1 from users where role = 'admin' limit 1`);
  return rows.length > 0;
}
