import type { Envelope } from "../platform/envelope.ts";
import type { Job } from "../platform/jobs.ts";
import { secretFilter } from "../platform/log.ts";
import type { Carrier, Handover } from "./carrier.ts";
import type { DueMail, MailQueue } from "./mail-queue.ts";
import { secretPlace } from "./post.ts";
import { writeMail } from "./write-mail.ts";

type Needs = Readonly<{
  mails: MailQueue;
  envelope: Envelope;
  /** Null: no mail server is set. */
  carrier: Carrier | null;
  /** Without a mail server development keeps mails to be looked at; production never does. */
  isCatching: boolean;
  /** As it is called at present. */
  site(): Promise<Readonly<{ siteName: string; frontendUrl: string }>>;
  now(): number;
  onError(error: unknown): void;
}>;

/** Seconds until the next try; after the last one a mail is dead. Together a little over a day. */
const delays = [10, 60, 300, 900, 3_600, 7_200, 14_400, 21_600, 43_200];

/**
 * Sends what is due until nothing is. A nudge starts it, and the clock, should a nudge be lost or a try have failed.
 * A worker that dies between handing over and noting it sends that mail twice, under the same Message-ID.
 */
export function sendMails(needs: Needs): Job {
  return {
    name: "send-mails",
    queue: "mail",
    everyMs: 5_000,
    async run(_payload, signal) {
      while (!signal.aborted) {
        const mail = await needs.mails.claim();
        if (mail === null) break;
        await note(needs, mail, await attempt(needs, mail));
      }
      await needs.mails.removeOld();
    },
  };
}

async function attempt(needs: Needs, mail: DueMail): Promise<Handover> {
  if (mail.uselessAt !== null && mail.uselessAt.getTime() <= needs.now())
    return { kind: "refused", reason: "its link had ended before it could be sent" };
  const token = await tokenOf(needs, mail).catch((error: unknown) => {
    needs.onError(error);
    return null;
  });
  if (token === null) return { kind: "refused", reason: "its link cannot be read" };
  const site = await needs.site();
  const written = writeMail(mail.kind, mail.facts, token, site);
  if (needs.carrier !== null) {
    const how = await needs.carrier.hand(mail.id, mail.recipient, written, site.siteName);
    return how.kind === "taken" ? how : { ...how, reason: secretFilter([token])(how.reason) };
  }
  if (!needs.isCatching) return { kind: "refused", reason: "SMTP_HOST is not set" };
  await needs.mails.recordCaught(mail.id, written, mail);
  return { kind: "taken" };
}

/** The token of its link; empty where it has none. */
const tokenOf = async ({ envelope }: Needs, { id, userId, secret }: DueMail): Promise<string> =>
  secret === null ? "" : envelope.open(secret, secretPlace(id, userId));

async function note({ mails }: Needs, { id, attempts }: DueMail, how: Handover): Promise<void> {
  if (how.kind === "taken") return mails.recordSent(id);
  const delay = delays[attempts - 1];
  if (how.kind === "refused" || delay === undefined) return mails.recordDead(id, how.reason);
  return mails.recordDelay(id, delay, how.reason);
}
