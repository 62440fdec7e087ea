import { type Me, type SettingsPatch, userSettings } from "@trading/contracts/accounts";
import type { LegalAcceptance } from "@trading/contracts/notices";
import type { Post } from "../mail/post.ts";
import type { CurrentUser } from "../platform/authentication.ts";
import { PlatformError } from "../platform/errors.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { type AccessTokens, accessTokenSeconds } from "./access-token.ts";
import type { Addresses } from "./addresses.ts";
import type { CodeCheck } from "./code-check.ts";
import { deviceName } from "./device.ts";
import { claimInvitation, findInvitation } from "./invitations.ts";
import { createKnownDevices } from "./known-devices.ts";
import { tokenHash } from "./one-time-token.ts";
import { requireUncommon } from "./password-changes.ts";
import { type PasswordCheck, targetOf } from "./password-check.ts";
import type { Passwords } from "./passwords.ts";
import { permissionsHeld } from "./permissions.ts";
import type { Continued } from "./refresh-tokens.ts";
import { type ResidenceBook, recordCountry } from "./residence.ts";
import type { SecondFactor } from "./second-factor.ts";
import { createSessions, type Origin, type SignInMethod } from "./sessions.ts";
import { createAccountStore, type User } from "./store.ts";
import { tellBy } from "./tell.ts";
import type { Owned, Target, Throttle } from "./throttle.ts";

type Registration = Readonly<{
  name: string;
  email: string;
  password: string;
  invitation?: string | undefined;
  country?: string | undefined;
  agreesTo?: readonly LegalAcceptance[] | undefined;
}>;

type Credentials = Readonly<{ identifier: string; password: string; code?: string | undefined }>;

/** What a browser gets: the access token for memory, the others for its cookies. */
export type SignedIn = Readonly<{
  accessToken: string;
  expiresIn: number;
  refreshToken: string;
  deviceToken?: string;
}>;

type Needs = Readonly<{
  sql: Sql;
  tokens: AccessTokens;
  passwords: Passwords;
  passwordCheck: PasswordCheck;
  throttle: Throttle;
  secondFactor: SecondFactor;
  codeCheck: CodeCheck;
  addresses: Addresses;
  post: Post;
  residence: ResidenceBook;
  /** Who may make an account at present. */
  registration(): Promise<"open" | "invitation" | "closed">;
  siteName(): Promise<string>;
  agreements: Agreements;
}>;

/** What people agree to when they make an account; the texts are the operator's. */
export type Agreements = Readonly<{
  /** Throws `agreement-needed` where a text of the site is missing, or was another version. */
  require(agreed: readonly LegalAcceptance[]): Promise<void>;
  record(
    transaction: Sql,
    userId: string,
    agreed: readonly LegalAcceptance[],
    address: string,
  ): Promise<void>;
}>;

export type Accounts = ReturnType<typeof createAccounts>;

/** Getting in, staying in and getting out. */
export function createAccounts(needs: Needs) {
  const { sql, passwords, passwordCheck, codeCheck, throttle, secondFactor, addresses } = needs;
  const { residence, agreements, registration, siteName } = needs;
  const store = createAccountStore(sql);
  const sessions = createSessions(sql);

  return {
    /** An address that is somebody's already makes no difference that could be seen: its owner is told by mail. */
    async register(
      { name, email, password, invitation, country, agreesTo = [] }: Registration,
      origin: Origin,
    ): Promise<SignedIn> {
      requireAdmission(await registration(), invitation);
      await residence.requireOpen(country);
      // Before the costly hash, and before a name is looked for: whoever may not come in learns nothing by it.
      if (invitation !== undefined) await findInvitation(sql, invitation, email);
      await agreements.require(agreesTo);
      requireUncommon(password, [name, email, await siteName()]);
      const passwordHash = await passwords.hash(password);
      const user = await inTransaction(sql, async (transaction) => {
        const made = await createAccountStore(transaction).create({
          name,
          email,
          passwordHash,
          role: "user",
        });
        if (invitation !== undefined) await claimInvitation(transaction, invitation, made);
        if (country !== undefined)
          await recordCountry(transaction, { ...made, ...origin }, country, "at registration");
        await agreements.record(transaction, made.id, agreesTo, origin.address);
        await addresses.askNewcomer(transaction, made);
        return made;
      });
      return openSession(needs, user, "register", origin);
    },

    /** Names that do not exist and wrong passwords get the same answer after the same work. */
    async signIn({ identifier, password, code }: Credentials, origin: Origin): Promise<SignedIn> {
      const user = await store.findByIdentifier(identifier);
      const device = user && (await createKnownDevices(sql).find(user.id, origin.deviceToken));
      const own = user && targetOf(user, device);
      const target = own ?? { kind: "nobody" as const, identifier };
      // Whom strangers keep waiting still gets in with a browser that was here before.
      const [purpose, of] = device === null ? wayIn(identifier) : (["device", device] as const);
      await throttle.enter(purpose, of, origin.address);
      const giveBack = () => throttle.giveBack(purpose, of, origin.address);
      const hasShownCode = await isUnlocked(needs, { user, own, target }, code);
      const isRight = await passwordCheck.isRight(user, target, password).catch(async (error) => {
        await giveBack();
        throw error;
      });
      if (!isRight || user === null || own === null) {
        throw new PlatformError(
          "wrong-credentials",
          "Name or password is wrong. Whoever tried too often needs a link by mail, or a passkey.",
        );
      }
      if (!hasShownCode && (await secondFactor.isOn(user.id))) {
        if (code === undefined) {
          await giveBack();
          await passwordCheck.uncount(target);
          throw new PlatformError("second-factor-required", "Enter a code too, or use a passkey.");
        }
        await codeCheck.require(user, own, code, origin);
      }
      const signedIn = await openSession(needs, user, "password", origin);
      await throttle.leave(purpose, of, origin.address);
      return signedIn;
    },

    async signInByLink(token: string, origin: Origin): Promise<SignedIn> {
      const user = await store.claimLink(tokenHash(token));
      if (user === null) {
        throw new PlatformError("link-not-valid", "This link was used, has expired or never was.");
      }
      return openSession(needs, user, "link", origin);
    },

    /** Lets in who has shown otherwise who they are. */
    enter: (user: User, method: SignInMethod, origin: Origin): Promise<SignedIn> =>
      openSession(needs, user, method, origin),

    async refresh(refreshToken: string): Promise<SignedIn> {
      return this.goOn(await sessions.renew(refreshToken));
    },

    /** What a browser continues its session with. */
    goOn: (session: Continued): Promise<SignedIn> => signedIn(needs, session),

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

/** Where too many passwords were wrong, a code of the account that is right comes first: then the password is judged. */
async function isUnlocked(
  { passwordCheck, codeCheck }: Pick<Needs, "passwordCheck" | "codeCheck">,
  { user, own, target }: Readonly<{ user: User | null; own: Owned | null; target: Target }>,
  code: string | undefined,
): Promise<boolean> {
  if (code === undefined || !(await passwordCheck.isExhausted(target))) return false;
  if (user === null || own === null || !(await codeCheck.isRight(user, own, code))) return false;
  await passwordCheck.forgive(user.id);
  return true;
}

const wayIn = (identifier: string) => ["sign-in", identifier] as const;

/** Opens a session; its owner is told when the browser was never here. */
async function openSession(
  needs: Pick<Needs, "sql" | "tokens" | "post" | "passwordCheck">,
  user: User,
  method: SignInMethod,
  origin: Origin,
): Promise<SignedIn> {
  const { sql, post, passwordCheck } = needs;
  const opened = await inTransaction(sql, async (transaction) => {
    const session = await createSessions(transaction).open(user, method, origin);
    if (origin.refreshToken !== undefined)
      await createSessions(transaction).endByToken(origin.refreshToken);
    const met = await createKnownDevices(transaction).meet(session, origin.deviceToken);
    const facts = { device: deviceName(origin.device), origin: origin.address };
    if (met.isNew) await tellBy(post)(transaction, user, "new-device", facts);
    return { session, deviceToken: met.token };
  });
  await passwordCheck.forgive(user.id);
  return { ...(await signedIn(needs, opened.session)), deviceToken: opened.deviceToken };
}

async function signedIn(
  { tokens }: Pick<Needs, "tokens">,
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
