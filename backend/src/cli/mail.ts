import type { Command } from "commander";
import { recordDeed } from "../accounts/audit.ts";
import { createMailQueue } from "../mail/mail-queue.ts";
import { addToOutbox } from "../platform/outbox.ts";
import { inTransaction, openDatabase, type Sql } from "../platform/postgres.ts";
import { BadInput, cliConfig, commandLine, print, requireDatabase } from "./command.ts";

type Options = Readonly<{ json?: boolean }>;

/** `mail list` and `mail resend`: what did not reach its reader. */
export function registerMailCommands(program: Command): void {
  const mail = program.command("mail").description("mails that wait or could not be delivered");
  mail
    .command("list")
    .description("the newest hundred mails of one state")
    .option("--state <state>", "queued, sent or dead", "dead")
    .option("--json", "one JSON document on stdout")
    .action(list);
  mail
    .command("resend")
    .description("send dead letters again; those whose one-time link has gone are left out")
    .argument("[id]", "one of them; without it all")
    .option("--json", "one JSON document on stdout")
    .action(resend);
}

async function list({ state, json = false }: Options & { state: string }): Promise<void> {
  if (state !== "queued" && state !== "sent" && state !== "dead")
    throw new BadInput("--state is queued, sent or dead");
  await withDatabase(async (sql) => {
    const found = await createMailQueue(sql).list(state, 100);
    const lines = found.map(
      ({ id, createdAt, kind, recipient, attempts, lastError }) =>
        `${createdAt.toISOString()}  ${id}  ${kind}  ${recipient}  ${attempts} tries  ${lastError ?? ""}`,
    );
    print(json, { items: found }, lines.length === 0 ? `No mail is ${state}.` : lines.join("\n"));
  });
}

async function resend(id: string | undefined, { json = false }: Options): Promise<void> {
  if (id !== undefined && !/^[0-9a-f-]{36}$/i.test(id)) throw new BadInput("that is not an id");
  await withDatabase(async (sql) => {
    const revived = await inTransaction(sql, async (transaction) => {
      const mails = await createMailQueue(transaction).revive(id ?? null);
      if (mails === 0) return 0;
      await addToOutbox(transaction, "send-mails", {});
      await recordDeed(transaction, commandLine(), {
        ...{ action: "mail-resent", target: `${mails} mails`, targetId: id ?? null },
        reason: "by trading mail resend",
      });
      return mails;
    });
    print(json, { revived }, `${revived} mails go out again.`);
  });
}

async function withDatabase(work: (sql: Sql) => Promise<void>): Promise<void> {
  const database = openDatabase(requireDatabase(cliConfig()), { max: 1 });
  try {
    await work(database.db);
  } finally {
    await database.close();
  }
}
