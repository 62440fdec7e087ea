import { createHash, type Hash } from "node:crypto";
import { formatUnits } from "../core/decimal.ts";
import type { BalanceCause, Execution, Journal } from "../core/journal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import { remaining } from "../core/order.ts";
import type { Account, Market, Order } from "../core/state.ts";
import type { Trade } from "../core/tape.ts";
import { createLines, type LedgerEntry, type LedgerQuery } from "./lines.ts";

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

const batchBytes = 1 << 17;
/** UTF-8 needs at most so many bytes per character of a JavaScript string. */
const mostBytes = 3;

export function createLedger(settings: LedgerSettings): Ledger {
  const { now, sink } = settings;
  const kept = createLines();
  const sums = new Map<number, Map<string, bigint>>();
  const digest = createHash("sha256");
  // Lines become bytes once: the hash and the kept lines are fed from the same place.
  const batch = Buffer.allocUnsafe(batchBytes);
  let used = 0;
  let count = 0;
  const settle = (): void => {
    digest.update(batch.subarray(0, used));
    used = 0;
  };
  /** Hashes a line and answers its bytes, which are valid until the next one. */
  const encode = (line: string): Buffer => {
    if (used + line.length * mostBytes > batchBytes) settle();
    if (line.length * mostBytes > batchBytes) {
      digest.update(line);
      return Buffer.from(line);
    }
    const start = used;
    used += batch.write(line, start);
    return batch.subarray(start, used);
  };

  const keepsAll = settings.keep === "all";
  /** Whether an account's lines are written at all; of the exchange's own account only what clients paid it. */
  const isWritten = (account: Account, cause?: BalanceCause): boolean =>
    keepsAll || !account.isHouse || cause === "fee";

  /** Facts come as the text of an object's fields, each with its comma before it. */
  const write = (kind: string, isKept: boolean, facts: string): void => {
    count += 1;
    const line = `{"n":${count},"at":${now()},"kind":"${kind}"${facts}}\n`;
    const bytes = encode(line);
    if (!(isKept || keepsAll)) return;
    kept.append(count, bytes);
    sink?.(line.slice(0, -1));
  };

  return {
    request: (facts) => {
      const text = JSON.stringify(facts).slice(1, -1);
      write("request", true, text === "" ? "" : `,${text}`);
    },
    order: (order, execution) => {
      if (isWritten(order.account)) {
        write("order", true, orderFacts(order, execution) + executionFacts(order, execution));
      }
    },
    trade: (market, trade) => write("trade", false, tradeFacts(market, trade)),
    balance: (account, asset, free, locked, cause) => {
      const mine = sums.get(account.id) ?? new Map<string, bigint>();
      sums.set(account.id, mine);
      mine.set(asset, (mine.get(asset) ?? 0n) + free + locked);
      if (!isWritten(account, cause)) return;
      write(
        "balance",
        true,
        `,"account":${account.id},"asset":${quoted(asset)},"free":"${formatUnits(free)}","locked":"${formatUnits(locked)}","cause":"${cause}"`,
      );
    },
    list: (list, isNew) =>
      write(
        "list",
        true,
        `,"account":${list.account.id},"symbol":${quoted(list.market.symbol)},"list":${list.id},"clientId":${quoted(list.clientId)},"isNew":${isNew},"status":"${list.status}"`,
      ),
    settled: () => {},
    entries: kept.find,
    newest: kept.newest,
    hash: () => {
      settle();
      return (digest.copy() as Hash).digest("hex");
    },
    count: () => count,
    recorded: (account, asset) => sums.get(account)?.get(asset) ?? 0n,
  };
}

const plain = /^[\w.-]*$/;

/** A text as JSON writes it; most need no escaping. */
const quoted = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

const tradeFacts = (market: Market, trade: Trade): string =>
  `,"symbol":${quoted(market.symbol)},"id":${trade.id},"price":"${formatPrice(market, trade.ticks)}","quantity":"${formatLots(market, trade.lots)}","quote":"${formatUnits(trade.quote)}","buyerIsMaker":${trade.buyerIsMaker},"buyer":${trade.buyerOrderId},"seller":${trade.sellerOrderId}`;

function orderFacts(order: Order, { kind }: Execution): string {
  const { market, request, account } = order;
  return `,"execution":"${kind}","account":${account.id},"symbol":${quoted(market.symbol)},"order":${order.id},"clientId":${quoted(order.clientId)},"side":"${request.side}","type":${quoted(request.type)},"price":"${formatPrice(market, request.limit)}","quantity":"${formatLots(market, order.lots)}","executed":"${formatLots(market, order.executed)}","open":"${formatLots(market, remaining(order))}","status":"${order.status}"`;
}

/** What an execution says beyond its order, grid numbers as decimals. */
function executionFacts({ market }: Order, execution: Execution): string {
  const { lots, ticks, quote, fee, feeAsset, tradeId, isMaker, realised } = execution;
  let text = "";
  if (lots !== undefined) text += `,"lastQuantity":"${formatLots(market, lots)}"`;
  if (ticks !== undefined) text += `,"lastPrice":"${formatPrice(market, ticks)}"`;
  if (quote !== undefined) text += `,"quote":"${formatUnits(quote)}"`;
  if (fee !== undefined) text += `,"fee":"${formatUnits(fee)}"`;
  if (feeAsset !== undefined) text += `,"feeAsset":${quoted(feeAsset)}`;
  if (tradeId !== undefined) text += `,"tradeId":${tradeId}`;
  if (isMaker !== undefined) text += `,"isMaker":${isMaker}`;
  if (realised !== undefined) text += `,"realised":"${formatUnits(realised)}"`;
  return text + endingFacts(execution);
}

function endingFacts(execution: Execution): string {
  const { cancelClientId, originalClientId, expiry, counterOrderId } = execution;
  let text = "";
  if (cancelClientId !== undefined) text += `,"cancelClientId":${quoted(cancelClientId)}`;
  if (originalClientId !== undefined) text += `,"originalClientId":${quoted(originalClientId)}`;
  if (expiry !== undefined) text += `,"expiry":"${expiry}"`;
  if (counterOrderId !== undefined) text += `,"counterOrderId":${counterOrderId}`;
  return text;
}

/** Whether the ledger's own sums equal what the exchange says it holds. */
export function agrees(ledger: Ledger, accounts: Iterable<Account>): boolean {
  for (const account of accounts) {
    for (const [asset, { free, locked }] of account.balances) {
      if (ledger.recorded(account.id, asset) !== free + locked) return false;
    }
  }
  return true;
}
