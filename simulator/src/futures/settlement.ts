import { balanceOf } from "../core/account.ts";
import {
  type Core,
  type Fee,
  type Fill,
  move,
  type Rejection,
  type Settlement,
  type Want,
} from "../core/core.ts";
import { shareOf, smaller } from "../core/decimal.ts";
import { worth } from "../core/market.ts";
import { remaining } from "../core/order.ts";
import type { Account, Order } from "../core/state.ts";
import { type Position, type Positions, shrinkable } from "./positions.ts";

export const marginAsset = "USDT";
const insufficientMargin: Rejection = { code: -2019, message: "Margin is insufficient." };
const notReducing: Rejection = { code: -2022, message: "ReduceOnly Order is rejected." };

/**
 * USD-M futures: orders lock initial margin, fills move it behind a position, closing takes profit. The
 * exchange's own account pays what a loss exceeds its margin by, as an insurance fund does.
 */
export function futuresSettlement(positions: Positions): Settlement {
  return {
    lockedAsset: () => marginAsset,
    need: (_core, want) => need(positions, want),
    available: (_core, account) => balanceOf(account, marginAsset).free,
    settle: (core, order, fill) => settle(core, positions, order, fill),
    tradable: (order) => {
      if (!mayOnlyShrink(order)) return remaining(order);
      return shrinkable(positions.of(order.account, order.market), order);
    },
    hasUnfundedStops: true,
  };
}

const mayOnlyShrink = ({ request }: Order): boolean =>
  request.isReduceOnly === true || request.isClosePosition === true;

/** Initial margin and taker's fee of the part that would open or grow a position. */
function need(
  positions: Positions,
  { account, market, request, lots, cost }: Want,
): bigint | Rejection {
  if (request.stop > 0) return 0n;
  const position = positions.of(account, market);
  const against = Math.max(0, request.side === "BUY" ? -position.lots : position.lots);
  if (request.isReduceOnly === true || request.isClosePosition === true) {
    return against === 0 ? notReducing : 0n;
  }
  const opening = Math.max(0, lots - against);
  const notional =
    request.limit > 0
      ? worth(market, request.limit, opening)
      : (cost * BigInt(opening)) / BigInt(Math.max(1, lots));
  const units = marginFor(notional, position.leverage) + shareOf(notional, market.takerRate);
  return units > balanceOf(account, marginAsset).free ? insufficientMargin : units;
}

/** Rounded up: a position never has less behind it than it must. */
const marginFor = (notional: bigint, leverage: number): bigint => {
  const by = BigInt(leverage);
  return (notional + by - 1n) / by;
};

function settle(core: Core, positions: Positions, order: Order, fill: Fill): Fee {
  const { account, market, request } = order;
  const position = positions.of(account, market);
  release(core, order, fill.lots);
  const signed = request.side === "BUY" ? fill.lots : -fill.lots;
  const closing =
    Math.sign(position.lots) === -Math.sign(signed)
      ? Math.min(Math.abs(position.lots), fill.lots)
      : 0;
  const closingQuote = closing === fill.lots ? fill.quote : worth(market, fill.ticks, closing);
  const realised =
    closing > 0
      ? close(core, account, position, closing, closingQuote, request.isLiquidation === true)
      : 0n;
  if (closing < fill.lots)
    open(
      core,
      account,
      position,
      signed > 0 ? fill.lots - closing : closing - fill.lots,
      fill.quote - closingQuote,
    );
  position.updatedAt = core.now();
  return { ...charge(core, order, fill), realised };
}

/** Gives back what the order locked for the lots that just traded. */
function release(core: Core, order: Order, lots: number): void {
  const before = remaining(order) + lots;
  const share =
    remaining(order) === 0 ? order.reserved : (order.reserved * BigInt(lots)) / BigInt(before);
  order.reserved -= share;
  move(core, order.account, marginAsset, share, -share, "margin");
}

/** Takes profit or loss on part of a position and frees its margin. */
function close(
  core: Core,
  account: Account,
  position: Position,
  lots: number,
  quote: bigint,
  isLiquidation: boolean,
): bigint {
  const held = BigInt(Math.abs(position.lots));
  const isAll = BigInt(lots) === held;
  const cost = isAll ? position.cost : (position.cost * BigInt(lots)) / held;
  const margin = isAll ? position.margin : (position.margin * BigInt(lots)) / held;
  const realised = position.lots > 0 ? quote - cost : cost - quote;
  position.lots -= Math.sign(position.lots) * lots;
  position.cost -= cost;
  position.margin -= margin;
  position.realised += realised;
  move(core, account, marginAsset, margin, -margin, "margin");
  // A liquidated isolated position can lose its margin, nothing else.
  const most = isLiquidation && position.isIsolated ? margin : balanceOf(account, marginAsset).free;
  takeProfit(core, account, realised, most);
  return realised;
}

/** Books a profit; of a loss the account pays at most so much, the insurance fund the rest. */
export function takeProfit(core: Core, account: Account, profit: bigint, most: bigint): void {
  const paid = profit < -most ? -most : profit;
  move(core, account, marginAsset, paid, 0n, "trade");
  // Profit and loss meet in the exchange's own account: what one side gains the other lost.
  move(core, core.fees, marginAsset, -paid, 0n, "trade");
}

function open(core: Core, account: Account, position: Position, lots: number, quote: bigint): void {
  position.lots += lots;
  position.cost += quote;
  const wanted = marginFor(quote, position.leverage);
  const { free } = balanceOf(account, marginAsset);
  const margin = smaller(wanted, free);
  position.margin += margin;
  move(core, account, marginAsset, -margin, margin, "margin");
}

function charge(core: Core, order: Order, fill: Fill): { fee: bigint; asset: string } {
  const { account, market } = order;
  const rates = account.rates ?? { maker: market.makerRate, taker: market.takerRate };
  const due = account.isHouse ? 0n : shareOf(fill.quote, fill.isMaker ? rates.maker : rates.taker);
  const { free } = balanceOf(account, marginAsset);
  const fee = smaller(due, free);
  move(core, account, marginAsset, -fee, 0n, "fee");
  move(core, core.fees, marginAsset, fee, 0n, "fee");
  return { fee, asset: marginAsset };
}
