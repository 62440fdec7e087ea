import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { createAccountTokens } from "./account-tokens.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { createIdentity } from "./identity.ts";
import { newToken } from "./one-time-token.ts";
import { lockUser, type User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { createThrottle, identifierKey, type MailBudget, type Throttle } from "./throttle.ts";

type Needs = Readonly<{ sql: Sql; post: Post; throttle: Throttle }>;

/** Whoever asks for the link again waits so long. */
const resendSeconds = 60;

export type Addresses = ReturnType<typeof createAddresses>;

/** E-mail addresses: claimed by whoever types them, owned by whoever opens the link that was sent there. */
export function createAddresses({ sql, post, throttle }: Needs) {
  const tell = tellBy(post);

  /**
   * Sends the link. Whoever has the address already is told instead, so that nobody learns of it; and where many mails
   * went there lately none does, with the same answer, so that nobody learns that others asked.
   */
  async function askForProof(
    transaction: Sql,
    user: User,
    email: string,
    budget: MailBudget,
  ): Promise<void> {
    const tokens = createAccountTokens(transaction);
    const isHeard = await takesAnother(transaction, budget, email);
    if (!isHeard && (await tokens.keepOpen(user.id, "prove-address", email))) return;
    const link = await tokens.give(user.id, "prove-address", email);
    if (!isHeard) return;
    const owner = await createIdentity(transaction).findOwner(email);
    const isForeign = owner !== null && owner.id !== user.id;
    const { id: userId, name } = isForeign ? owner : user;
    await post(transaction, {
      kind: isForeign ? "address-in-use" : "prove-address",
      userId,
      recipient: isForeign ? owner.email : email,
      facts: { name },
      // The owner's mail carries no link, but one that opens nothing is sealed: both take as long.
      link: isForeign ? { ...link, token: newToken() } : link,
    });
  }

  return {
    /**
     * For an account that is being made. Strangers who use up the mails to an address keep nobody from registering with
     * it: then none is sent, and whoever registered asks for the link later.
     */
    askNewcomer: (transaction: Sql, user: User): Promise<void> =>
      askForProof(transaction, user, user.email, "to-newcomers"),

    /** Sends the link for the present address, or for the one that is about to replace it, once more. */
    resend: (asker: Asker): Promise<void> =>
      changeAccount(sql, asker, async (transaction, user) => {
        // Of two who ask at once the second finds what the first has sent.
        const open = await createAccountTokens(transaction).findOpen(user.id, "prove-address");
        if (open === null && user.emailProvenAt !== null) {
          throw new PlatformError("conflict", "This address is confirmed already.");
        }
        const wait =
          open === null ? 0 : resendSeconds - (Date.now() - open.createdAt.getTime()) / 1e3;
        if (wait > 0) {
          throw new PlatformError("rate-limited", "A mail is on its way: look for it first.", {
            retryAfter: Math.ceil(wait),
          });
        }
        await askForProof(transaction, user, open?.email ?? user.email, "to-users");
      }),

    /** Asks for another address. It takes the place of the present one when its link is opened. */
    async change(asker: Asker, email: string): Promise<void> {
      await throttle.slowMails("of", asker.id);
      await changeAccount(sql, asker, async (transaction, user) => {
        const isSame = identifierKey(email) === identifierKey(user.email);
        if (isSame && user.emailProvenAt !== null)
          throw new PlatformError("conflict", "This is your address already.");
        await askForProof(transaction, user, email, "to-users");
      });
    },

    /** The link was opened: the address is proven, and one that it replaces is told. */
    prove: (token: string): Promise<void> =>
      inTransaction(sql, async (transaction) => {
        const tokens = createAccountTokens(transaction);
        const found = await tokens.find(token, "prove-address");
        const user = found && (await lockUser(transaction, found.userId));
        const claimed = await tokens.claim(token, "prove-address");
        if (claimed === null || user === null) {
          throw new PlatformError(
            "link-not-valid",
            "This link was used, has expired or never was.",
          );
        }
        await createIdentity(transaction).recordProvenAddress(user.id, claimed.email);
        if (identifierKey(user.email) === identifierKey(claimed.email)) return;
        // Whoever reads the mails of the old address must not set a password any more.
        await tokens.withdraw(user.id, "reset-password");
        await tell(transaction, user, "address-changed", { address: claimed.email });
      }),
  };
}

/** Nobody fills a stranger's mailbox with our questions whether the address is theirs. */
async function takesAnother(sql: Sql, budget: MailBudget, email: string): Promise<boolean> {
  try {
    await createThrottle(sql).slowMails(budget, email);
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.code === "rate-limited") return false;
    throw error;
  }
}
