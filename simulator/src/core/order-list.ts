import type { Account } from "./account.ts";
import type { Market } from "./market.ts";
import type { Order } from "./order.ts";

/** One-cancels-the-other: two orders that share one reservation. */
export type OrderList = {
  readonly id: number;
  readonly clientId: string;
  readonly account: Account;
  readonly market: Market;
  readonly orders: Order[];
  readonly createdAt: number;
  /** Units locked for the pair while neither leg works alone. */
  reserved: bigint;
  status: "EXECUTING" | "ALL_DONE";
  updatedAt: number;
};
