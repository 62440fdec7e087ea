import { roles, type UserSettings } from "@trading/contracts/accounts";
import type { ApiScope } from "@trading/contracts/api-tokens";
import { auditActions } from "@trading/contracts/audit";
import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";

const instant = () => timestamp({ withTimezone: true, precision: 3 });
const createdAt = () => instant().notNull().defaultNow();

export const users = pgTable(
  "users",
  {
    id: uuid().primaryKey(),
    name: text().notNull(),
    /** Name and e-mail as compared: NFKC, lower case. */
    nameKey: text().notNull(),
    email: text().notNull(),
    emailKey: text().notNull(),
    /** When the user showed that mails to the address reach them. Until then the address is a claim, and nobody's. */
    emailProvenAt: instant(),
    /** Argon2id in PHC form; null: signs in by link only. */
    passwordHash: text(),
    role: text({ enum: roles }).notNull().default("user"),
    /** Grows when every token of the user must stop working; tokens carry the epoch they were made in. */
    epoch: integer().notNull().default(0),
    suspendedAt: instant(),
    /** When the account is erased, since its owner said so; until then it is as if it were not there. */
    eraseAt: instant(),
    /** Where its owner says to live, as ISO 3166-1 alpha-2, and when they said so. */
    country: text(),
    countrySaidAt: instant(),
    settings: jsonb().$type<Partial<UserSettings>>().notNull().default({}),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex("users_name_key").on(table.nameKey),
    // Whoever proves an address has it; claims may be many, so that registering tells nobody who is here.
    uniqueIndex("users_proven_email")
      .on(table.emailKey)
      .where(sql`${table.emailProvenAt} is not null`),
    index("users_by_email").on(table.emailKey),
  ],
);

/** One sign-in on one device: the family of refresh tokens that descend from it. */
export const sessions = pgTable(
  "sessions",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** `password`, `passkey`, `link` or `register`; `impersonation` by an operator who looks on. */
    method: text().notNull(),
    impersonatorId: uuid().references(() => users.id, { onDelete: "cascade" }),
    /** The operator's own session that the look was opened from, and ends with. */
    impersonatorSessionId: uuid().references((): AnyPgColumn => sessions.id, {
      onDelete: "cascade",
    }),
    /** The epoch of the user that the session belongs to: in another one it is not continued. */
    epoch: integer().notNull().default(0),
    device: text().notNull(),
    network: text().notNull(),
    address: text(),
    /** When password or second factor were last shown: dangerous actions want it to be recent. */
    confirmedAt: instant(),
    createdAt: createdAt(),
    usedAt: createdAt(),
    expiresAt: instant().notNull(),
    revokedAt: instant(),
    revokedFor: text(),
  },
  (table) => [
    index("sessions_by_user").on(table.userId),
    index("sessions_by_expiry").on(table.expiresAt),
    index("sessions_by_impersonator_session").on(table.impersonatorSessionId),
  ],
);

/** Every refresh token given out in a session, or in the one it took the place of, as SHA-256; used ones stay so that a second use is noticed. */
export const refreshTokens = pgTable(
  "refresh_tokens",
  {
    hash: text().primaryKey(),
    sessionId: uuid()
      .notNull()
      .references(() => sessions.id, { onDelete: "cascade" }),
    /** The token it was exchanged for. Of its children one goes on: a second one in use was copied. */
    parent: text(),
    createdAt: createdAt(),
    usedAt: instant(),
    /** When its session went on by a new token only: from then on it is refused, and then betrays a copy. */
    withdrawnAt: instant(),
  },
  (table) => [
    index("refresh_tokens_by_session").on(table.sessionId),
    index("refresh_tokens_by_parent").on(table.parent),
  ],
);

/** Browsers that a user has signed in with, each known by a cookie, as SHA-256. */
export const knownDevices = pgTable(
  "known_devices",
  {
    hash: text().notNull(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    usedAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.hash, table.userId] }),
    index("known_devices_by_user").on(table.userId),
  ],
);

/** One-time sign-in links, as SHA-256. */
export const signInLinks = pgTable("sign_in_links", {
  hash: text().primaryKey(),
  userId: uuid()
    .notNull()
    .references(() => users.id, { onDelete: "cascade" }),
  createdAt: createdAt(),
  expiresAt: instant().notNull(),
  usedAt: instant(),
});

/** Who may make an account where the site asks for an invitation. The link is known by its hash only. */
export const invitations = pgTable(
  "invitations",
  {
    id: uuid().primaryKey(),
    hash: text().notNull(),
    email: text(),
    madeBy: uuid().references(() => users.id, { onDelete: "set null" }),
    usedBy: uuid().references(() => users.id, { onDelete: "set null" }),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    withdrawnAt: instant(),
  },
  (table) => [uniqueIndex("invitations_by_hash").on(table.hash)],
);

export const tokenPurposes = ["prove-address", "reset-password", "keep-account"] as const;

/** One-time links that mails carry, as SHA-256. */
export const accountTokens = pgTable(
  "account_tokens",
  {
    hash: text().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    purpose: text({ enum: tokenPurposes }).notNull(),
    /** The address that the link was sent to, and thereby proves. */
    email: text().notNull(),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  (table) => [
    uniqueIndex("account_tokens_one_open")
      .on(table.userId, table.purpose)
      .where(sql`${table.usedAt} is null and ${table.purpose} <> 'reset-password'`),
    index("account_tokens_by_user").on(table.userId),
    index("account_tokens_by_expiry").on(table.expiresAt),
  ],
);

/** Who says to have forgotten their password; a worker answers, so that asking takes as long for names that are not there. */
export const resetRequests = pgTable(
  "reset_requests",
  {
    id: uuid().primaryKey(),
    identifierKey: text().notNull(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("reset_requests_by_identifier").on(table.identifierKey)],
);

/** Authenticator apps, one per user. Until `confirmedAt` it is being set up and asked for by nobody. */
export const totpFactors = pgTable(
  "totp_factors",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    /** Sealed. */
    secret: text().notNull(),
    /** The step of the last code used: none up to it counts again. */
    lastStep: integer().notNull().default(0),
    confirmedAt: instant(),
    createdAt: createdAt(),
  },
  (table) => [uniqueIndex("totp_factors_by_user").on(table.userId)],
);

/** Codes for the day the phone is gone, as SHA-256; each works once. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    hash: text().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
    usedAt: instant(),
  },
  (table) => [index("recovery_codes_by_user").on(table.userId)],
);

/** WebAuthn credentials: the public halves of keys that authenticators keep. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    credentialId: text().notNull(),
    /** COSE, in base64url. */
    publicKey: text().notNull(),
    /** Grows with every use, where the authenticator counts: one that falls back was copied. */
    counter: bigint({ mode: "number" }).notNull(),
    transports: jsonb().$type<readonly string[]>().notNull().default([]),
    isSynced: boolean().notNull(),
    createdAt: createdAt(),
    usedAt: instant(),
  },
  (table) => [
    uniqueIndex("passkeys_by_credential").on(table.credentialId),
    index("passkeys_by_user").on(table.userId),
  ],
);

/** What authenticators are asked to sign, once each; without a user it is a sign-in. */
export const passkeyChallenges = pgTable(
  "passkey_challenges",
  {
    challenge: text().primaryKey(),
    userId: uuid().references(() => users.id, { onDelete: "cascade" }),
    createdAt: createdAt(),
  },
  (table) => [index("passkey_challenges_by_age").on(table.createdAt)],
);

/** Keys for programs, known by their hashes. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: uuid().primaryKey(),
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    name: text().notNull(),
    hash: text().notNull(),
    /** How the token begins: enough to recognise it, not to guess it. */
    prefix: text().notNull(),
    scopes: jsonb().$type<readonly ApiScope[]>().notNull(),
    /** Addresses and networks it may come from; empty: from anywhere. */
    networks: jsonb().$type<readonly string[]>().notNull(),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
    usedFrom: text(),
  },
  (table) => [
    uniqueIndex("api_tokens_by_hash").on(table.hash),
    index("api_tokens_by_user").on(table.userId),
  ],
);

/** Tries to sign in, counted per account and per network; kept here so that a restart forgives nothing. */
export const signInThrottles = pgTable(
  "sign_in_throttles",
  {
    key: text().primaryKey(),
    failures: integer().notNull().default(0),
    blockedUntil: instant().notNull().default(sql`'-infinity'`),
    updatedAt: createdAt(),
  },
  (table) => [index("sign_in_throttles_by_age").on(table.updatedAt)],
);

/**
 * What operators did. Rows are added in the transaction of the deed; triggers refuse to change or delete one, and give
 * each its position and a hash over itself and the line before. Names are kept beside ids, since accounts go and the
 * log stays.
 */
export const auditLog = pgTable(
  "audit_log",
  {
    id: uuid().primaryKey(),
    /** This and `hash` are set by the trigger, whatever an insert says. */
    position: bigint({ mode: "number" }).notNull().default(0),
    hash: text().notNull().default(""),
    at: createdAt(),
    /** Null: on the machine itself, by a command. */
    actorId: uuid(),
    actorName: text().notNull(),
    action: text({ enum: auditActions }).notNull(),
    target: text().notNull(),
    targetId: text(),
    before: jsonb().$type<unknown>(),
    after: jsonb().$type<unknown>(),
    address: text().notNull(),
    reason: text().notNull(),
  },
  (table) => [
    uniqueIndex("audit_log_by_position").on(table.position),
    index("audit_log_by_actor").on(table.actorId),
    index("audit_log_by_target").on(table.targetId),
  ],
);
