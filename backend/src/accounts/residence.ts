import type { CountryRule, Residence } from "@trading/contracts/countries";
import { and, eq, isNull, sql as raw } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import type { Obstacle } from "../platform/authentication.ts";
import { PlatformError } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { type Actor, recordDeed } from "./audit.ts";
import { users } from "./schema.ts";
import type { User } from "./store.ts";
import { tellBy } from "./tell.ts";

type Needs = Readonly<{ sql: Sql; post: Post; countryRule(): Promise<CountryRule> }>;

export type ResidenceBook = ReturnType<typeof createResidence>;

/** In which country people say to live. Nobody looks it up from an address: it is a statement, kept with its time. */
export function createResidence({ sql, post, countryRule }: Needs) {
  return {
    /** For whoever makes an account. Throws `country-needed` and `country-blocked`. */
    async requireOpen(country: string | undefined): Promise<void> {
      const obstacle = obstacleOf(await countryRule(), country ?? null);
      if (obstacle !== null) throw new PlatformError(obstacle.code, obstacle.why);
    },

    /** What stands in the way of a user who begins something. */
    async obstacle(userId: string): Promise<Obstacle | null> {
      const rule = await countryRule();
      if (!rule.isAsked) return null;
      const [user] = await sql
        .select({ country: users.country })
        .from(users)
        .where(eq(users.id, userId));
      return obstacleOf(rule, user?.country ?? null);
    },

    async describe({ country, countrySaidAt }: User): Promise<Residence> {
      const obstacle = obstacleOf(await countryRule(), country);
      return { country, saidAt: countrySaidAt?.toISOString() ?? null, state: stateOf(obstacle) };
    },

    /** Said once; whoever moves asks the operator, who asks anew. Throws `conflict`. */
    say: (asker: Asker, country: string, address: string): Promise<void> =>
      changeAccount(sql, asker, async (transaction) => {
        const actor = { id: asker.id, address };
        const user = await recordCountry(transaction, actor, country, "in the account");
        await tellBy(post)(transaction, user, "country-said", { country: nameOf(country) });
      }),
  };
}

const names = new Intl.DisplayNames(["en"], { type: "region" });
const nameOf = (country: string): string => names.of(country) ?? country;

/** Keeps what a user says and adds it to the log: call it in a transaction. Throws `conflict` when they said it before. */
export async function recordCountry(
  transaction: Sql,
  { id, address }: Actor & { id: string },
  country: string,
  reason: string,
): Promise<Pick<User, "id" | "name" | "email" | "emailProvenAt">> {
  const [user] = await transaction
    .update(users)
    .set({ country, countrySaidAt: raw`now()` })
    .where(and(eq(users.id, id), isNull(users.country)))
    .returning({
      ...{ id: users.id, name: users.name },
      ...{ email: users.email, emailProvenAt: users.emailProvenAt },
    });
  if (user === undefined) {
    throw new PlatformError("conflict", "You have said this before: the operator can ask anew.");
  }
  const deed = { action: "country-said", target: user.name, targetId: id, reason } as const;
  await recordDeed(transaction, { id, address }, { ...deed, after: { country } });
  return user;
}

function obstacleOf({ isAsked, blocked }: CountryRule, country: string | null): Obstacle | null {
  if (!isAsked) return null;
  if (country === null) {
    return { code: "country-needed", why: "Say first in which country you live." };
  }
  if (!blocked.includes(country)) return null;
  return { code: "country-blocked", why: "The site is not offered where you say to live." };
}

const stateOf = (obstacle: Obstacle | null): Residence["state"] =>
  obstacle === null ? "open" : obstacle.code === "country-needed" ? "asked" : "blocked";
