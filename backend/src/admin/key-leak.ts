import type { keysDestroyed } from "@trading/contracts/key-care";
import type { z } from "zod";
import { recordDeed } from "../accounts/audit.ts";
import { type CommandLine, type Operator, operate } from "../accounts/operate.ts";
import { destroyEveryKey } from "../exchange-accounts/keys-destroyed.ts";
import { publish } from "../platform/events.ts";
import { addToOutbox } from "../platform/outbox.ts";
import type { Sql } from "../platform/postgres.ts";
import { halt } from "./site.ts";

/**
 * When exchange keys may be known to others: new work is halted and every stored key destroyed, all in one transaction;
 * then a worker tells each owner how to delete theirs at the exchange. Interrupted before its end it has done nothing,
 * after it all; pressed again it finds no key to destroy and tells nobody twice. Each press is in the log.
 */
export const destroyLeakedKeys = (
  sql: Sql,
  actor: Operator | CommandLine,
  reason: string,
): Promise<z.infer<typeof keysDestroyed>> =>
  operate(sql, actor, async (transaction) => {
    await halt(transaction, actor, true, reason);
    const destroyed = await destroyEveryKey(transaction);
    const owners = new Set(destroyed.map(({ userId }) => userId));
    const figures = { accounts: destroyed.length, users: owners.size };
    const byExchange: Record<string, number> = {};
    for (const { exchange } of destroyed) byExchange[exchange] = (byExchange[exchange] ?? 0) + 1;
    await recordDeed(transaction, actor, {
      ...{ action: "keys-destroyed", target: "exchange keys of everybody", reason },
      after: { ...figures, byExchange },
    });
    for (const userId of owners)
      await publish(transaction, userId, { kind: "exchange-accounts", id: "all" });
    // Also when nothing was destroyed: whom an earlier press has not reached yet is told now.
    await addToOutbox(transaction, "tell-leaked-keys", {});
    return figures;
  });
