import type { Command } from "commander";
import { createEnvelope, keysFromSecrets } from "../platform/envelope.ts";
import { openDatabase } from "../platform/postgres.ts";
import { countByKey, onOldKeys, rotateBatch } from "../sealed-columns.ts";
import { CommandFailed, cliConfig, print, requireDatabase } from "./command.ts";

/** `keys rotate`: everything stored under an older key of API_ENCRYPTION_KEY comes under its first. */
export function registerKeyCommands(program: Command): void {
  program
    .command("keys")
    .description("keys that stored secrets are sealed with")
    .command("rotate")
    .description("bring every stored secret under the first key of API_ENCRYPTION_KEY")
    .option("--json", "one JSON document on stdout")
    .addHelpText(
      "after",
      `
Put the new key first and keep the old one behind it (API_ENCRYPTION_KEY=new,old), restart web and workers,
then run this. It may be stopped and started again, and the platform may work meanwhile. When it says that
nothing is left on old keys, take the old key away.`,
    )
    .action(rotate);
}

async function rotate({ json = false }: { json?: boolean }): Promise<void> {
  const config = cliConfig();
  const url = requireDatabase(config);
  if (config.apiEncryptionKeys.length === 0) {
    throw new CommandFailed("API_ENCRYPTION_KEY is not set; it must be the platform's own.");
  }
  const envelope = createEnvelope(keysFromSecrets(config.apiEncryptionKeys));
  const database = openDatabase(url, { max: 1 });
  try {
    let rotated = 0;
    for (;;) {
      const moved = await rotateBatch(database.db, envelope);
      if (moved === 0) break;
      rotated += moved;
    }
    const left = onOldKeys(await countByKey(database.db), envelope.currentKey);
    const text =
      left === 0
        ? `${rotated} secrets brought under key ${envelope.currentKey}; nothing is left on old keys.`
        : `${rotated} secrets brought under key ${envelope.currentKey}; ${left} were in use: run it again.`;
    print(json, { key: envelope.currentKey, rotated, left }, text);
  } finally {
    await database.close();
  }
}
