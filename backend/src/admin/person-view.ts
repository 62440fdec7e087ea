import type { Role } from "@trading/contracts/accounts";
import type { Person, PersonDetail, personQuery } from "@trading/contracts/admin";
import { sql as raw, type SQL } from "drizzle-orm";
import type { z } from "zod";
import type { Actor } from "../accounts/audit.ts";
import { createOwnSessions } from "../accounts/own-sessions.ts";
import { NotFound } from "../platform/errors.ts";
import type { Sql } from "../platform/postgres.ts";
import { recordOpened } from "./recorded-reads.ts";

type Query = z.infer<typeof personQuery>;

export type PersonView = ReturnType<typeof createPersonView>;

/** Accounts as operators see them. */
export function createPersonView(sql: Sql) {
  return {
    async list(query: Query) {
      const { page, pageSize } = query;
      const where = whereOf(query);
      const { rows } = await sql.execute<PersonRow>(raw`
        ${personSelection} where ${where} order by ${orderOf(query)}, u.id
        limit ${pageSize} offset ${(page - 1) * pageSize}`);
      const total = await sql.execute<{ count: number }>(
        raw`select count(*)::int as count from users u where ${where}`,
      );
      return { items: rows.map(personOf), total: total.rows[0]?.count ?? 0, page, pageSize };
    },

    /** Leaves a line in the audit log. */
    async open(actor: Actor, userId: string): Promise<PersonDetail> {
      const { rows } = await sql.execute<PersonRow>(raw`${personSelection} where u.id = ${userId}`);
      const [row] = rows;
      if (row === undefined) throw new NotFound("user", userId);
      await recordOpened(sql, actor, row);
      const sessions = await createOwnSessions(sql).list(userId);
      const upload = await sql.execute<{ bytes: string }>(
        raw`select coalesce(sum(octet_length(c.data)), 0) as bytes
          from series s join candle_chunks c on c.series_id = s.id where s.owner_id = ${userId}`,
      );
      const accepted = await sql.execute<{ kind: string; version: number; at: string }>(
        raw`select kind, version, at from legal_acceptances where user_id = ${userId} order by at desc`,
      );
      return {
        ...personOf(row),
        openSessions: sessions,
        uploadBytes: Number(upload.rows[0]?.bytes ?? 0),
        acceptances: accepted.rows.map((one) => ({ ...one, at: instant(one.at) })),
      };
    },
  };
}

/** An account as the database tells of it. */
export type PersonRow = {
  id: string;
  name: string;
  email: string;
  email_proven: boolean;
  role: Role;
  is_suspended: boolean;
  erase_at: string | null;
  has_password: boolean;
  has_factor: boolean;
  country: string | null;
  country_said_at: string | null;
  sessions: number;
  backtests: number;
  epoch: number;
  created_at: string;
  used_at: string | null;
};

export const personSelection = raw`
  select u.id, u.name, u.email, u.email_proven_at is not null as email_proven, u.role, u.epoch,
    u.erase_at, u.country, u.country_said_at,
    u.suspended_at is not null as is_suspended, u.password_hash is not null as has_password,
    exists (select 1 from totp_factors t where t.user_id = u.id and t.confirmed_at is not null)
      or exists (select 1 from passkeys p where p.user_id = u.id) as has_factor,
    (select count(*)::int from sessions s where s.user_id = u.id and s.revoked_at is null
      and s.expires_at > now() and s.impersonator_id is null) as sessions,
    (select count(*)::int from backtests b where b.user_id = u.id) as backtests,
    u.created_at,
    (select max(s.used_at) from sessions s where s.user_id = u.id and s.impersonator_id is null) as used_at
  from users u`;

const states = {
  active: raw`u.suspended_at is null and u.erase_at is null`,
  suspended: raw`u.suspended_at is not null and u.erase_at is null`,
  unproven: raw`u.email_proven_at is null and u.erase_at is null`,
  closed: raw`u.erase_at is not null`,
} as const;

function whereOf({ search, role, state }: Query): SQL {
  const pattern = `%${search.trim().replace(/[\\%_]/g, "\\$&")}%`;
  return raw.join(
    [
      raw`true`,
      ...(search.trim() === ""
        ? []
        : [raw`(u.name || ' ' || u.email || ' ' || u.id) ilike ${pattern}`]),
      ...(role === undefined ? [] : [raw`u.role = ${role}`]),
      ...(state === undefined ? [] : [states[state]]),
    ],
    raw` and `,
  );
}

const sortColumns = {
  createdAt: raw`u.created_at`,
  name: raw`u.name_key`,
  usedAt: raw`used_at`,
  backtests: raw`backtests`,
} as const;

const orderOf = ({ sort, order }: Query): SQL =>
  raw`${sortColumns[sort]} ${order === "asc" ? raw`asc` : raw`desc`} nulls last`;

const instant = (at: string): string => new Date(at).toISOString();

const personOf = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  email: row.email,
  emailProven: row.email_proven,
  role: row.role,
  isSuspended: row.is_suspended,
  eraseAt: row.erase_at === null ? null : instant(row.erase_at),
  hasPassword: row.has_password,
  hasSecondFactor: row.has_factor,
  country: row.country,
  countrySaidAt: row.country_said_at === null ? null : instant(row.country_said_at),
  sessions: row.sessions,
  backtests: row.backtests,
  createdAt: instant(row.created_at),
  usedAt: row.used_at === null ? null : instant(row.used_at),
});
