import type { Invitation } from "@trading/contracts/invitations";
import { and, desc, eq, gt, isNotNull, isNull, lt, sql as raw } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Post } from "../mail/post.ts";
import { NotFound, PlatformError } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Sql } from "../platform/postgres.ts";
import { recordDeed } from "./audit.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { type Operator, operate } from "./operate.ts";
import { invitations, users } from "./schema.ts";
import type { User } from "./store.ts";
import { identifierKey } from "./throttle.ts";

type Needs = Readonly<{ sql: Sql; post: Post }>;
type Wish = Readonly<{ email?: string | undefined; days: number }>;

const listMax = 200;
/** So long after its end an invitation says to whom it went. */
const addressDays = 30;
/** The log is for good, addresses are not: the list of invitations knows them by the id. */
const invitation = "an invitation";

export type Invitations = ReturnType<typeof createInvitations>;

/** Links that let somebody make an account, once each, where the site asks for an invitation. */
export function createInvitations({ sql, post }: Needs) {
  return {
    /** Makes one, and mails it where an address is given. The token is told this one time. */
    async make(actor: Operator, { email, days }: Wish): Promise<{ id: string; token: string }> {
      const [id, token] = [newId(), newToken()];
      const madeBy = actor.id;
      await operate(sql, actor, async (transaction) => {
        await forgetOldAddresses(transaction);
        const expiresAt = raw`now() + make_interval(days => ${days})`;
        const [made] = await transaction
          .insert(invitations)
          .values({ id, hash: tokenHash(token), email: email ?? null, madeBy, expiresAt })
          .returning({ endsAt: invitations.expiresAt });
        if (made === undefined) throw new Error("the invitation was not stored");
        await recordDeed(transaction, actor, {
          ...{ action: "user-invited", target: invitation, targetId: id },
          ...{ after: { days, isMailed: email !== undefined }, reason: "invitation" },
        });
        if (email === undefined) return;
        const link = { token, endsAt: made.endsAt };
        const facts = { days: String(days) };
        await post(transaction, {
          kind: "invitation",
          userId: madeBy,
          recipient: email,
          facts,
          link,
        });
      });
      return { id, token };
    },

    /** The newest first. */
    list: (): Promise<Invitation[]> => read(sql),

    async get(id: string): Promise<Invitation> {
      const [found] = await read(sql, id);
      if (found === undefined) throw new NotFound("invitation", id);
      return found;
    },

    /** Ends one that nobody has used. */
    withdraw: (actor: Operator, id: string): Promise<void> =>
      operate(sql, actor, async (transaction) => {
        const [gone] = await transaction
          .update(invitations)
          .set({ withdrawnAt: raw`now()` })
          .where(
            and(
              eq(invitations.id, id),
              isNull(invitations.usedAt),
              isNull(invitations.withdrawnAt),
            ),
          )
          .returning({ id: invitations.id });
        if (gone === undefined) throw new NotFound("invitation", id);
        const deed = { action: "invitation-withdrawn", target: invitation, targetId: id } as const;
        await recordDeed(transaction, actor, { ...deed, reason: "withdrawn by hand" });
      }),

    /** What an open link says. Throws `link-not-valid`. */
    async open(token: string): Promise<{ email: string | null; expiresAt: Date }> {
      const [found] = await sql
        .select({ email: invitations.email, expiresAt: invitations.expiresAt })
        .from(invitations)
        .where(isOpen(token));
      if (found === undefined) throw notValid();
      return found;
    },
  };
}

/** Whom operators invited long ago is nobody's business any more. */
async function forgetOldAddresses(sql: Sql): Promise<void> {
  await sql
    .update(invitations)
    .set({ email: null })
    .where(
      and(
        isNotNull(invitations.email),
        lt(invitations.expiresAt, raw`now() - make_interval(days => ${addressDays})`),
      ),
    );
}

/** Looks whether an invitation lets this address in. Throws `link-not-valid`. */
export async function findInvitation(sql: Sql, token: string, email: string): Promise<void> {
  const [found] = await sql
    .select({ email: invitations.email })
    .from(invitations)
    .where(isOpen(token));
  if (found === undefined) throw notValid();
  requireInvited(found.email, email);
}

/** Uses an invitation up for the account made by it; of any number at once, one succeeds. Throws `link-not-valid`. */
export async function claimInvitation(
  sql: Sql,
  token: string,
  { id, email }: Pick<User, "id" | "email">,
): Promise<void> {
  const [claimed] = await sql
    .update(invitations)
    .set({ usedAt: raw`now()`, usedBy: id })
    .where(isOpen(token))
    .returning({ email: invitations.email });
  if (claimed === undefined) throw notValid();
  requireInvited(claimed.email, email);
}

/** Whoever may not invite any more has invited nobody who is not here yet. */
export async function withdrawInvitationsOf(sql: Sql, userId: string): Promise<void> {
  await sql
    .update(invitations)
    .set({ withdrawnAt: raw`now()` })
    .where(
      and(
        eq(invitations.madeBy, userId),
        isNull(invitations.usedAt),
        isNull(invitations.withdrawnAt),
      ),
    );
}

/** One that was made for somebody lets in whoever has their address, and nobody it was passed on to. */
function requireInvited(invited: string | null, email: string): void {
  if (invited === null || identifierKey(invited) === identifierKey(email)) return;
  throw new PlatformError("link-not-valid", "This invitation was made for another address.");
}

const isOpen = (token: string) =>
  and(
    eq(invitations.hash, tokenHash(token)),
    isNull(invitations.usedAt),
    isNull(invitations.withdrawnAt),
    gt(invitations.expiresAt, raw`now()`),
  );

const maker = alias(users, "maker");
const guest = alias(users, "guest");

async function read(sql: Sql, id?: string): Promise<Invitation[]> {
  const rows = await sql
    .select({
      id: invitations.id,
      email: invitations.email,
      state: raw<Invitation["state"]>`case when ${invitations.usedAt} is not null then 'used'
        when ${invitations.withdrawnAt} is not null then 'withdrawn'
        when ${invitations.expiresAt} <= now() then 'ended' else 'open' end`,
      madeBy: maker.name,
      usedBy: guest.name,
      createdAt: invitations.createdAt,
      expiresAt: invitations.expiresAt,
    })
    .from(invitations)
    .leftJoin(maker, eq(maker.id, invitations.madeBy))
    .leftJoin(guest, eq(guest.id, invitations.usedBy))
    .where(id === undefined ? undefined : eq(invitations.id, id))
    .orderBy(desc(invitations.createdAt))
    .limit(listMax);
  return rows.map((row) => ({
    ...row,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  }));
}

const notValid = () =>
  new PlatformError("link-not-valid", "This invitation was used, has ended or never was.");
