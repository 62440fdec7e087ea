import { balanceOf } from "../core/account.ts";
import { formatUnits, unitsPerOne } from "../core/decimal.ts";
import { type Execution, type Journal, silence } from "../core/journal.ts";
import { baseOf } from "../core/market.ts";
import { isWaiting } from "../core/order.ts";
import type { Account, Order } from "../core/state.ts";
import type { Hub } from "../serve/hub.ts";
import { price, quantity } from "./call.ts";
import { algoStatus, averagePrice, workingType } from "./order-views.ts";
import { type Position, type Positions, unrealised } from "./positions.ts";
import { marginAsset } from "./settlement.ts";

type View = Record<string, unknown>;

/** Tells futures accounts what happens to their orders, balances and positions. */
export function futuresUserEvents(hub: Hub, positions: Positions, now: () => number): Journal {
  return {
    ...silence,
    order: (order, execution) => {
      if (order.account.isHouse) return;
      if (isConditional(order, execution)) {
        hub.publishToAccount(order.account, () => algoUpdate(order, now()), order);
        return;
      }
      hub.publishToAccount(order.account, () => orderUpdate(order, execution, now()), order);
    },
    settled: (touched) => {
      for (const account of touched.keys()) {
        if (!account.isHouse)
          hub.publishToAccount(account, () => accountUpdate(account, positions, now()));
      }
    },
  };
}

/** A waiting conditional order is no order of the book yet: its news go by another event. */
const isConditional = (order: Order, { kind }: Execution): boolean =>
  order.request.stop > 0 && (isWaiting(order) || (order.workingAt < 0 && kind === "CANCELED"));

/** Where futures have another word. */
const kindNames: Readonly<Record<string, string>> = { REPLACED: "AMENDMENT" };

function orderUpdate(order: Order, execution: Execution, now: number): View {
  const { market, request } = order;
  return {
    e: "ORDER_TRADE_UPDATE",
    E: now,
    T: execution.at,
    o: {
      s: market.symbol,
      c: order.clientId,
      S: request.side,
      o: workingType(order),
      f: request.timeInForce,
      q: quantity(market, order.lots),
      p: price(market, request.limit),
      ap: averagePrice(order),
      sp: price(market, request.stop),
      x: kindNames[execution.kind] ?? execution.kind,
      X: order.status,
      i: order.id,
      z: quantity(market, order.executed),
      ...tradeFields(order, execution),
      T: execution.at,
      b: "0",
      a: "0",
      R: request.isReduceOnly ?? false,
      wt: request.stopSource ?? "CONTRACT_PRICE",
      ot: request.type,
      ps: "BOTH",
      cp: request.isClosePosition ?? false,
      pP: false,
      V: request.prevention,
      pm: "NONE",
      gtd: 0,
    },
  };
}

/** Last quantity, price, fee and profit: of a trade, else zero. */
function tradeFields({ market }: Order, execution: Execution): View {
  if (execution.kind !== "TRADE") {
    return { l: quantity(market, 0), L: price(market, 0), t: 0, m: false, rp: "0" };
  }
  return {
    l: quantity(market, execution.lots ?? 0),
    L: price(market, execution.ticks ?? 0),
    t: execution.tradeId ?? 0,
    m: execution.isMaker ?? false,
    n: formatUnits(execution.fee ?? 0n),
    N: execution.feeAsset,
    rp: formatUnits(execution.realised ?? 0n),
  };
}

function algoUpdate(order: Order, now: number): View {
  const { market, request } = order;
  return {
    e: "ALGO_UPDATE",
    E: now,
    T: order.updatedAt,
    o: {
      caid: order.clientId,
      aid: order.id,
      at: "CONDITIONAL",
      o: request.type,
      s: market.symbol,
      S: request.side,
      ps: "BOTH",
      f: request.timeInForce,
      q: quantity(market, order.lots),
      X: algoStatus(order),
      ai: "",
      ap: averagePrice(order),
      aq: quantity(market, order.executed),
      act: "0",
      tp: price(market, request.stop),
      p: price(market, request.limit),
      V: request.prevention,
      wt: request.stopSource ?? "CONTRACT_PRICE",
      pm: "NONE",
      cp: request.isClosePosition ?? false,
      pP: false,
      R: request.isReduceOnly ?? false,
      tt: Math.max(0, order.workingAt),
      gtd: 0,
    },
  };
}

function accountUpdate(account: Account, positions: Positions, now: number): View {
  const { free, locked } = balanceOf(account, marginAsset);
  const wallet = formatUnits(free + locked);
  return {
    e: "ACCOUNT_UPDATE",
    E: now,
    T: account.updatedAt,
    a: {
      m: "ORDER",
      B: [{ a: marginAsset, wb: wallet, cw: wallet, bc: "0" }],
      P: positions
        .all(account)
        .filter((position) => position.updatedAt > 0)
        .map(positionView),
    },
  };
}

function positionView(position: Position): View {
  const { market, lots, cost, isIsolated } = position;
  const amount = quantity(market, Math.abs(lots));
  return {
    s: market.symbol,
    pa: lots < 0 ? `-${amount}` : amount,
    ep: lots === 0 ? "0" : formatUnits((cost * unitsPerOne) / baseOf(market, Math.abs(lots))),
    bep: "0",
    cr: formatUnits(position.realised),
    up: formatUnits(unrealised(position, market.last)),
    mt: isIsolated ? "isolated" : "cross",
    iw: formatUnits(isIsolated ? position.margin : 0n),
    ps: "BOTH",
  };
}
