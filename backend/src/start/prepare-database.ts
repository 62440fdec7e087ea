import { createAccountStore } from "../accounts/store.ts";
import { connectionProblem, migrate, migrationState, openDatabase } from "../platform/postgres.ts";
import { ensurePeople } from "./people.ts";
import { StartRefused } from "./refused.ts";

/**
 * Brings the database to this version, and says how many migrations that took. With `withPeople` trader and operator
 * are there afterwards: before the web listens, so that nobody can register under their names first.
 */
export async function prepareDatabase(
  url: string,
  { withPeople }: { withPeople: boolean },
): Promise<number> {
  const database = openDatabase(url, { max: 1 });
  try {
    const { missing, unknown } = await migrationState(database.db);
    if (unknown > 0) {
      throw new StartRefused(
        "The database was written by a newer version of the platform: use that version, or choose another directory with --data.",
      );
    }
    if (missing > 0) await migrate(url);
    if (withPeople) await ensurePeople(createAccountStore(database.db));
    return missing;
  } catch (error) {
    const problem = connectionProblem(error, url);
    throw problem === null ? error : new StartRefused(problem);
  } finally {
    await database.close();
  }
}
