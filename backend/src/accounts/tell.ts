import type { MailKind } from "@trading/contracts/mail";
import type { Post } from "../mail/post.ts";
import type { Sql } from "../platform/postgres.ts";
import type { User } from "./store.ts";

export type Tell = (
  sql: Sql,
  user: Pick<User, "id" | "name" | "email" | "emailProvenAt">,
  kind: MailKind,
  facts?: Readonly<Record<string, string>>,
) => Promise<void>;

/**
 * Tells a user what happened to their account, in their inbox and by mail. An address that nobody proved may be a
 * stranger's: it is told nothing.
 */
export const tellBy =
  (post: Post): Tell =>
  async (sql, { id, name, email, emailProvenAt }, kind, facts = {}) => {
    const recipient = emailProvenAt === null ? null : email;
    await post(sql, { kind, userId: id, recipient, facts: { name, ...facts }, isNews: true });
  };
