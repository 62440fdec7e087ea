import { AsyncLocalStorage } from "node:async_hooks";
import { NodePgSession } from "drizzle-orm/node-postgres";
import pg from "pg";

/**
 * Whoever asks the pool for another connection in a transaction waits for ever once as many do so as the pool has
 * connections, and everybody else with them. Where tests run, the first one fails.
 */
const held = new AsyncLocalStorage<{ pool: unknown; isOpen: boolean }>();

/** As somebody else does it, though a transaction of the test is under way. */
export const elsewhere = <Result>(work: () => Result): Result => held.exit(work);

const { transaction } = NodePgSession.prototype;
NodePgSession.prototype.transaction = function (this: NodePgSession<never, never>, work, config) {
  const own = { pool: Reflect.get(this, "client"), isOpen: true };
  const run: typeof work = (one) => held.run(own, () => work(one));
  return transaction.call(this, run, config).finally(() => {
    own.isOpen = false;
  });
} as typeof transaction;

const { connect } = pg.Pool.prototype;
pg.Pool.prototype.connect = function (this: pg.Pool, ...given: never[]) {
  const own = held.getStore();
  if (own?.isOpen && own.pool === this)
    throw new Error("A transaction asks for another connection: give it the one it has.");
  return Reflect.apply(connect, this, given);
} as typeof connect;
