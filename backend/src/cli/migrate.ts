import type { Command } from "commander";
import { migrate, migrationState, newerVersion } from "../platform/migrations.ts";
import { openDatabase } from "../platform/postgres.ts";
import { BadInput, cliConfig, print, requireDatabase } from "./command.ts";

/** `migrate`: brings the database to this version; any number of them may run at once. */
export function registerMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to this version of the platform")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const url = requireDatabase(cliConfig());
      const database = openDatabase(url, { max: 1 });
      const state = await migrationState(database.db).finally(() => database.close());
      const { missing } = state;
      const newer = newerVersion(state);
      if (newer !== null) throw new BadInput(`The database ${newer}: migrate with a newer one.`);
      await migrate(url);
      const text = missing === 0 ? "The database is up to date." : `Applied ${missing} migrations.`;
      print(options.json === true, { applied: missing }, text);
    });
}
