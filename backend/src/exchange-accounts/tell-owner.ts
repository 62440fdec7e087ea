import type { MailKind } from "@trading/contracts/mail";
import type { Sql } from "../platform/postgres.ts";

/** Tells a user in their inbox, by mail and where they linked it by Telegram, once the transaction has committed. */
export type TellOwner = (
  transaction: Sql,
  userId: string,
  kind: MailKind,
  facts: Readonly<Record<string, string>>,
) => Promise<void>;
