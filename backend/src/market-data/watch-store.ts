import { and, count, eq, lt, sql as raw } from "drizzle-orm";
import { PlatformError } from "../platform/errors.ts";
import type { Database } from "../platform/postgres.ts";
import { marketWatches } from "./schema.ts";

type Needs = Readonly<{ database: Database }>;
export type Watch = typeof marketWatches.$inferSelect;
export type WatchName = Pick<Watch, "exchange" | "symbol">;

/** Stands for all markets of an exchange: their prices are watched. */
export const allMarkets = "";
/** Who looks asks again within this time; then nobody looks any more. */
const watchedMs = 15_000;
const watchesMax = 64;
const pricesEveryMs = 10_000;
const candlesEveryMs = 2_000;
/** A worker that has not answered by then is gone, and another one reads. */
const claimMs = 60_000;

const ago = (ms: number) => raw`now() - ${ms} * interval '1 millisecond'`;

/** What somebody looks at right now. Web processes say so and read the answer; one worker at a time asks the exchange. */
export function createWatchStore({ database }: Needs) {
  const { db } = database;
  const named = ({ exchange, symbol }: WatchName) =>
    and(eq(marketWatches.exchange, exchange), eq(marketWatches.symbol, symbol));
  const touched = { watchedAt: raw`now()` };

  return {
    /** Says that somebody looks, and answers what is known. Throws `rate-limited` when too much is looked at already. */
    async look(name: WatchName): Promise<Watch> {
      const [known] = await db.update(marketWatches).set(touched).where(named(name)).returning();
      if (known !== undefined) return known;
      const [others] = await db.select({ count: count() }).from(marketWatches);
      if ((others?.count ?? 0) >= watchesMax) {
        throw new PlatformError(
          "rate-limited",
          `${watchesMax} markets are being watched already; try again in a minute.`,
          { retryAfter: 60 },
        );
      }
      const { exchange, symbol } = marketWatches;
      const [added] = await db
        .insert(marketWatches)
        .values(name)
        .onConflictDoUpdate({ target: [exchange, symbol], set: touched })
        .returning();
      return added as Watch;
    },

    /** Takes what is due to be read, the longest unread first; nobody else gets it until `record`. */
    async claimDue(limit: number): Promise<WatchName[]> {
      const { rows } = await db.execute<WatchName>(raw`
        update ${marketWatches} set claimed_at = now()
        where (exchange, symbol) in (
          select exchange, symbol from ${marketWatches}
          where watched_at > ${ago(watchedMs)}
            and (claimed_at is null or claimed_at < ${ago(claimMs)})
            and (read_at is null or read_at < case
              when symbol = ${allMarkets} or problem is not null then ${ago(pricesEveryMs)}
              else ${ago(candlesEveryMs)} end)
          order by read_at nulls first limit ${limit} for update skip locked)
        returning exchange, symbol`);
      return rows;
    },

    /** A failed read keeps the answer before it. */
    async record(name: WatchName, read: Partial<Pick<Watch, "answer" | "problem">>): Promise<void> {
      const { answer, problem = null } = read;
      await db
        .update(marketWatches)
        .set({
          claimedAt: null,
          readAt: raw`now()`,
          problem,
          ...(answer === undefined ? {} : { answer }),
        })
        .where(named(name));
    },

    /** Forgets what nobody looks at any more. */
    async removeUnwatched(): Promise<void> {
      await db.delete(marketWatches).where(lt(marketWatches.watchedAt, ago(2 * watchedMs)));
    },
  };
}
export type WatchStore = ReturnType<typeof createWatchStore>;
