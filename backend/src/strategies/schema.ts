import { boolean, index, integer, json, pgTable, text, timestamp } from "drizzle-orm/pg-core";
import type { Manifest } from "./host-protocol.ts";

/** Strategy code frozen by hash: what ran once can be run again, whatever happens to its file. */
export const strategyVersions = pgTable(
  "strategy_versions",
  {
    /** SHA-256 (hex) of the code. */
    version: text().primaryKey(),
    name: text().notNull(),
    source: text().notNull(),
    code: text().notNull(),
    /** Source map of the code. */
    map: text().notNull(),
    /** `json`, because `jsonb` forgets the order in which the author wrote the parameters. */
    manifest: json().$type<Manifest>().notNull(),
    createdAt: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [index("strategy_versions_by_name").on(table.name)],
);

/** One row for each file of the strategies directory, as it was when last looked at. */
export const strategyFiles = pgTable("strategy_files", {
  file: text().primaryKey(),
  /** Name and version of the last good state; null when there never was one. */
  name: text().unique(),
  version: text().references(() => strategyVersions.version),
  shipped: boolean().notNull(),
  /** Why the newest state cannot be used; null when it is the version above. */
  problem: text(),
  problemFile: text(),
  problemLine: integer(),
  /** The newest version and the engine whose host refused it, which need not be tried again; null for other problems. */
  refusedVersion: text(),
  refusedByEngine: text(),
  updatedAt: timestamp({ withTimezone: true, precision: 3 }).notNull().defaultNow(),
});
