import { sql as raw } from "drizzle-orm";
import type { Sql } from "../platform/postgres.ts";

/** A line of the log by which it can be recognised later. */
export type Known = Readonly<{ position: number; hash: string }>;

export type Verdict = Readonly<{
  lines: number;
  /** The newest line; whoever notes it elsewhere can tell later that nothing before it was changed or taken away. */
  head: Known | null;
  /** The first line that does not follow from those before it. */
  brokenAt: number | null;
  /** False: the line that was noted is not, or no longer, in the log. */
  holdsKnown: boolean;
}>;

/**
 * Computes every hash again. The expression stands here and in the trigger that writes it: somebody who changed the
 * trigger has not changed the check.
 */
export async function verifyAuditLog(sql: Sql, known: Known | null): Promise<Verdict> {
  const { rows } = await sql.execute<Row>(raw`
    with checked as (
      select position, hash,
        position = lag(position, 1, 0::bigint) over chain + 1
        and hash = encode(sha256(convert_to(lag(hash, 1, '') over chain || jsonb_build_array(
          position, id, extract(epoch from at), actor_id, actor_name, action, target, target_id,
          before, after, address, reason)::text, 'UTF8')), 'hex') as holds
      from audit_log window chain as (order by position)
    )
    select count(*)::int as lines, (min(position) filter (where not holds))::int as broken_at,
      max(position)::int as last, (array_agg(hash order by position desc))[1] as hash,
      coalesce(bool_or(position = ${known?.position ?? 0} and hash = ${known?.hash ?? ""}), false)
        as holds_known
    from checked`);
  const [row] = rows;
  if (row === undefined) throw new Error("a count returned no row");
  const { lines, broken_at: brokenAt, last, hash } = row;
  const head = last === null || hash === null ? null : { position: last, hash };
  return { lines, head, brokenAt, holdsKnown: known === null || row.holds_known };
}

type Row = {
  lines: number;
  broken_at: number | null;
  last: number | null;
  hash: string | null;
  holds_known: boolean;
};
