import { formatUnits } from "../core/decimal.ts";
import type { Execution, Journal } from "../core/journal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import { isOpen, isWaiting } from "../core/order.ts";
import type { Account, Order, OrderList } from "../core/state.ts";
import type { Hub } from "./hub.ts";

type View = Record<string, unknown>;

/** Tells accounts of spot what happens to their orders and balances. */
export function spotUserEvents(hub: Hub, now: () => number): Journal {
  return {
    order: (order, execution) => {
      if (order.account.isHouse) return;
      hub.publishToAccount(order.account, () => executionReport(order, execution, now()), order);
    },
    trade: () => {},
    balance: (account, asset, free, _locked, cause) => {
      if (cause !== "deposit" || account.isHouse) return;
      hub.publishToAccount(account, () => ({
        e: "balanceUpdate",
        E: now(),
        a: asset,
        d: formatUnits(free),
        T: now(),
      }));
    },
    list: (list) => {
      if (list.account.isHouse) return;
      hub.publishToAccount(list.account, () => listStatus(list, now()), list);
    },
    settled: (touched) => {
      for (const [account, assets] of touched) {
        if (!account.isHouse) hub.publishToAccount(account, () => position(account, assets, now()));
      }
    },
  };
}

function position(account: Account, assets: ReadonlySet<string>, now: number): View {
  return {
    e: "outboundAccountPosition",
    E: now,
    u: account.updatedAt,
    B: [...assets].map((asset) => {
      const { free, locked } = account.balances.get(asset) ?? { free: 0n, locked: 0n };
      return { a: asset, f: formatUnits(free), l: formatUnits(locked) };
    }),
  };
}

function executionReport(order: Order, execution: Execution, now: number): View {
  const { market, request } = order;
  const { kind } = execution;
  return {
    e: "executionReport",
    E: now,
    s: market.symbol,
    c: execution.cancelClientId ?? order.clientId,
    S: request.side,
    o: request.type,
    f: request.timeInForce,
    q: formatLots(market, order.lots),
    p: formatPrice(market, request.limit),
    P: formatPrice(market, request.stop),
    F: formatUnits(0n),
    g: order.list?.id ?? -1,
    C: execution.originalClientId ?? (kind === "CANCELED" ? order.clientId : ""),
    x: kind,
    X: order.status,
    r: order.expiry === "REJECTED" ? "INSUFFICIENT_BALANCES" : "NONE",
    i: order.id,
    z: formatLots(market, order.executed),
    ...tradeFields(order, execution),
    T: execution.at,
    I: execution.id,
    w: isOpen(order) && !isWaiting(order),
    M: kind === "TRADE",
    O: order.createdAt,
    Z: formatUnits(order.executedQuote),
    Q: formatUnits(request.quote),
    ...(order.workingAt >= 0 ? { W: order.workingAt } : {}),
    V: request.prevention,
    ...conditional(order, execution),
  };
}

/** Last quantity, price, worth and commission: of a trade, else zero. */
function tradeFields({ market }: Order, execution: Execution): View {
  if (execution.kind !== "TRADE") {
    const none = formatUnits(0n);
    return { l: none, L: none, Y: none, n: "0", N: null, t: -1, m: false };
  }
  return {
    l: formatLots(market, execution.lots ?? 0),
    L: formatPrice(market, execution.ticks ?? 0),
    Y: formatUnits(execution.quote ?? 0n),
    n: formatUnits(execution.fee ?? 0n),
    N: execution.feeAsset ?? null,
    t: execution.tradeId ?? -1,
    m: execution.isMaker ?? false,
  };
}

function conditional(order: Order, execution: Execution): View {
  const { market, request } = order;
  return {
    ...(request.strategyId === undefined ? {} : { j: request.strategyId }),
    ...(request.strategyType === undefined ? {} : { J: request.strategyType }),
    ...(execution.kind === "TRADE_PREVENTION"
      ? {
          v: order.preventedMatchId,
          A: formatLots(market, order.prevented),
          B: formatLots(market, execution.lots ?? 0),
          u: -1,
          U: execution.counterOrderId ?? -1,
          Cs: market.symbol,
          pl: formatUnits(0n),
          pL: formatUnits(0n),
          pY: formatUnits(0n),
        }
      : {}),
    ...(order.expiry === null ? {} : { eR: order.expiry }),
  };
}

function listStatus(list: OrderList, now: number): View {
  return {
    e: "listStatus",
    E: now,
    s: list.market.symbol,
    g: list.id,
    c: "OCO",
    l: list.status === "ALL_DONE" ? "ALL_DONE" : "EXEC_STARTED",
    L: list.status,
    r: "NONE",
    C: list.clientId,
    T: list.updatedAt,
    O: list.orders.map((order) => ({ s: list.market.symbol, i: order.id, c: order.clientId })),
  };
}
