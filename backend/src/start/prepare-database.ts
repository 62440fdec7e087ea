import { createAccountStore } from "../accounts/store.ts";
import { migrate, migrationState, newerVersion } from "../platform/migrations.ts";
import { connectionProblem, openDatabase } from "../platform/postgres.ts";
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
    const state = await migrationState(database.db);
    const { missing } = state;
    const newer = newerVersion(state);
    if (newer !== null) {
      throw new StartRefused(
        `The database ${newer}: use a version that knows it, or choose another directory with --data.`,
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
