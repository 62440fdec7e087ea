import type { AuthenticatorTransport } from "@simplewebauthn/server";
import type { NewCredential, Passkey, SignedCredential } from "@trading/contracts/passkeys";
import type { Post } from "../mail/post.ts";
import { PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { createPasskeyStore } from "./passkey-store.ts";
import type { SecondFactor, Strengthened } from "./second-factor.ts";
import { createSessions } from "./sessions.ts";
import { createAccountStore, type User } from "./store.ts";
import { tellBy } from "./tell.ts";

type Needs = Readonly<{
  sql: Sql;
  post: Post;
  secondFactor: SecondFactor;
  siteName(): Promise<string>;
  frontendUrl: string;
  /** Pages of these origins may use passkeys too, where the browser finds them to be of the same site. */
  allowedOrigins: readonly string[];
}>;

const perUserMax = 20;

/** Loaded when first used: most processes never check a passkey. */
const webAuthn = () => import("@simplewebauthn/server");

export type Passkeys = ReturnType<typeof createPasskeys>;

/**
 * Keys that a device or a password manager keeps and shows only to this site. The device asks for finger, face or PIN
 * before it signs, so that a passkey alone is two factors.
 */
export function createPasskeys(needs: Needs) {
  const { sql, secondFactor, siteName, frontendUrl, allowedOrigins } = needs;
  const rpID = new URL(frontendUrl).hostname;
  const expected = {
    expectedRPID: rpID,
    expectedOrigin: [new URL(frontendUrl).origin, ...allowedOrigins],
    requireUserVerification: true,
  };
  const tell = tellBy(needs.post);
  const store = createPasskeyStore(sql);

  /** Whose passkey signed one of our open challenges. Throws `passkey-refused`. */
  async function verify(credential: SignedCredential, userId: string | null): Promise<string> {
    const found = await store.findByCredential(credential.id);
    if (found === null || (userId !== null && found.userId !== userId)) throw refused();
    const { verifyAuthenticationResponse } = await webAuthn();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      ...expected,
      response: { ...named(credential.id), response: credential.response },
      expectedChallenge: (challenge) => store.claim(challenge, userId),
      credential: {
        id: found.credentialId,
        publicKey: Buffer.from(found.publicKey, "base64url"),
        counter: found.counter,
      },
    }).catch(refuse);
    if (!verified) throw refused();
    if (!(await store.recordUse(found.id, authenticationInfo.newCounter))) throw refused();
    return found.userId;
  }

  return {
    list: store.list,
    count: store.count,
    rename: store.rename,

    /** What the browser needs to make a passkey. */
    async begin({ id: userId, name }: User) {
      const own = await store.credentialsOf(userId);
      if (own.length >= perUserMax)
        throw new PlatformError("quota-exceeded", `${perUserMax} passkeys are the most.`);
      const { generateRegistrationOptions } = await webAuthn();
      const options = await generateRegistrationOptions({
        rpName: await siteName(),
        rpID,
        userName: name,
        userID: Buffer.from(userId),
        attestationType: "none",
        excludeCredentials: own,
        authenticatorSelection: { residentKey: "required", userVerification: "required" },
      });
      await store.remember(options.challenge, userId);
      return { ...options };
    },

    /** Keeps a passkey. Gives recovery codes where it is the first second factor of the account, and a new session. */
    async add(asker: Asker, { name, credential }: Wish): Promise<Added> {
      const { verifyRegistrationResponse } = await webAuthn();
      const transports = (credential.response.transports ?? []) as AuthenticatorTransport[];
      const { verified, registrationInfo } = await verifyRegistrationResponse({
        ...expected,
        response: { ...named(credential.id), response: { ...credential.response, transports } },
        expectedChallenge: (challenge) => store.claim(challenge, asker.id),
      }).catch(refuse);
      if (!verified) throw refused();
      const { credential: made, credentialBackedUp: isSynced } = registrationInfo;
      return changeAccount(sql, asker, async (transaction, user) => {
        const passkey = await createPasskeyStore(transaction).add({
          ...{ id: newId(), userId: user.id, name, isSynced, counter: made.counter },
          credentialId: made.id,
          publicKey: Buffer.from(made.publicKey).toString("base64url"),
          transports,
        });
        await tell(transaction, user, "passkey-added", { passkey: name });
        const codes = await secondFactor.ensureCodes(transaction, user.id);
        const session = await createSessions(transaction).replace(asker, "factor-added");
        return { passkey, codes, session };
      });
    },

    async remove(asker: Asker, id: string): Promise<void> {
      await changeAccount(sql, asker, async (transaction, user) => {
        const { name } = await createPasskeyStore(transaction).remove(user.id, id);
        await tell(transaction, user, "passkey-removed", { passkey: name });
        await secondFactor.dropUselessCodes(transaction, user.id);
      });
    },

    /** What the browser needs to sign in with whichever passkey it has, or to confirm with one of the user's. */
    async ask(userId: string | null) {
      const { generateAuthenticationOptions } = await webAuthn();
      const options = await generateAuthenticationOptions({
        rpID,
        userVerification: "required",
        ...(userId === null ? {} : { allowCredentials: await store.credentialsOf(userId) }),
      });
      await store.remember(options.challenge, userId);
      return { ...options };
    },

    /** Whose passkey signed. Throws `passkey-refused`, also for a suspended user. */
    async signIn(credential: SignedCredential): Promise<User> {
      const user = await createAccountStore(sql).find(await verify(credential, null));
      if (user === null) throw refused();
      return user;
    },

    /** The user showed one of their passkeys. Throws `passkey-refused`. */
    confirm: async (userId: string, credential: SignedCredential): Promise<void> =>
      void (await verify(credential, userId)),
  };
}

type Wish = Readonly<{ name: string; credential: NewCredential }>;
type Added = Strengthened & Readonly<{ passkey: Passkey }>;

const named = (id: string) =>
  ({ id, rawId: id, type: "public-key", clientExtensionResults: {} }) as const;

const refused = (cause?: unknown) =>
  new PlatformError("passkey-refused", "This passkey was not accepted.", { cause });
const refuse = (cause: unknown): never => {
  throw refused(cause);
};
