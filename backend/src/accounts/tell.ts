import type { MailKind } from "@trading/contracts/mail";
import type { Post } from "../mail/post.ts";
import type { Sql } from "../platform/postgres.ts";
import type { User } from "./store.ts";
import { createThrottle } from "./throttle.ts";

export type Tell = (
  sql: Sql,
  user: Pick<User, "id" | "name" | "email" | "emailProvenAt">,
  kind: MailKind,
  facts?: Readonly<Record<string, string>>,
) => Promise<void>;

/** What whoever is in the account can do over and over, to bury one mail in thousands. */
const repeatable: ReadonlySet<MailKind> = new Set([
  ...([
    "new-device",
    "others-signed-out",
    "token-added",
    "name-changed",
    "password-changed",
  ] as const),
  ...(["second-factor-on", "second-factor-off", "recovery-codes-renewed"] as const),
  ...(["passkey-added", "passkey-removed", "telegram-linked", "telegram-unlinked"] as const),
  ...(["exchange-key-added", "exchange-key-replaced", "exchange-account-removed"] as const),
]);

/**
 * Tells a user what happened to their account: in their inbox each time, by mail ever more seldom where the same happens
 * over and over. An address that nobody proved may be a stranger's: it is told nothing.
 */
export const tellBy =
  (post: Post): Tell =>
  async (sql, { id, name, email, emailProvenAt }, kind, facts = {}) => {
    const isMailed =
      emailProvenAt !== null &&
      (!repeatable.has(kind) || (await createThrottle(sql).mayMail(kind, id)));
    const recipient = isMailed ? email : null;
    await post(sql, { kind, userId: id, recipient, facts: { name, ...facts }, isNews: true });
  };
