import { type Me, type SettingsPatch, userSettings } from "@trading/contracts/accounts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { type AccessTokens, accessTokenSeconds } from "./access-token.ts";
import { tokenHash } from "./one-time-token.ts";
import type { Passwords } from "./passwords.ts";
import {
  type Continued,
  createSessions,
  type Origin,
  type Sessions,
  type SignInMethod,
} from "./sessions.ts";
import { type AccountStore, createAccountStore, type User } from "./store.ts";
import { createThrottle, type Throttle } from "./throttle.ts";

type Registration = Readonly<{ name: string; email: string; password: string }>;

/** What a browser gets: the access token for memory, the refresh token for its cookie. */
export type SignedIn = Readonly<{ accessToken: string; expiresIn: number; refreshToken: string }>;

type Needs = Readonly<{
  sql: Sql;
  tokens: AccessTokens;
  passwords: Passwords;
  registration: "open" | "invitation" | "closed";
}>;

export type Accounts = ReturnType<typeof createAccounts>;

/** Getting in, staying in and getting out. */
export function createAccounts({ sql, tokens, passwords, registration }: Needs) {
  const store = createAccountStore(sql);
  const sessions = createSessions(sql);
  const throttle = createThrottle(sql);
  const parts: Parts = { store, sessions, throttle, tokens, passwords };

  return {
    async register({ name, email, password }: Registration, origin: Origin): Promise<SignedIn> {
      if (registration !== "open") {
        throw new PlatformError("forbidden", "This site takes new accounts by invitation only.");
      }
      const passwordHash = await passwords.hash(password);
      const user = await store.create({ name, email, passwordHash, role: "user" });
      return openSession(parts, user, "register", origin);
    },

    /** Names that do not exist and wrong passwords get the same answer after the same work. */
    async signIn(identifier: string, password: string, origin: Origin): Promise<SignedIn> {
      await throttle.enter(identifier, origin.address);
      const user = await store.findByIdentifier(identifier);
      if (!(await passwords.verify(user?.passwordHash ?? null, password)) || user === null) {
        throw new PlatformError("wrong-credentials", "Name or password is wrong.");
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

    async refresh(refreshToken: string): Promise<SignedIn> {
      return continued(parts, await sessions.renew(refreshToken));
    },

    signOut: (refreshToken: string): Promise<void> => sessions.endByToken(refreshToken),

    async getMe(userId: string): Promise<Me> {
      const user = await store.find(userId);
      if (user === null) throw new PlatformError("not-signed-in", "Sign in again.");
      return describe(user);
    },

    async changeSettings(userId: string, patch: SettingsPatch): Promise<Me> {
      await store.changeSettings(userId, patch);
      return this.getMe(userId);
    },
  };
}

type Parts = Readonly<{
  store: AccountStore;
  sessions: Sessions;
  throttle: Throttle;
  tokens: AccessTokens;
  passwords: Passwords;
}>;

async function openSession(
  parts: Parts,
  user: User,
  method: SignInMethod,
  origin: Origin,
): Promise<SignedIn> {
  return signedIn(parts, user, await parts.sessions.open(user.id, method, origin));
}

async function continued(parts: Parts, session: Continued): Promise<SignedIn> {
  const user = await parts.store.find(session.userId);
  if (user === null) throw new PlatformError("not-signed-in", "Sign in again.");
  return signedIn(parts, user, session);
}

async function signedIn(
  { tokens }: Parts,
  { id, epoch }: User,
  session: Continued,
): Promise<SignedIn> {
  const { sessionId, refreshToken } = session;
  const accessToken = await tokens.make({ userId: id, sessionId, epoch });
  return { accessToken, expiresIn: accessTokenSeconds, refreshToken };
}

const describe = ({ id, name, email, role, createdAt, settings }: User): Me => ({
  id,
  name,
  email,
  role,
  createdAt: createdAt.toISOString(),
  // Settings of an older version may lack what a newer one has, or hold what it dropped.
  settings: userSettings.safeParse(settings).data ?? userSettings.parse({}),
});
