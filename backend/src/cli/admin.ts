import { text } from "node:stream/consumers";
import { registerRequest } from "@trading/contracts/accounts";
import type { Command } from "commander";
import { recordDeed } from "../accounts/audit.ts";
import { whyGuessable } from "../accounts/common-passwords.ts";
import { createPasswords } from "../accounts/passwords.ts";
import { createAccountStore } from "../accounts/store.ts";
import { createSite, siteDefaults } from "../admin/site.ts";
import type { LooseConfig } from "../config.ts";
import { inTransaction, openDatabase, type Sql } from "../platform/postgres.ts";
import { makeLink } from "../start/people.ts";
import { linkTo } from "../start/welcome.ts";
import { BadInput, cliConfig, commandLine, print, requireDatabase } from "./command.ts";

type CreateOptions = Readonly<{
  name: string;
  email: string;
  passwordStdin?: boolean;
  json?: boolean;
}>;

/** `admin create`: an account with the role admin, made by whoever may reach the database. */
export function registerAdminCommands(program: Command): void {
  program
    .command("admin")
    .description("accounts of operators")
    .command("create")
    .description("make an account with the role admin and print a one-time sign-in link for it")
    .requiredOption("--name <name>", "what they sign in with")
    .requiredOption("--email <address>", "e-mail address")
    .option(
      "--password-stdin",
      "read a password from stdin; without it the link is the only way in",
    )
    .option("--json", "one JSON document on stdout")
    .action(createAdmin);
}

async function createAdmin(options: CreateOptions): Promise<void> {
  const config = cliConfig();
  const password = options.passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, "") : null;
  const { name, email } = readIdentity(options, password);
  const database = openDatabase(requireDatabase(config), { max: 1 });
  try {
    await requireUnguessable(database.db, config, password, [name, email]);
    const passwordHash = password === null ? null : await createPasswords().hash(password);
    const { admin, token } = await inTransaction(database.db, async (transaction) => {
      const accounts = createAccountStore(transaction);
      const made = await accounts.create({ name, email, passwordHash, role: "admin" });
      await recordDeed(transaction, commandLine(), {
        ...{ action: "admin-made", target: name, targetId: made.id },
        reason: "by trading admin create",
      });
      return { admin: made, token: await makeLink(accounts, made.id) };
    });
    const link = linkTo(config.frontendUrl, token);
    const document = { id: admin.id, name, email, role: admin.role, link };
    print(options.json === true, document, `${name} is an admin now. Sign in once by: ${link}`);
  } finally {
    await database.close();
  }
}

/** The same rules as for everybody who registers. */
function readIdentity({ name, email }: CreateOptions, password: string | null) {
  const schema = password === null ? registerRequest.omit({ password: true }) : registerRequest;
  const given = schema.safeParse({ name, email, ...(password === null ? {} : { password }) });
  if (!given.success) {
    const { issues } = given.error;
    throw new BadInput(
      issues.map(({ path, message }) => `--${path.join(".")}: ${message}`).join("\n"),
    );
  }
  return given.data;
}

/** The name of the site is the first that somebody tries, as the operator calls it now. */
async function requireUnguessable(
  sql: Sql,
  config: LooseConfig,
  password: string | null,
  own: readonly string[],
): Promise<void> {
  if (password === null) return;
  const site = createSite({ sql, defaults: siteDefaults(config) });
  const why = whyGuessable(password, [...own, await site.siteName()]);
  if (why !== null) throw new BadInput(`This password ${why}.`);
}
