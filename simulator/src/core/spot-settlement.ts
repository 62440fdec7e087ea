import { balanceOf } from "./account.ts";
import type { Core, Fee, Fill, Rejection, Settlement, Want } from "./core.ts";
import { move } from "./core.ts";
import { shareOf, unitsPerOne } from "./decimal.ts";
import { baseOf, worth } from "./market.ts";
import { remaining } from "./order.ts";
import type { Market, Order } from "./state.ts";

/** Commissions paid in the account's third asset cost three quarters. */
const thirdAssetShare = 75_000_000n;

export const insufficientBalance: Rejection = {
  code: -2010,
  message: "Account has insufficient balance for requested action.",
};

/** Spot: buyers lock and pay quote, sellers lock and pay base. */
export const spotSettlement: Settlement = {
  lockedAsset: (market, side) => (side === "BUY" ? market.quote : market.base),
  need,
  available: (_core, account, asset) => balanceOf(account, asset).free,
  settle,
  tradable: remaining,
  hasUnfundedStops: false,
};

function need(_core: Core, want: Want): bigint | Rejection {
  const { account, market, request, lots, cost } = want;
  const isBuy = request.side === "BUY";
  const units = isBuy ? buyNeed(market, want, cost) : baseOf(market, lots);
  const { free } = balanceOf(account, isBuy ? market.quote : market.base);
  return units > free ? insufficientBalance : units;
}

function buyNeed(market: Market, want: Want, cost: bigint): bigint {
  const { limit, stop } = want.request;
  if (limit > 0) return worth(market, limit, want.lots);
  // A stop that will buy at the market locks what it would cost at its own price.
  return stop > 0 ? worth(market, stop, want.lots) : cost;
}

function settle(core: Core, order: Order, fill: Fill): Fee {
  const { market, account, request } = order;
  if (request.side === "BUY") {
    const planned = request.limit > 0 ? worth(market, request.limit, fill.lots) : fill.quote;
    order.reserved -= planned;
    move(core, account, market.quote, planned - fill.quote, -planned, "trade");
    const received = baseOf(market, fill.lots);
    move(core, account, market.base, received, 0n, "trade");
    return charge(core, order, fill, market.base, received);
  }
  const sold = baseOf(market, fill.lots);
  order.reserved -= sold;
  move(core, account, market.base, 0n, -sold, "trade");
  move(core, account, market.quote, fill.quote, 0n, "trade");
  return charge(core, order, fill, market.quote, fill.quote);
}

/** Commission is a share of what was received, or its worth in the account's third asset. */
function charge(core: Core, order: Order, fill: Fill, asset: string, received: bigint): Fee {
  const { account, market } = order;
  const rates = account.rates ?? { maker: market.makerRate, taker: market.takerRate };
  const rate = fill.isMaker ? rates.maker : rates.taker;
  if (account.isHouse || rate === 0n) return { fee: 0n, asset, realised: 0n };
  const third = account.feeAsset === null ? null : inThirdAsset(core, order, fill, rate);
  const fee = third ?? shareOf(received, rate);
  const paidIn = third === null ? asset : (account.feeAsset ?? asset);
  move(core, account, paidIn, -fee, 0n, "fee");
  move(core, core.fees, paidIn, fee, 0n, "fee");
  return { fee, asset: paidIn, realised: 0n };
}

/** The commission in the third asset, or null when it has no price or the account too little of it. */
function inThirdAsset(core: Core, order: Order, fill: Fill, rate: bigint): bigint | null {
  const asset = order.account.feeAsset;
  if (asset === null) return null;
  const due = shareOf(shareOf(fill.quote, rate), thirdAssetShare);
  if (asset === order.market.quote) return due <= balanceOf(order.account, asset).free ? due : null;
  const priced = core.markets.get(`${asset}${order.market.quote}`);
  if (priced === undefined || priced.last === 0) return null;
  const price = BigInt(priced.last) * BigInt(priced.tickUnits);
  const fee = (due * unitsPerOne) / price;
  return fee <= balanceOf(order.account, asset).free ? fee : null;
}
