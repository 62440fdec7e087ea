import type { Command } from "commander";
import { type Known, verifyAuditLog } from "../accounts/audit-chain.ts";
import { openDatabase } from "../platform/postgres.ts";
import { BadInput, CommandFailed, cliConfig, print, requireDatabase } from "./command.ts";

type Options = Readonly<{ known?: string; json?: boolean }>;

/** `audit verify`: whether the log of what operators did is whole. */
export function registerAuditCommands(program: Command): void {
  program
    .command("audit")
    .description("the log of what operators did")
    .command("verify")
    .description("compute the hash of every line again and tell the newest")
    .option("--known <position:hash>", "a line that was noted earlier and must still be there")
    .option("--json", "one JSON document on stdout")
    .action(verify);
}

async function verify({ known, json = false }: Options): Promise<void> {
  const noted = known === undefined ? null : readKnown(known);
  const database = openDatabase(requireDatabase(cliConfig()), { max: 1 });
  try {
    const verdict = await verifyAuditLog(database.db, noted);
    const { lines, head, brokenAt, holdsKnown } = verdict;
    if (brokenAt !== null)
      throw new CommandFailed(
        `The audit log was changed: line ${brokenAt} does not follow from those before it.`,
      );
    if (!holdsKnown)
      throw new CommandFailed(`The audit log was changed: it does not hold line ${known}.`);
    const newest = head === null ? "" : ` Newest: ${head.position}:${head.hash}`;
    print(json, verdict, `${lines} lines follow from each other.${newest}`);
  } finally {
    await database.close();
  }
}

function readKnown(text: string): Known {
  const [, position, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (position === undefined || hash === undefined)
    throw new BadInput("--known: position and hash as `audit verify` prints them");
  return { position: Number(position), hash };
}
