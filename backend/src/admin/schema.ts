import { legalKinds } from "@trading/contracts/notices";
import type { SiteSettings } from "@trading/contracts/site-settings";
import {
  bigint,
  boolean,
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from "drizzle-orm/pg-core";
import { users } from "../accounts/schema.ts";

const instant = () => timestamp({ withTimezone: true, precision: 3 });
const now = () => instant().notNull().defaultNow();

/** What operators set for the site; each change is a row, the newest one holds. */
export const siteSettings = pgTable("site_settings", {
  version: bigint({ mode: "number" }).primaryKey(),
  at: now(),
  actorName: text().notNull(),
  reason: text().notNull(),
  /** Only what was set; the rest comes from the environment. */
  values: jsonb().$type<Partial<SiteSettings>>().notNull(),
  isHalted: boolean().notNull().default(false),
});

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" });

/** Logos of the site; the newest holds, null: none. */
export const siteLogos = pgTable("site_logos", {
  version: integer().primaryKey(),
  at: now(),
  png: bytea(),
});

export const announcements = pgTable("announcements", {
  id: uuid().primaryKey(),
  text: text().notNull(),
  tone: text({ enum: ["info", "warning"] }).notNull(),
  createdAt: now(),
  endsAt: instant(),
});

/** Terms, privacy and risk as published; a version is never changed. */
export const legalTexts = pgTable(
  "legal_texts",
  {
    kind: text({ enum: legalKinds }).notNull(),
    version: integer().notNull(),
    text: text().notNull(),
    publishedAt: now(),
  },
  (table) => [primaryKey({ columns: [table.kind, table.version] })],
);

export const legalAcceptances = pgTable(
  "legal_acceptances",
  {
    userId: uuid()
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    kind: text({ enum: legalKinds }).notNull(),
    version: integer().notNull(),
    at: now(),
    address: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.userId, table.kind, table.version] })],
);

/** The links that make the first operator, as SHA-256. */
export const setupLinks = pgTable("setup_links", {
  hash: text().primaryKey(),
  createdAt: now(),
  expiresAt: instant().notNull(),
});
