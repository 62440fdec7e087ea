import { createTransport } from "nodemailer";
import type { Config } from "../config.ts";
import { secretFilter } from "../platform/log.ts";
import type { WrittenMail } from "./write-mail.ts";

/** How a try to hand a mail over ended: `refused` for good, or `failed` for now. */
export type Handover =
  | Readonly<{ kind: "taken" }>
  | Readonly<{ kind: "refused"; reason: string }>
  | Readonly<{ kind: "failed"; reason: string }>;

/** Hands mails to a mail server. */
export type Carrier = Readonly<{
  /** Where the operator of the machine named no sender, the name of the site is the sender's. */
  hand(mailId: string, recipient: string, mail: WrittenMail, siteName: string): Promise<Handover>;
  close(): void;
}>;

type Server = NonNullable<Config["mail"]>;

/** A mail server that does not answer holds a worker's place no longer than this. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/**
 * Speaks SMTP with one server. The name of a mail stays the same over all tries, so that a mail that was taken
 * although we did not hear of it can be recognised as one.
 */
export function createCarrier({ host, port, user, password, from, fromName }: Server): Carrier {
  const isLocal = ["localhost", "127.0.0.1", "::1"].includes(host);
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    // A password does not travel in the open.
    requireTLS: user !== null && !isLocal,
    ...(user === null ? {} : { auth: { user, pass: password ?? "" } }),
    ...timeouts,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const clean = secretFilter(password === null ? [] : [password]);
  const domain = from.slice(from.lastIndexOf("@") + 1);
  return {
    async hand(mailId, recipient, { subject, text, html }, siteName) {
      try {
        await transport.sendMail({
          from: { name: fromName ?? siteName, address: from },
          to: { name: "", address: recipient },
          subject,
          text,
          html,
          messageId: `<${mailId}@${domain}>`,
          headers: { "Auto-Submitted": "auto-generated" },
        });
        return { kind: "taken" };
      } catch (error) {
        return judge(error as SmtpError, clean);
      }
    },
    close: () => transport.close(),
  };
}

type SmtpError = Error & { responseCode?: number; code?: string };

/**
 * 5xx about this mail is final. 5xx about ourselves (sign-in, TLS) is the operator's to mend: the mail waits. What the
 * server says is kept, and some servers repeat what they were told.
 */
function judge(
  { responseCode, code, message }: SmtpError,
  clean: (text: string) => string,
): Handover {
  const isFinal =
    responseCode !== undefined &&
    responseCode >= 500 &&
    (code === "EENVELOPE" || code === "EMESSAGE");
  const reason = clean(message).replace(/\s+/g, " ").slice(0, 300);
  return { kind: isFinal ? "refused" : "failed", reason };
}
