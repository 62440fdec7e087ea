import { accountMarket } from "../core/account.ts";
import { formatUnits } from "../core/decimal.ts";
import { formatLots } from "../core/market.ts";
import type { Account, Market, Order, OrderList } from "../core/state.ts";
import { firstIndexFrom } from "../core/tape.ts";
import { filterViews } from "./general.ts";
import { isHidden, lookUp, visible } from "./open-orders.ts";
import { type Call, type Operation, owner, requiredMarket } from "./operation.ts";
import type { Parameters } from "./parameters.ts";
import { Problem } from "./problem.ts";
import { accountTradeView, listView, orderView, preventedMatchView } from "./views.ts";

const day = 86_400_000;

/** What an account may read about itself. */
export const accountOperations: readonly Operation[] = [
  read("account", "account.status", 20, ["omitZeroBalances"], accountView),
  read("order", "order.status", 4, ["symbol", "orderId", "origClientOrderId"], queryOrder),
  read(
    "openOrders",
    "openOrders.status",
    (p) => (p.has("symbol") ? 6 : 80),
    ["symbol"],
    openOrders,
  ),
  read(
    "allOrders",
    "allOrders",
    20,
    ["symbol", "orderId", "startTime", "endTime", "limit"],
    allOrders,
  ),
  read("orderList", "orderList.status", 4, ["orderListId", "origClientOrderId"], queryList),
  read("allOrderList", "allOrderLists", 20, ["fromId", "startTime", "endTime", "limit"], allLists),
  read("openOrderList", "openOrderLists.status", 6, [], (call) =>
    [...owner(call).openLists.values()].map(listView),
  ),
  read(
    "myTrades",
    "myTrades",
    (p) => (p.has("orderId") ? 5 : 20),
    ["symbol", "orderId", "startTime", "endTime", "fromId", "limit"],
    myTrades,
  ),
  read("rateLimit/order", "account.rateLimits.orders", 40, [], (call) =>
    call.venue.limits.orderViews(owner(call)),
  ),
  read(
    "myPreventedMatches",
    "myPreventedMatches",
    (p) => (p.has("preventedMatchId") ? 2 : 20),
    ["symbol", "preventedMatchId", "orderId", "fromPreventedMatchId", "limit"],
    preventedMatches,
  ),
  read(
    "myAllocations",
    "myAllocations",
    20,
    ["symbol", "startTime", "endTime", "fromAllocationId", "limit", "orderId"],
    (call) => {
      requiredMarket(call);
      return [];
    },
  ),
  read("account/commission", "account.commission", 20, ["symbol"], commission),
  read(
    "order/amendments",
    "order.amendments",
    4,
    ["symbol", "orderId", "fromExecutionId", "limit"],
    amendments,
  ),
  read("myFilters", "myFilters", 40, ["symbol"], (call) => ({
    exchangeFilters: [],
    symbolFilters: filterViews(requiredMarket(call)),
    assetFilters: [],
  })),
];

function read(
  path: string,
  socket: string,
  weight: Operation["weight"],
  parameters: readonly string[],
  run: Operation["run"],
): Operation {
  return { rest: `GET /api/v3/${path}`, socket, security: "USER_DATA", weight, parameters, run };
}

function accountView(call: Call): unknown {
  const account = owner(call);
  const omitsZero = call.parameters.flag("omitZeroBalances") ?? false;
  const { maker, taker } = ratesOf(account, [...call.venue.core.markets.values()][0]);
  return {
    makerCommission: Number(maker / 10_000n),
    takerCommission: Number(taker / 10_000n),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: {
      maker: formatUnits(maker),
      taker: formatUnits(taker),
      buyer: formatUnits(0n),
      seller: formatUnits(0n),
    },
    canTrade: account.canTrade,
    canWithdraw: false,
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: account.updatedAt,
    accountType: "SPOT",
    balances: balanceViews(call, account, omitsZero),
    permissions: ["SPOT"],
    uid: account.id,
  };
}

function balanceViews({ venue }: Call, account: Account, omitsZero: boolean): unknown[] {
  const assets = new Set<string>();
  for (const market of venue.core.markets.values()) assets.add(market.base).add(market.quote);
  for (const asset of account.balances.keys()) assets.add(asset);
  const views: unknown[] = [];
  for (const asset of assets) {
    const { free, locked } = account.balances.get(asset) ?? { free: 0n, locked: 0n };
    if (omitsZero && free === 0n && locked === 0n) continue;
    views.push({ asset, free: formatUnits(free), locked: formatUnits(locked) });
  }
  return views;
}

function ratesOf(account: Account, market: Market | undefined): { maker: bigint; taker: bigint } {
  return account.rates ?? { maker: market?.makerRate ?? 0n, taker: market?.takerRate ?? 0n };
}

function queryOrder(call: Call): unknown {
  const market = requiredMarket(call);
  const orderId = call.parameters.integer("orderId");
  const clientId = call.parameters.text("origClientOrderId");
  if (orderId === null && clientId === null) {
    throw new Problem(
      -1102,
      "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    );
  }
  return orderView(visible(call, lookUp(owner(call), market, orderId, clientId)));
}

function openOrders(call: Call): unknown {
  const market = call.parameters.has("symbol") ? requiredMarket(call) : null;
  const views: unknown[] = [];
  for (const order of owner(call).openByClientId.values()) {
    if ((market === null || order.market === market) && !isHidden(call, order)) {
      views.push(orderView(order));
    }
  }
  return views;
}

function allOrders(call: Call): unknown {
  const market = requiredMarket(call);
  const { parameters } = call;
  const limit = parameters.limit("limit", 500, 1000);
  const window = readWindow(parameters);
  const orderId = parameters.integer("orderId");
  const all = accountMarket(owner(call), market).orders.filter((order) => !isHidden(call, order));
  if (orderId !== null) {
    const start = firstIndexFrom(all, orderId);
    return all.slice(start, start + limit).map(orderView);
  }
  return cut(all, (order: Order) => order.createdAt, window, limit).map(orderView);
}

type Window = Readonly<{ start: number | null; end: number | null }>;

/** startTime and endTime; a window of both may not exceed 24 hours. */
function readWindow(parameters: Parameters): Window {
  const start = parameters.time("startTime");
  const end = parameters.time("endTime");
  if (start !== null && end !== null && end - start > day) {
    throw new Problem(-1127, "More than 24 hours between startTime and endTime.");
  }
  return { start, end };
}

/** With a start the oldest from there, otherwise the newest up to the end. */
function cut<T>(items: readonly T[], at: (item: T) => number, window: Window, limit: number): T[] {
  const { start, end } = window;
  const inside = items.filter(
    (item) => (start === null || at(item) >= start) && (end === null || at(item) <= end),
  );
  return start === null ? inside.slice(-limit) : inside.slice(0, limit);
}

function queryList(call: Call): unknown {
  const id = call.parameters.integer("orderListId");
  const clientId = call.parameters.text("origClientOrderId");
  if (id === null && clientId === null) {
    throw new Problem(
      -1102,
      "Param 'orderListId' or 'origClientOrderId' must be sent, but both were empty/null!",
    );
  }
  const list = owner(call).lists.findLast(
    (one) => (id === null || one.id === id) && (clientId === null || one.clientId === clientId),
  );
  if (list === undefined) throw new Problem(-2018, "Order list does not exist.");
  return listView(list);
}

function allLists(call: Call): unknown {
  const { parameters } = call;
  const fromId = parameters.integer("fromId");
  const limit = parameters.limit("limit", 500, 1000);
  const { lists } = owner(call);
  if (fromId !== null)
    return lists
      .filter((list) => list.id >= fromId)
      .slice(0, limit)
      .map(listView);
  const window = readWindow(parameters);
  return cut(lists, (list: OrderList) => list.createdAt, window, limit).map(listView);
}

function myTrades(call: Call): unknown {
  const market = requiredMarket(call);
  const { parameters } = call;
  const limit = parameters.limit("limit", 500, 1000);
  const orderId = parameters.integer("orderId");
  const fromId = parameters.integer("fromId");
  const window = readWindow(parameters);
  const all = accountMarket(owner(call), market).trades.filter(
    (trade) =>
      (orderId === null || trade.order.id === orderId) &&
      (fromId === null || trade.id >= fromId) &&
      !isHidden(call, trade.order),
  );
  const chosen =
    fromId === null && orderId === null
      ? cut(all, (trade) => trade.at, window, limit)
      : all.slice(0, limit);
  return chosen.map(accountTradeView);
}

function preventedMatches(call: Call): unknown {
  const market = requiredMarket(call);
  const { parameters } = call;
  const id = parameters.integer("preventedMatchId");
  const orderId = parameters.integer("orderId");
  const fromId = parameters.integer("fromPreventedMatchId") ?? 0;
  return owner(call)
    .preventedMatches.filter(
      (match) =>
        match.taker.market === market &&
        match.id >= fromId &&
        (id === null || match.id === id) &&
        (orderId === null || match.taker.id === orderId || match.maker.id === orderId),
    )
    .slice(0, parameters.limit("limit", 500, 1000))
    .map(preventedMatchView);
}

function commission(call: Call): unknown {
  const market = requiredMarket(call);
  const account = owner(call);
  const { maker, taker } = ratesOf(account, market);
  const none = rates(0n, 0n);
  return {
    symbol: market.symbol,
    standardCommission: rates(maker, taker),
    specialCommission: none,
    taxCommission: none,
    discount: {
      enabledForAccount: account.feeAsset !== null,
      enabledForSymbol: true,
      discountAsset: account.feeAsset ?? "BNB",
      discount: "0.75000000",
    },
  };
}

const rates = (maker: bigint, taker: bigint): Record<string, string> => ({
  maker: formatUnits(maker),
  taker: formatUnits(taker),
  buyer: formatUnits(0n),
  seller: formatUnits(0n),
});

function amendments(call: Call): unknown {
  const market = requiredMarket(call);
  const { parameters } = call;
  parameters.required("orderId");
  const order = visible(call, lookUp(owner(call), market, parameters.integer("orderId"), null));
  const from = parameters.integer("fromExecutionId") ?? 0;
  return order.amendments
    .filter((one) => one.executionId >= from)
    .slice(0, parameters.limit("limit", 500, 1000))
    .map((one) => ({
      symbol: market.symbol,
      orderId: order.id,
      executionId: one.executionId,
      origClientOrderId: one.clientIdBefore,
      newClientOrderId: one.clientIdAfter,
      origQty: formatLots(market, one.lotsBefore),
      newQty: formatLots(market, one.lotsAfter),
      time: one.at,
    }));
}
