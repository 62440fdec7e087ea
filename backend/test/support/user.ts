import { createAccountStore } from "../../src/accounts/store.ts";
import { newId } from "../../src/platform/ids.ts";
import type { Database } from "../../src/platform/postgres.ts";

/** An account that nobody signs in to, for rows that must belong to one. Returns its id. */
export async function testUser({ db }: Pick<Database, "db">): Promise<string> {
  const name = `user-${newId().slice(-12)}`;
  const identity = {
    name,
    email: `${name}@example.com`,
    passwordHash: null,
    role: "user",
  } as const;
  return (await createAccountStore(db).create(identity)).id;
}
