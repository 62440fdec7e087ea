import { type Me, type SettingsPatch, userSettings } from "@trading/contracts/accounts";
import type { Post } from "../mail/post.ts";
import type { CurrentUser } from "../platform/authentication.ts";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type AccessTokens, accessTokenSeconds } from "./access-token.ts";
import type { Addresses } from "./addresses.ts";
import { deviceName } from "./device.ts";
import { claimInvitation } from "./invitations.ts";
import { tokenHash } from "./one-time-token.ts";
import { createOwnSessions } from "./own-sessions.ts";
import { requireUncommon } from "./password-changes.ts";
import type { Passwords } from "./passwords.ts";
import { permissionsHeld } from "./permissions.ts";
import { type ResidenceBook, recordCountry } from "./residence.ts";
import type { SecondFactor } from "./second-factor.ts";
import {
  type Continued,
  createSessions,
  type Origin,
  type Sessions,
  type SignInMethod,
} from "./sessions.ts";
import { type AccountStore, createAccountStore, type User } from "./store.ts";
import { tellBy } from "./tell.ts";
import { identifierKey, type Throttle } from "./throttle.ts";

type Registration = Readonly<{
  name: string;
  email: string;
  password: string;
  invitation?: string | undefined;
  country?: string | undefined;
}>;

type Credentials = Readonly<{ identifier: string; password: string; code?: string | undefined }>;

/** What a browser gets: the access token for memory, the refresh token for its cookie. */
export type SignedIn = Readonly<{ accessToken: string; expiresIn: number; refreshToken: string }>;

type Needs = Readonly<{
  sql: Sql;
  tokens: AccessTokens;
  passwords: Passwords;
  throttle: Throttle;
  secondFactor: SecondFactor;
  addresses: Addresses;
  post: Post;
  residence: ResidenceBook;
  /** Who may make an account at present. */
  registration(): Promise<"open" | "invitation" | "closed">;
}>;

export type Accounts = ReturnType<typeof createAccounts>;

/** Getting in, staying in and getting out. */
export function createAccounts(needs: Needs) {
  const { sql, passwords, throttle, secondFactor, addresses, residence, registration } = needs;
  const store = createAccountStore(sql);
  const sessions = createSessions(sql);
  const parts: Parts = { ...needs, store, sessions };

  return {
    /** An address that is somebody's already makes no difference that could be seen: its owner is told by mail. */
    async register(
      { name, email, password, invitation, country }: Registration,
      origin: Origin,
    ): Promise<SignedIn> {
      requireAdmission(await registration(), invitation);
      await residence.requireOpen(country);
      requireUncommon(password, [name, email]);
      // Nobody fills a stranger's mailbox with our questions whether the address is theirs.
      await throttle.slow(`mails-to:${identifierKey(email)}`);
      const passwordHash = await passwords.hash(password);
      const user = await inTransaction(sql, async (transaction) => {
        const made = await createAccountStore(transaction).create({
          name,
          email,
          passwordHash,
          role: "user",
        });
        if (invitation !== undefined) await claimInvitation(transaction, invitation, made.id);
        if (country !== undefined)
          await recordCountry(transaction, { ...made, ...origin }, country, "at registration");
        await addresses.askForProof(transaction, made, email);
        return made;
      });
      return openSession(parts, user, "register", origin);
    },

    /** Names that do not exist and wrong passwords get the same answer after the same work. */
    async signIn({ identifier, password, code }: Credentials, origin: Origin): Promise<SignedIn> {
      await throttle.enter(identifier, origin.address);
      const user = await store.findByIdentifier(identifier);
      if (!(await passwords.verify(user?.passwordHash ?? null, password)) || user === null) {
        throw new PlatformError("wrong-credentials", "Name or password is wrong.");
      }
      if (await secondFactor.isOn(user.id)) {
        if (code === undefined) {
          await throttle.giveBack(identifier, origin.address);
          throw new PlatformError("second-factor-required", "Enter a code too, or use a passkey.");
        }
        await secondFactor.use(user, code);
      }
      await throttle.leave(identifier, origin.address);
      return openSession(parts, user, "password", origin);
    },

    async signInByLink(token: string, origin: Origin): Promise<SignedIn> {
      const user = await store.claimLink(tokenHash(token));
      if (user === null) {
        throw new PlatformError("link-not-valid", "This link was used, has expired or never was.");
      }
      return openSession(parts, user, "link", origin);
    },

    /** Lets in who has shown otherwise who they are. */
    enter: (user: User, method: SignInMethod, origin: Origin): Promise<SignedIn> =>
      openSession(parts, user, method, origin),

    async refresh(refreshToken: string): Promise<SignedIn> {
      return this.goOn(await sessions.renew(refreshToken));
    },

    /** What a browser continues its session with. */
    goOn: (session: Continued): Promise<SignedIn> => signedIn(parts, session),

    signOut: (refreshToken: string): Promise<void> => sessions.endByToken(refreshToken),

    async getMe(current: CurrentUser): Promise<Me> {
      const user = await store.find(current.id);
      if (user === null) throw new PlatformError("not-signed-in", "Sign in again.");
      return { ...describe(user, current), residence: await residence.describe(user) };
    },

    async changeSettings(current: CurrentUser, patch: SettingsPatch): Promise<Me> {
      await store.changeSettings(current.id, patch);
      return this.getMe(current);
    },
  };
}

/** Throws `forbidden` for whom the operator's setting keeps out. */
function requireAdmission(
  registration: Awaited<ReturnType<Needs["registration"]>>,
  invitation: string | undefined,
): void {
  if (registration === "closed") {
    throw new PlatformError("forbidden", "This site takes no new accounts.");
  }
  if (registration === "invitation" && invitation === undefined) {
    throw new PlatformError("forbidden", "This site takes new accounts by invitation only.");
  }
}

type Parts = Readonly<{
  sql: Sql;
  store: AccountStore;
  sessions: Sessions;
  tokens: AccessTokens;
  post: Post;
}>;

async function openSession(
  parts: Parts,
  user: User,
  method: SignInMethod,
  origin: Origin,
): Promise<SignedIn> {
  const { sql, sessions, post } = parts;
  const known = (await createOwnSessions(sql).devicesOf(user.id)).map(deviceName);
  const session = await sessions.open(user, method, origin);
  const device = deviceName(origin.device);
  if (known.length > 0 && !known.includes(device)) {
    await tellBy(post)(sql, user, "new-device", { device, origin: origin.address });
  }
  return signedIn(parts, session);
}

async function signedIn(
  { tokens }: Parts,
  { refreshToken, ...claims }: Continued,
): Promise<SignedIn> {
  const accessToken = await tokens.make(claims);
  return { accessToken, expiresIn: accessTokenSeconds, refreshToken };
}

const describe = (
  { id, name, email, role, createdAt, settings }: User,
  current: CurrentUser,
): Omit<Me, "residence"> => ({
  ...{ id, name, email, role },
  createdAt: createdAt.toISOString(),
  isLookedAt: current.impersonatorId !== null,
  may: [...permissionsHeld(current)],
  // Settings of an older version may lack what a newer one has, or hold what it dropped.
  settings: userSettings.safeParse(settings).data ?? userSettings.parse({}),
});
