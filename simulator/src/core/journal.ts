import type { ExpiryReason } from "./order.ts";
import type { Account, Market, Order, OrderList } from "./state.ts";
import type { AggregateTrade, Trade } from "./tape.ts";

export type ExecutionKind =
  | "NEW"
  | "CANCELED"
  | "REPLACED"
  | "REJECTED"
  | "TRADE"
  | "EXPIRED"
  | "TRADE_PREVENTION";

/** One change of one order: what an execution report says beyond the order itself. */
export type Execution = Readonly<{
  kind: ExecutionKind;
  id: number;
  at: number;
  /** Of a trade. */
  lots?: number;
  ticks?: number;
  quote?: bigint;
  fee?: bigint;
  feeAsset?: string;
  tradeId?: number;
  isMaker?: boolean;
  realised?: bigint;
  /** Of a cancel: the client id of the cancel itself. */
  cancelClientId?: string;
  /** Of an amendment: the client id the order had. */
  originalClientId?: string;
  expiry?: ExpiryReason;
  /** Of a prevented self-trade. */
  counterOrderId?: number;
}>;

/** Why a balance changed. */
export type BalanceCause = "deposit" | "lock" | "unlock" | "trade" | "fee" | "funding" | "margin";

/** Facts, told in the order they happen. Listeners must not change the exchange. */
export type Journal = Readonly<{
  order: (order: Order, execution: Execution) => void;
  trade: (market: Market, trade: Trade, aggregate: AggregateTrade) => void;
  balance: (
    account: Account,
    asset: string,
    free: bigint,
    locked: bigint,
    cause: BalanceCause,
  ) => void;
  list: (list: OrderList, isNew: boolean) => void;
  /** An operation ended; these assets of these accounts may have changed. */
  settled: (touched: ReadonlyMap<Account, ReadonlySet<string>>) => void;
}>;

/** Tells several listeners one after the other. */
export function tellAll(listeners: readonly Journal[]): Journal {
  return {
    order: (order, execution) => {
      for (const listener of listeners) listener.order(order, execution);
    },
    trade: (market, trade, aggregate) => {
      for (const listener of listeners) listener.trade(market, trade, aggregate);
    },
    balance: (account, asset, free, locked, cause) => {
      for (const listener of listeners) listener.balance(account, asset, free, locked, cause);
    },
    list: (list, isNew) => {
      for (const listener of listeners) listener.list(list, isNew);
    },
    settled: (touched) => {
      for (const listener of listeners) listener.settled(touched);
    },
  };
}

/** A journal that nobody reads. */
export const silence: Journal = {
  order: () => {},
  trade: () => {},
  balance: () => {},
  list: () => {},
  settled: () => {},
};
