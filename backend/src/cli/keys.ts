import { reasoned } from "@trading/contracts/admin";
import type { Command } from "commander";
import { recordDeed } from "../accounts/audit.ts";
import { destroyLeakedKeys } from "../admin/key-leak.ts";
import { createEnvelope, keysFromSecrets } from "../platform/envelope.ts";
import { openDatabase } from "../platform/postgres.ts";
import { countByKey, onOldKeys, rotateBatch } from "../sealed-columns.ts";
import {
  BadInput,
  CommandFailed,
  cliConfig,
  commandLine,
  print,
  requireDatabase,
} from "./command.ts";

/** `keys rotate` brings stored secrets under the first key; `keys leak` destroys exchange keys that may be known. */
export function registerKeyCommands(program: Command): void {
  const keys = program
    .command("keys")
    .description("keys that stored secrets are sealed with, and keys of exchanges");
  keys
    .command("leak")
    .description("halt new work and destroy every stored exchange key; their owners are told")
    .requiredOption("--reason <text>", "why, for the audit log")
    .option("--json", "one JSON document on stdout")
    .action(leak);
  keys
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

async function leak({ reason, json = false }: { reason: string; json?: boolean }): Promise<void> {
  const given = reasoned.safeParse({ reason });
  if (!given.success)
    throw new BadInput("--reason: say why in a few words, in 300 letters at most");
  const database = openDatabase(requireDatabase(cliConfig()), { max: 1 });
  try {
    const done = await destroyLeakedKeys(database.db, commandLine(), given.data.reason);
    const { accounts, users } = done;
    const text =
      accounts === 0
        ? "New work is halted. No exchange key was stored any more."
        : `New work is halted, the keys of ${accounts} exchange accounts of ${users} users are destroyed; a worker tells them now.`;
    print(json, done, text);
  } finally {
    await database.close();
  }
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
    await recordDeed(database.db, commandLine(), {
      ...{ action: "keys-rotated", target: `key ${envelope.currentKey}`, after: { rotated, left } },
      reason: "by trading keys rotate",
    });
    const text =
      left === 0
        ? `${rotated} secrets brought under key ${envelope.currentKey}; nothing is left on old keys.`
        : `${rotated} secrets brought under key ${envelope.currentKey}; ${left} were in use: run it again.`;
    print(json, { key: envelope.currentKey, rotated, left }, text);
  } finally {
    await database.close();
  }
}
