import { worth } from "../core/market.ts";
import { remaining } from "../core/order.ts";
import type { Account, Market, Order } from "../core/state.ts";

/** What an account holds of one perpetual, one-way mode. */
export type Position = {
  readonly market: Market;
  /** Long above zero, short below. */
  lots: number;
  /** What the open lots were traded for, in units. */
  cost: bigint;
  /** Units locked behind it. */
  margin: bigint;
  leverage: number;
  isIsolated: boolean;
  realised: bigint;
  updatedAt: number;
};

/** All positions of a venue. */
export class Positions {
  readonly #byAccount = new Map<Account, Map<string, Position>>();

  of(account: Account, market: Market): Position {
    const mine = this.#byAccount.get(account) ?? new Map<string, Position>();
    this.#byAccount.set(account, mine);
    const found = mine.get(market.symbol);
    if (found !== undefined) return found;
    const fresh: Position = {
      market,
      lots: 0,
      cost: 0n,
      margin: 0n,
      leverage: 20,
      isIsolated: false,
      realised: 0n,
      updatedAt: 0,
    };
    mine.set(market.symbol, fresh);
    return fresh;
  }

  all(account: Account): Position[] {
    return [...(this.#byAccount.get(account)?.values() ?? [])];
  }

  accounts(): Iterable<Account> {
    return this.#byAccount.keys();
  }
}

/** Profit not yet taken, at a price in ticks. */
export function unrealised(position: Position, ticks: number): bigint {
  const now = worth(position.market, ticks, Math.abs(position.lots));
  return position.lots >= 0 ? now - position.cost : position.cost - now;
}

/** Lots by which an order may still shrink the position it stands against. */
export function shrinkable(position: Position, order: Order): number {
  const against = order.request.side === "BUY" ? -position.lots : position.lots;
  const wanted =
    order.request.isClosePosition === true && order.lots === 0 ? against : remaining(order);
  return Math.max(0, Math.min(against, wanted));
}

/** Share of the notional that must stay behind a position (one bracket for all sizes). */
export const maintenanceShare = 400_000n;

export const maintenance = (position: Position, ticks: number): bigint =>
  (worth(position.market, ticks, Math.abs(position.lots)) * maintenanceShare) / 100_000_000n;
