import type { ConnectableExchange, ExchangeReading } from "@trading/contracts/exchange-accounts";
import { and, count, eq, ne, sql as raw } from "drizzle-orm";
import type { Asker } from "../accounts/asker.ts";
import type { Confirmations } from "../accounts/confirmations.ts";
import type { Credentials, KeyReading } from "../exchanges/key-reader.ts";
import type { Envelope } from "../platform/envelope.ts";
import { PlatformError } from "../platform/errors.ts";
import { publish } from "../platform/events.ts";
import { newId } from "../platform/ids.ts";
import { inTransaction, type Sql } from "../platform/postgres.ts";
import { mayBegin } from "../platform/standstill.ts";
import { endOf, sealCredentials } from "./credentials.ts";
import type { KeyChecks } from "./key-checks.ts";
import { marksOf, requireNotLeaked } from "./key-marks.ts";
import { exchangeAccounts } from "./schema.ts";
import type { TellOwner } from "./tell-owner.ts";
import { type AccountRow, absent, factsOf, getOwn, isOwn, viewOf, worksBy } from "./view.ts";

type Needs = Readonly<{
  sql: Sql;
  envelope: Envelope;
  checks: KeyChecks;
  tell: TellOwner;
  /** Locks the account of who asks; throws when their session ended meanwhile. */
  lockAsker: Confirmations["lockAsker"];
  /** Whether the operator has stopped new work: then no key is taken in. */
  isHalted(): Promise<boolean>;
}>;
type Wish = Readonly<{ exchange: ConnectableExchange; label: string }> & Credentials;

export type Intake = ReturnType<typeof createIntake>;

/** How keys come in: each is tried at its exchange first, and of one that is not fit nothing is kept. */
export function createIntake(needs: Needs) {
  const { sql, envelope, checks, tell, lockAsker, isHalted } = needs;

  const requireTaking = async (): Promise<void> => {
    if (await isHalted()) throw takesNone();
  };
  /** While the site is being halted, and keys are destroyed, this waits, and then takes none in. */
  const storing = <Result>(asker: Asker, work: (transaction: Sql) => Promise<Result>) =>
    inTransaction(sql, async (transaction) => {
      // One after the other, so that two at once cannot go beyond the most or store one key twice.
      await lockAsker(transaction, asker);
      if (!(await mayBegin(transaction))) throw takesNone();
      return work(transaction);
    });
  const sealed = async (row: { id: string; userId: string }, by: Credentials, keyMark: string) => ({
    ...{ keyMark, keyEnd: endOf(by.apiKey) },
    credentials: await sealCredentials(envelope, "exchange_accounts", row, by),
  });
  const told = async (
    transaction: Sql,
    row: AccountRow,
    kind: "exchange-key-added" | "exchange-key-replaced",
    { balances }: KeyReading,
  ): Promise<ExchangeReading> => {
    await tell(transaction, row.userId, kind, factsOf(row));
    await publish(transaction, row.userId, { kind: "exchange-accounts", id: row.id });
    return { account: viewOf(row), balances: [...balances] };
  };

  return {
    async connect(asker: Asker, wish: Wish): Promise<ExchangeReading> {
      const userId = asker.id;
      const { exchange, label, apiKey, secret } = wish;
      await requireTaking();
      const marks = await marksOf(needs, userId, apiKey);
      const keyMark = marks[exchange];
      const requirePlace = async (at: Sql): Promise<void> => {
        await requireRoom(at, userId);
        await requireNotLeaked(at, userId, marks);
        await requireNew(at, userId, keyMark);
      };
      await requirePlace(sql);
      const credentials = { apiKey, secret };
      const reading = await checks.ask({ userId, exchange, credentials, keyMark });
      return storing(asker, async (transaction) => {
        await requirePlace(transaction);
        const id = newId();
        const stored = await sealed({ id, userId }, wish, keyMark);
        const [row] = await transaction
          .insert(exchangeAccounts)
          .values({ id, userId, exchange, label, ...stored, ...worksBy(reading) })
          .returning();
        if (row === undefined) throw new Error("the account was not stored");
        return told(transaction, row, "exchange-key-added", reading);
      });
    },

    /** Another key for the same account; the one before is forgotten. */
    async replaceKey(asker: Asker, id: string, by: Credentials): Promise<ExchangeReading> {
      const userId = asker.id;
      const { exchange } = await getOwn(sql, userId, id);
      await requireTaking();
      const marks = await marksOf(needs, userId, by.apiKey);
      const keyMark = marks[exchange];
      const requireFit = async (at: Sql): Promise<void> => {
        await requireNotLeaked(at, userId, marks);
        await requireNew(at, userId, keyMark, id);
      };
      await requireFit(sql);
      const reading = await checks.ask({ userId, exchange, credentials: by, keyMark });
      return storing(asker, async (transaction) => {
        await requireFit(transaction);
        const stored = await sealed({ id, userId }, by, keyMark);
        const [row] = await transaction
          .update(exchangeAccounts)
          .set({ ...stored, ...worksBy(reading), checkedAt: raw`now()`, enteredAt: raw`now()` })
          .where(isOwn(userId, id))
          .returning();
        if (row === undefined) throw absent(id);
        return told(transaction, row, "exchange-key-replaced", reading);
      });
    },
  };
}

const takesNone = (): PlatformError =>
  new PlatformError("site-halted", "The operator takes no keys in at present.");

const perUserMax = 20;

async function requireRoom(sql: Sql, userId: string): Promise<void> {
  const [{ all = 0 } = {}] = await sql
    .select({ all: count() })
    .from(exchangeAccounts)
    .where(eq(exchangeAccounts.userId, userId));
  if (all >= perUserMax)
    throw new PlatformError("quota-exceeded", `${perUserMax} exchange accounts are the most.`);
}

/** Of others' keys nothing is asked: that somebody else has one is nobody's business. */
async function requireNew(sql: Sql, userId: string, keyMark: string, except?: string) {
  const [known] = await sql
    .select({ label: exchangeAccounts.label })
    .from(exchangeAccounts)
    .where(
      and(
        eq(exchangeAccounts.userId, userId),
        eq(exchangeAccounts.keyMark, keyMark),
        except === undefined ? undefined : ne(exchangeAccounts.id, except),
      ),
    );
  if (known !== undefined)
    throw new PlatformError("conflict", `You have connected this key already: “${known.label}”.`);
}
