import { BlockList, isIPv6 } from "node:net";
import type { Role } from "@trading/contracts/accounts";
import type { ApiScope, ApiToken } from "@trading/contracts/api-tokens";
import { and, count, desc, eq, gt, sql as raw } from "drizzle-orm";
import type { Post } from "../mail/post.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { publishRevocation } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { type Asker, changeAccount } from "./asker.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { apiTokens, users } from "./schema.ts";
import { notSuspended } from "./store.ts";
import { tellBy } from "./tell.ts";

type Needs = Readonly<{ sql: Sql; post: Post }>;
type Wish = Readonly<{
  name: string;
  scopes: readonly ApiScope[];
  networks: readonly string[];
  days: number;
}>;

/** Tells an API token from an access token at its first letters, for us and for those who scan for lost ones. */
export const apiTokenMark = "tp_";
const prefixLength = apiTokenMark.length + 6;
const perUserMax = 30;

export type ApiTokens = ReturnType<typeof createApiTokens>;

/** Keys for programs: each with its scopes, its end and, where wanted, the networks it may come from. */
export function createApiTokens({ sql, post }: Needs) {
  const tell = tellBy(post);
  return {
    /** Makes one; the token is told this one time. */
    async make(asker: Asker, wish: Wish): Promise<{ apiToken: ApiToken; token: string }> {
      const token = `${apiTokenMark}${newToken()}`;
      const { name, networks, days } = wish;
      return changeAccount(sql, asker, async (transaction, user) => {
        // One after the other, so that two at once cannot go beyond the most.
        if (wish.scopes.includes("admin") && user.role === "user")
          throw new PlatformError("forbidden", "Your role has nothing that `admin` would allow.");
        const [{ all = 0 } = {}] = await transaction
          .select({ all: count() })
          .from(apiTokens)
          .where(eq(apiTokens.userId, user.id));
        if (all >= perUserMax)
          throw new PlatformError("quota-exceeded", `${perUserMax} tokens are the most.`);
        const [row] = await transaction
          .insert(apiTokens)
          .values({
            ...{ id: newId(), userId: user.id, name, networks },
            hash: tokenHash(token),
            prefix: token.slice(0, prefixLength),
            scopes: [...new Set(wish.scopes)],
            expiresAt: raw`now() + make_interval(days => ${days})`,
          })
          .returning();
        if (row === undefined) throw new Error("the token was not stored");
        await tell(transaction, user, "token-added", {
          token: name,
          scopes: row.scopes.join(", "),
        });
        return { apiToken: describe(row), token };
      });
    },

    /** The newest first, ended ones too: they tell why a program stopped. */
    async list(userId: string): Promise<ApiToken[]> {
      const rows = await sql
        .select()
        .from(apiTokens)
        .where(eq(apiTokens.userId, userId))
        .orderBy(desc(apiTokens.createdAt));
      return rows.map(describe);
    },

    async remove(userId: string, id: string): Promise<void> {
      const { rowCount } = await sql
        .delete(apiTokens)
        .where(and(eq(apiTokens.id, id), eq(apiTokens.userId, userId)));
      if (rowCount === 0) throw new NotFound("token", id);
      await publishRevocation(sql, { sessionId: id });
    },
  };
}

/** Ends every token of a user; revoke what processes remember of the user with it. */
export async function endApiTokens(sql: Sql, userId: string): Promise<void> {
  await sql.delete(apiTokens).where(eq(apiTokens.userId, userId));
}

/** What an API token may be served as at this moment. */
export type LiveToken = Readonly<{
  id: string;
  userId: string;
  role: Role;
  epoch: number;
  scopes: readonly ApiScope[];
  networks: readonly string[];
}>;

/** What authentication asks of API tokens. */
export function createLiveTokens(sql: Sql) {
  const find = async (what: "id" | "hash", value: string): Promise<LiveToken | null> => {
    const [row] = await sql
      .select({
        id: apiTokens.id,
        userId: users.id,
        role: users.role,
        epoch: users.epoch,
        scopes: apiTokens.scopes,
        networks: apiTokens.networks,
      })
      .from(apiTokens)
      .innerJoin(users, eq(users.id, apiTokens.userId))
      .where(and(eq(apiTokens[what], value), gt(apiTokens.expiresAt, raw`now()`), notSuspended));
    return row ?? null;
  };
  return {
    findByToken: (token: string) => find("hash", tokenHash(token)),
    findById: (id: string) => find("id", id),

    /** Notes a use, once a minute at most, so that a busy program does not write all the time. */
    async recordUse(id: string, address: string): Promise<void> {
      await sql
        .update(apiTokens)
        .set({ usedAt: raw`now()`, usedFrom: address })
        .where(
          and(
            eq(apiTokens.id, id),
            raw`(${apiTokens.usedAt} is null or ${apiTokens.usedAt} < now() - interval '1 minute'
              or ${apiTokens.usedFrom} is distinct from ${address})`,
          ),
        );
    },
  };
}

/** Whether an address lies in one of the networks; none named: it does. */
export function isWithin(networks: readonly string[], address: string): boolean {
  if (networks.length === 0) return true;
  const list = new BlockList();
  for (const network of networks) {
    const [start = "", bits] = network.split("/");
    const family = isIPv6(start) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(start, family);
    else list.addSubnet(start, Number(bits), family);
  }
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

const describe = (row: typeof apiTokens.$inferSelect): ApiToken => ({
  id: row.id,
  name: row.name,
  prefix: row.prefix,
  scopes: [...row.scopes],
  networks: [...row.networks],
  createdAt: row.createdAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
  usedAt: row.usedAt?.toISOString() ?? null,
  usedFrom: row.usedFrom,
});
