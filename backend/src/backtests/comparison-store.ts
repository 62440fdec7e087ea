import type { savedComparison } from "@trading/contracts/backtests";
import { and, desc, eq } from "drizzle-orm";
import type { z } from "zod";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { comparisons } from "./schema.ts";

type SavedComparison = z.infer<typeof savedComparison>;

export type ComparisonStore = ReturnType<typeof createComparisonStore>;

/** Saved comparisons as their owners see them. */
export function createComparisonStore(sql: Sql) {
  return {
    async list(userId: string): Promise<SavedComparison[]> {
      const rows = await sql
        .select()
        .from(comparisons)
        .where(eq(comparisons.userId, userId))
        .orderBy(desc(comparisons.id))
        .limit(500);
      return rows.map(comparisonOf);
    },

    async save(
      userId: string,
      title: string,
      backtestIds: readonly string[],
    ): Promise<SavedComparison> {
      const [row] = await sql
        .insert(comparisons)
        .values({ id: newId(), userId, title, backtestIds: [...backtestIds] })
        .returning();
      if (row === undefined) throw new Error("an insert returned no row");
      return comparisonOf(row);
    },

    async remove(userId: string, id: string): Promise<boolean> {
      const removed = await sql
        .delete(comparisons)
        .where(and(eq(comparisons.id, id), eq(comparisons.userId, userId)))
        .returning({ id: comparisons.id });
      return removed.length > 0;
    },
  };
}

const comparisonOf = (row: typeof comparisons.$inferSelect): SavedComparison => ({
  id: row.id,
  title: row.title,
  backtestIds: row.backtestIds,
  createdAt: row.createdAt.toISOString(),
});
