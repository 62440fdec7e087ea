import type { Account, AccountMarket, Balance, Market } from "./state.ts";

export function createAccount(id: number, name: string, isHouse: boolean): Account {
  return {
    id,
    name,
    isHouse,
    balances: new Map(),
    markets: new Map(),
    openByClientId: new Map(),
    openLists: new Map(),
    lists: [],
    preventedMatches: [],
    feeAsset: null,
    rates: null,
    canTrade: true,
    updatedAt: 0,
  };
}

export function balanceOf(account: Account, asset: string): Balance {
  const found = account.balances.get(asset);
  if (found !== undefined) return found;
  const fresh = { free: 0n, locked: 0n };
  account.balances.set(asset, fresh);
  return fresh;
}

export function accountMarket(account: Account, market: Market): AccountMarket {
  const found = account.markets.get(market.symbol);
  if (found !== undefined) return found;
  const fresh: AccountMarket = {
    market,
    orders: [],
    byClientId: new Map(),
    trades: [],
    openOrders: 0,
    openAlgoOrders: 0,
    openLists: 0,
    openBuyLots: 0,
  };
  account.markets.set(market.symbol, fresh);
  return fresh;
}
