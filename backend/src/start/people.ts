import { newToken, tokenHash } from "../accounts/one-time-token.ts";
import { type AccountStore, createAccountStore } from "../accounts/store.ts";
import { openDatabase } from "../platform/postgres.ts";
import { StartRefused } from "./refused.ts";

/** The two who can sign in by link on a platform that `npm start` runs; neither has a password. */
const people = { trader: "user", operator: "admin" } as const;
const linkHours = 12;

/** One-time tokens, each good for one sign-in. */
export type SignInLinks = Readonly<Record<keyof typeof people, string>>;

/** Makes them before the web listens, so that nobody can register under their names first. */
export const ensurePeople = (databaseUrl: string): Promise<void> =>
  withAccounts(databaseUrl, async (accounts) => {
    await ensurePerson(accounts, "trader");
    await ensurePerson(accounts, "operator");
  });

/** A fresh link for each. Older links stay valid until they expire. */
export const makeSignInLinks = (databaseUrl: string): Promise<SignInLinks> =>
  withAccounts(databaseUrl, async (accounts) => ({
    trader: await makeLink(accounts, await ensurePerson(accounts, "trader")),
    operator: await makeLink(accounts, await ensurePerson(accounts, "operator")),
  }));

async function withAccounts<Result>(
  databaseUrl: string,
  work: (accounts: AccountStore) => Promise<Result>,
): Promise<Result> {
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    return await work(createAccountStore(database.db));
  } finally {
    await database.close();
  }
}

async function ensurePerson(accounts: AccountStore, name: keyof typeof people): Promise<string> {
  const role = people[name];
  const found =
    (await accounts.findByIdentifier(name)) ??
    (await accounts.create({ name, email: `${name}@localhost.invalid`, passwordHash: null, role }));
  if (found.role !== role) {
    throw new StartRefused(
      `The account "${name}" is there without the role ${role}: make another one with npm run -s trading -- admin create.`,
    );
  }
  return found.id;
}

/** A link for one account, for whoever may read the database. */
export async function makeLink(accounts: AccountStore, userId: string): Promise<string> {
  const token = newToken();
  await accounts.recordLink(userId, tokenHash(token), new Date(Date.now() + linkHours * 3_600_000));
  return token;
}
