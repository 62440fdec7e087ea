import { reasoned } from "@trading/contracts/admin";
import type { Command } from "commander";
import { recordDeed } from "../accounts/audit.ts";
import { destroyLeakedKeys } from "../admin/key-leak.ts";
import { createEnvelope, keysFromSecrets } from "../platform/envelope.ts";
import { openDatabase } from "../platform/postgres.ts";
import { type BrokenSeal, countByKey, onOldKeys, rotateAll } from "../sealed-columns.ts";
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
        : `New work is halted, ${accounts} keys of ${users} users are destroyed; a worker tells them now.`;
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
    const deed = { target: `key ${envelope.currentKey}`, reason: "by trading keys rotate" };
    await recordDeed(database.db, commandLine(), { action: "key-rotation-begun", ...deed });
    const { moved: rotated, broken } = await rotateAll(database.db, envelope);
    const left = onOldKeys(await countByKey(database.db), envelope.currentKey);
    await recordDeed(database.db, commandLine(), {
      ...{ ...deed, action: "keys-rotated", after: { rotated, left, unreadable: broken.length } },
    });
    const key = envelope.currentKey;
    print(
      json,
      { key, rotated, left, unreadable: broken },
      rotationText(key, rotated, left, broken),
    );
    if (broken.length > 0)
      throw new CommandFailed(
        `${broken.length} of the stored secrets cannot be opened and stay as they are: they were changed or moved, or API_ENCRYPTION_KEY lacks their key.`,
      );
  } finally {
    await database.close();
  }
}

function rotationText(
  key: string,
  rotated: number,
  left: number,
  broken: readonly BrokenSeal[],
): string {
  const inUse = left - broken.length;
  const rest =
    left === 0
      ? "nothing is left on old keys."
      : inUse > 0
        ? `${inUse} were in use: run it again.`
        : "nothing else is left on old keys.";
  return [
    ...broken.map(({ table, column, id }) => `Cannot be opened: ${table}.${column} of row ${id}`),
    `${rotated} secrets brought under key ${key}; ${rest}`,
  ].join("\n");
}
