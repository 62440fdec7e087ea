import type { Timeframe } from "@trading/contracts/common";
import type { Exchange, Market, marketQuery } from "@trading/contracts/market-data";
import { and, asc, count, desc, eq, ilike, isNull, lt, or, sql as raw } from "drizzle-orm";
import type { z } from "zod";
import { offeredExchanges } from "../exchanges/offered-exchanges.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Database } from "../platform/postgres.ts";
import { exchanges, markets } from "./schema.ts";

type Needs = Readonly<{ database: Database; simulatorUrl: string | null }>;
type Page<Item> = { items: Item[]; total: number; page: number; pageSize: number };

const staleAfterMs = 24 * 3_600_000;
const askAgainAfterMs = 30_000;
const insertedAtOnce = 500;

/** Exchanges and their markets with rules, as last read; the worker reads them anew when asked. */
export function createMarketStore({ database, simulatorUrl }: Needs) {
  const { db } = database;
  const offered = offeredExchanges(simulatorUrl);
  const viewOf = (id: string, row: typeof exchanges.$inferSelect | undefined): Exchange => ({
    id,
    name: offered.find((known) => known.id === id)?.name ?? id,
    markets: row?.markets ?? 0,
    marketsAt: row?.marketsAt?.toISOString() ?? null,
    problem: row?.problem ?? null,
  });

  return {
    /** Every supported exchange, the most used first. */
    async listExchanges(): Promise<Exchange[]> {
      const rows = new Map((await db.select().from(exchanges)).map((row) => [row.id, row]));
      return offered.map(({ id }) => viewOf(id, rows.get(id)));
    },

    async findExchange(id: string): Promise<Exchange | null> {
      if (!offered.some((known) => known.id === id)) return null;
      const [row] = await db.select().from(exchanges).where(eq(exchanges.id, id));
      return viewOf(id, row);
    },

    /** Asks the worker to read the markets, unless they are fresh or were asked for a moment ago. */
    async askForMarkets(id: string, now: Date): Promise<void> {
      await db.transaction(async (transaction) => {
        await transaction.insert(exchanges).values({ id }).onConflictDoNothing();
        const stale = new Date(now.getTime() - staleAfterMs);
        const again = new Date(now.getTime() - askAgainAfterMs);
        const asked = await transaction
          .update(exchanges)
          .set({ askedAt: now })
          .where(
            and(
              eq(exchanges.id, id),
              or(isNull(exchanges.marketsAt), lt(exchanges.marketsAt, stale)),
              or(isNull(exchanges.askedAt), lt(exchanges.askedAt, again)),
            ),
          )
          .returning({ id: exchanges.id });
        if (asked.length > 0) await addToOutbox(transaction, "refresh-markets", { exchange: id });
      });
    },

    /** One page of an exchange's markets; a search ranks what begins with it first. */
    async listMarkets(exchange: string, query: z.infer<typeof marketQuery>): Promise<Page<Market>> {
      const text = query.search.trim().replace(/[\\%_]/g, "\\$&");
      const where = and(
        eq(markets.exchange, exchange),
        text === "" ? undefined : ilike(markets.symbol, `%${text}%`),
      );
      const rows = await db
        .select()
        .from(markets)
        .where(where)
        .orderBy(
          desc(markets.active),
          desc(raw`${markets.symbol} ilike ${`${text}%`}`),
          asc(raw`case when ${markets.quote} = ${query.currency} then 0
            when ${markets.quote} in ('USDT', 'USDC', 'USD') then 1 else 2 end`),
          asc(markets.symbol),
        )
        .limit(query.pageSize)
        .offset((query.page - 1) * query.pageSize);
      const [total] = await db.select({ count: count() }).from(markets).where(where);
      return {
        items: rows.map(marketView),
        total: total?.count ?? 0,
        page: query.page,
        pageSize: query.pageSize,
      };
    },

    async find(exchange: string, symbol: string): Promise<Market | null> {
      const [row] = await db
        .select()
        .from(markets)
        .where(and(eq(markets.exchange, exchange), eq(markets.symbol, symbol)));
      return row === undefined ? null : marketView(row);
    },

    /** Replaces the list of an exchange. */
    async recordMarkets(exchange: string, list: readonly Market[], at: Date): Promise<void> {
      await db.transaction(async (transaction) => {
        const found = { markets: list.length, marketsAt: at, problem: null };
        await transaction
          .insert(exchanges)
          .values({ id: exchange, ...found })
          .onConflictDoUpdate({ target: exchanges.id, set: found });
        await transaction.delete(markets).where(eq(markets.exchange, exchange));
        for (let start = 0; start < list.length; start += insertedAtOnce) {
          await transaction.insert(markets).values(list.slice(start, start + insertedAtOnce));
        }
      });
    },

    /** The list stays as it was; the exchange says why it could not be read. */
    async recordProblem(exchange: string, problem: string): Promise<void> {
      await db
        .insert(exchanges)
        .values({ id: exchange, problem })
        .onConflictDoUpdate({ target: exchanges.id, set: { problem } });
    },
  };
}
export type MarketStore = ReturnType<typeof createMarketStore>;

const marketView = (row: typeof markets.$inferSelect): Market => ({
  ...row,
  timeframes: row.timeframes as Timeframe[],
});
