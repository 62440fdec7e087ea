import { newToken, tokenHash } from "../accounts/one-time-token.ts";
import { type AccountStore, createAccountStore } from "../accounts/store.ts";
import { openDatabase } from "../platform/postgres.ts";
import { StartRefused } from "./refused.ts";

/** The two who can sign in by link on a platform that `npm start` runs; neither has a password. */
const people = { trader: "user", operator: "admin" } as const;
const linkHours = 12;

/** One-time tokens, each good for one sign-in. */
export type SignInLinks = Readonly<Record<keyof typeof people, string>>;

/** Makes the two where they are not there yet. */
export async function ensurePeople(accounts: AccountStore): Promise<void> {
  await ensurePerson(accounts, "trader");
  await ensurePerson(accounts, "operator");
}

/** A fresh link for each. Older links stay valid until they expire. */
export async function makeSignInLinks(databaseUrl: string): Promise<SignInLinks> {
  const database = openDatabase(databaseUrl, { max: 1 });
  try {
    const accounts = createAccountStore(database.db);
    return {
      trader: await makeLink(accounts, await ensurePerson(accounts, "trader")),
      operator: await makeLink(accounts, await ensurePerson(accounts, "operator")),
    };
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
