import type { Command } from "commander";
import { migrate, migrationState, openDatabase } from "../platform/postgres.ts";
import { cliConfig, print, requireDatabase } from "./command.ts";

/** `migrate`: brings the database to this version; any number of them may run at once. */
export function registerMigrateCommand(program: Command): void {
  program
    .command("migrate")
    .description("bring the database to this version of the platform")
    .option("--json", "one JSON document on stdout")
    .action(async (options: { json?: boolean }) => {
      const url = requireDatabase(cliConfig());
      const database = openDatabase(url, { max: 1 });
      const { missing } = await migrationState(database.db).finally(() => database.close());
      await migrate(url);
      const text = missing === 0 ? "The database is up to date." : `Applied ${missing} migrations.`;
      print(options.json === true, { applied: missing }, text);
    });
}
