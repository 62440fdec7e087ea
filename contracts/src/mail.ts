import { z } from "zod";
import { id, instant } from "./common.ts";

/** Everything the platform writes to people about. */
export const mailKinds = [
  "invitation",
  "prove-address",
  "address-in-use",
  "reset-password",
  "password-changed",
  "password-blocked",
  "wrong-codes",
  "name-changed",
  "address-changed",
  "new-device",
  "others-signed-out",
  "second-factor-on",
  "second-factor-off",
  "factors-removed",
  "signed-out-by-operator",
  "suspension-ended",
  "recovery-code-used",
  "recovery-codes-renewed",
  "passkey-added",
  "passkey-removed",
  "token-added",
  "exchange-key-added",
  "exchange-key-replaced",
  "exchange-account-removed",
  "exchange-key-leaked",
  "looked-at",
  "role-changed",
  "address-vouched-for",
  "country-asked",
  "country-said",
  "test",
  "announcement",
  "account-closing",
  "telegram-linked",
  "telegram-unlinked",
] as const;
export const mailKind = z.enum(mailKinds);
export type MailKind = z.infer<typeof mailKind>;

/** A mail as it would have left, where development keeps it instead of sending. */
export const caughtMail = z
  .object({
    id,
    kind: mailKind,
    recipient: z.string(),
    subject: z.string(),
    text: z.string(),
    html: z.string(),
    at: instant,
  })
  .meta({ id: "CaughtMail" });
export type CaughtMail = z.infer<typeof caughtMail>;
export const mailbox = z.object({ items: z.array(caughtMail) }).meta({ id: "Mailbox" });

/** What happened to one's account, as the bell shows it: the words of the mail about it. */
export const inboxMessage = z
  .object({ id, title: z.string(), text: z.string(), at: instant, isRead: z.boolean() })
  .meta({ id: "InboxMessage" });
export type InboxMessage = z.infer<typeof inboxMessage>;
export const inbox = z
  .object({ items: z.array(inboxMessage), unread: z.number().int() })
  .meta({ id: "Inbox" });
