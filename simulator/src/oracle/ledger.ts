import { createHash, type Hash } from "node:crypto";
import type { Account } from "../core/account.ts";
import { formatUnits } from "../core/decimal.ts";
import type { BalanceCause, Journal } from "../core/journal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import { type Order, remaining } from "../core/order.ts";

/** One line of the ledger: plain data, decimal strings, in the order things happened. */
export type LedgerEntry = Readonly<{
  n: number;
  at: number;
  kind: string;
  [field: string]: unknown;
}>;

export type LedgerQuery = Readonly<{
  from?: number | undefined;
  kind?: string | undefined;
  account?: number | undefined;
  clientId?: string | undefined;
  limit?: number | undefined;
}>;

export type LedgerSettings = Readonly<{
  now: () => number;
  /** "clients" writes no lines about the market's own orders and balances; every trade still counts in the hash. */
  keep: "all" | "clients";
  /** Receives every kept line as JSON, for an export that outlives the process. */
  sink?: ((line: string) => void) | undefined;
}>;

/**
 * The oracle: an append-only record of every request, order, fill and balance change, written from the
 * exchange's announcements and never read by it. Its hash covers every line, also those of public trades,
 * which are not kept.
 */
export type Ledger = Journal &
  Readonly<{
    request: (facts: Record<string, unknown>) => void;
    entries: (query: LedgerQuery) => LedgerEntry[];
    /** The latest kept lines, newest first. */
    newest: (limit: number) => LedgerEntry[];
    /** SHA-256 over all lines so far. */
    hash: () => string;
    count: () => number;
    /** Free plus locked of an asset as the lines alone say, in units. */
    recorded: (account: number, asset: string) => bigint;
  }>;

const batchChars = 1 << 16;

export function createLedger(settings: LedgerSettings): Ledger {
  const kept: LedgerEntry[] = [];
  const balances = new Map<string, bigint>();
  const digest = createHash("sha256");
  let pending = "";
  let count = 0;

  const keepsAll = settings.keep === "all";
  /** Whether an account's lines are written at all; of the exchange's own account only what clients paid it. */
  const isWritten = (account: Account, cause?: BalanceCause): boolean =>
    keepsAll || !account.isHouse || cause === "fee";
  const write = (kind: string, isKept: boolean, facts: Record<string, unknown>): void => {
    count += 1;
    const entry: LedgerEntry = { n: count, at: settings.now(), kind, ...facts };
    const line = JSON.stringify(entry);
    pending += `${line}\n`;
    if (pending.length > batchChars) {
      digest.update(pending);
      pending = "";
    }
    if (!(isKept || keepsAll)) return;
    kept.push(entry);
    settings.sink?.(line);
  };

  return {
    request: (facts) => write("request", true, facts),
    order: (order, execution) => {
      if (!isWritten(order.account)) return;
      const { kind, id, at, ...rest } = execution;
      write("order", true, {
        execution: kind,
        ...orderFacts(order),
        ...readable(order, rest),
      });
    },
    trade: (market, trade) =>
      write("trade", false, {
        symbol: market.symbol,
        id: trade.id,
        price: formatPrice(market, trade.ticks),
        quantity: formatLots(market, trade.lots),
        quote: formatUnits(trade.quote),
        buyerIsMaker: trade.buyerIsMaker,
        buyer: trade.buyerOrderId,
        seller: trade.sellerOrderId,
      }),
    balance: (account, asset, free, locked, cause) => {
      const key = `${account.id}:${asset}`;
      balances.set(key, (balances.get(key) ?? 0n) + free + locked);
      if (!isWritten(account, cause)) return;
      write("balance", true, {
        account: account.id,
        asset,
        free: formatUnits(free),
        locked: formatUnits(locked),
        cause,
      });
    },
    list: (list, isNew) =>
      write("list", true, {
        account: list.account.id,
        symbol: list.market.symbol,
        list: list.id,
        clientId: list.clientId,
        isNew,
        status: list.status,
      }),
    settled: () => {},
    entries: (query) => find(kept, query),
    newest: (limit) => kept.slice(-limit).reverse(),
    hash: () => {
      digest.update(pending);
      pending = "";
      return (digest.copy() as Hash).digest("hex");
    },
    count: () => count,
    recorded: (account, asset) => balances.get(`${account}:${asset}`) ?? 0n,
  };
}

function orderFacts(order: Order): Record<string, unknown> {
  const { market, request } = order;
  return {
    account: order.account.id,
    symbol: market.symbol,
    order: order.id,
    clientId: order.clientId,
    side: request.side,
    type: request.type,
    price: formatPrice(market, request.limit),
    quantity: formatLots(market, order.lots),
    executed: formatLots(market, order.executed),
    open: formatLots(market, remaining(order)),
    status: order.status,
  };
}

/** The facts of one execution with grid numbers written as decimals. */
function readable(order: Order, facts: Record<string, unknown>): Record<string, unknown> {
  const result: { [field: string]: unknown; lastQuantity?: string; lastPrice?: string } = {};
  for (const [name, value] of Object.entries(facts)) {
    if (name === "lots") result.lastQuantity = formatLots(order.market, value as number);
    else if (name === "ticks") result.lastPrice = formatPrice(order.market, value as number);
    else result[name] = typeof value === "bigint" ? formatUnits(value) : value;
  }
  return result;
}

const mostAnswered = 10_000;

function find(entries: readonly LedgerEntry[], query: LedgerQuery): LedgerEntry[] {
  const found: LedgerEntry[] = [];
  const limit = Math.min(query.limit ?? 1000, mostAnswered);
  for (const entry of entries) {
    if (found.length >= limit) break;
    if (isWanted(entry, query)) found.push(entry);
  }
  return found;
}

const isWanted = (entry: LedgerEntry, query: LedgerQuery): boolean =>
  entry.n >= (query.from ?? 0) &&
  (query.kind === undefined || entry.kind === query.kind) &&
  (query.account === undefined || entry.account === query.account) &&
  (query.clientId === undefined || entry.clientId === query.clientId);

/** Whether the ledger's own sums equal what the exchange says it holds. */
export function agrees(ledger: Ledger, accounts: Iterable<Account>): boolean {
  for (const account of accounts) {
    for (const [asset, { free, locked }] of account.balances) {
      if (ledger.recorded(account.id, asset) !== free + locked) return false;
    }
  }
  return true;
}
