import type { Envelope } from "./platform/envelope.ts";
import { requireServed } from "./platform/migrations.ts";
import type { Database } from "./platform/postgres.ts";
import { requireKnownKeys } from "./sealed-columns.ts";

/** Throws `ConfigError`, and lets go of the database, where a process of this version and these keys cannot work on it. */
export async function requireUsable(database: Database, envelope: Envelope): Promise<void> {
  try {
    await requireServed(database.db);
    await requireKnownKeys(database.db, envelope);
  } catch (error) {
    await database.close();
    throw error;
  }
}
