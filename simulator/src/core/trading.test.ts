import { beforeEach, expect, test } from "vitest";
import { type Core, createCore, deposit, openAccount } from "./core.ts";
import { formatUnits, toUnits } from "./decimal.ts";
import { type Execution, silence } from "./journal.ts";
import type { OrderRequest, Side } from "./order.ts";
import { placePair } from "./pairs.ts";
import { spotSettlement } from "./spot-settlement.ts";
import type { Account, Market, Order } from "./state.ts";
import { amend, cancel, place } from "./trading.ts";

let core: Core;
let market: Market;
let ann: Account;
let bob: Account;
let told: string[];
let next = 0;

beforeEach(() => {
  told = [];
  const note = (order: Order, { kind }: Execution): void => {
    told.push(`${order.clientId} ${kind} ${order.status}`);
  };
  core = createCore({
    seed: "unit",
    now: () => 1_700_000_000_000,
    settlement: spotSettlement,
    journal: { ...silence, order: note },
    markets: [
      {
        symbol: "ABC",
        base: "A",
        quote: "USDT",
        tick: "0.01",
        lot: "0.001",
        price: "10",
        minNotional: "0.1",
        bandUp: "100",
        bandDown: "0.01",
      },
      { symbol: "BNBUSDT", base: "BNB", quote: "USDT", tick: "0.01", lot: "0.001", price: "500" },
    ],
  });
  const found = core.markets.get("ABC");
  if (found === undefined) throw new Error("no market");
  market = found;
  [ann, bob] = [openAccount(core, "ann"), openAccount(core, "bob")];
  for (const account of [ann, bob]) {
    for (const asset of ["A", "USDT", "BNB"]) deposit(core, account, asset, toUnits("1000"));
  }
});

/** One unit of A is 1000 lots; prices are in cents. */
function request(
  side: Side,
  limit: number,
  lots: number,
  more: Partial<OrderRequest> = {},
): OrderRequest {
  next += 1;
  return {
    clientId: `o${next}`,
    side,
    type: limit === 0 ? "MARKET" : "LIMIT",
    timeInForce: "GTC",
    limit,
    lots,
    quote: 0n,
    isPostOnly: false,
    stop: 0,
    stopAbove: false,
    prevention: "NONE",
    ...more,
  };
}

function put(
  account: Account,
  side: Side,
  limit: number,
  lots: number,
  more: Partial<OrderRequest> = {},
): Order {
  const placed = place(core, account, market, request(side, limit, lots, more));
  if (placed.kind === "refused") throw new Error(placed.reason.message);
  return placed.order;
}

const refusal = (account: Account, one: OrderRequest): string => {
  const placed = place(core, account, market, one);
  return placed.kind === "refused" ? placed.reason.message : "placed";
};

const money = (account: Account, asset: string): [string, string] => {
  const { free, locked } = account.balances.get(asset) ?? { free: 0n, locked: 0n };
  return [formatUnits(free), formatUnits(locked)];
};

test("the best price trades first, then the oldest; the taker pays the makers' prices", () => {
  const [late, early, best] = [
    put(ann, "SELL", 1001, 1000),
    put(ann, "SELL", 1001, 1000),
    put(ann, "SELL", 1000, 1000),
  ];
  const taker = put(bob, "BUY", 1005, 2500);
  expect([best.executed, late.executed, early.executed]).toEqual([1000, 1000, 500]);
  expect([taker.status, formatUnits(taker.executedQuote)]).toEqual(["FILLED", "25.01500000"]);
  expect(money(bob, "USDT")).toEqual(["974.98500000", "0.00000000"]);
  expect(money(bob, "A")).toEqual(["1002.49750000", "0.00000000"]);
});

test("what was locked comes back when an order ends", () => {
  const order = put(ann, "BUY", 1000, 5000);
  expect(money(ann, "USDT")).toEqual(["950.00000000", "50.00000000"]);
  put(bob, "SELL", 990, 2000);
  expect([order.status, money(ann, "USDT")[1]]).toEqual(["PARTIALLY_FILLED", "30.00000000"]);
  cancel(core, order, "c");
  expect([order.status, ...money(ann, "USDT")]).toEqual(["CANCELED", "980.00000000", "0.00000000"]);
});

test("IOC takes what there is, FOK all or nothing, a market order never rests", () => {
  put(ann, "SELL", 1000, 1000);
  expect(put(bob, "BUY", 1000, 3000, { timeInForce: "FOK" })).toMatchObject({
    status: "EXPIRED",
    executed: 0,
    expiry: "UNFILLED_FOK_ORDER_EXPIRED",
  });
  expect(put(bob, "BUY", 1000, 3000, { timeInForce: "IOC" })).toMatchObject({
    status: "EXPIRED",
    executed: 1000,
    expiry: "UNFILLED_IOC_QUANTITY_EXPIRED",
  });
  put(ann, "SELL", 1000, 1000);
  expect(put(bob, "BUY", 0, 3000)).toMatchObject({
    status: "EXPIRED",
    executed: 1000,
    expiry: "INSUFFICIENT_LIQUIDITY",
  });
  put(ann, "SELL", 1000, 1000);
  expect(put(bob, "BUY", 1000, 1000, { timeInForce: "FOK" }).status).toBe("FILLED");
});

test("a market order of quote spends at most its amount", () => {
  put(ann, "SELL", 1000, 1000);
  put(ann, "SELL", 1100, 5000);
  const order = put(bob, "BUY", 0, 0, { quote: toUnits("30") });
  expect([order.status, order.lots, formatUnits(order.executedQuote)]).toEqual([
    "FILLED",
    2818,
    "29.99800000",
  ]);
});

test("a maker order that would take is refused, and so is a stop that would trigger", () => {
  put(ann, "SELL", 1000, 1000);
  expect(refusal(bob, request("BUY", 1000, 1000, { isPostOnly: true }))).toBe(
    "Order would immediately match and take.",
  );
  put(bob, "BUY", 1000, 500);
  expect(refusal(bob, request("SELL", 900, 1000, { stop: 1000 }))).toBe(
    "Order would trigger immediately.",
  );
  expect(refusal(bob, request("BUY", 0, 2_000_000))).toBe("placed");
});

test("stops wake by trades, nearest price first, and work as what they are", () => {
  put(ann, "SELL", 1000, 100);
  put(bob, "BUY", 1000, 100);
  const near = put(bob, "SELL", 0, 500, { stop: 950, type: "STOP_LOSS" });
  const far = put(bob, "SELL", 899, 500, { stop: 900, type: "STOP_LOSS_LIMIT" });
  expect([near.workingAt, far.workingAt]).toEqual([-1, -1]);
  put(ann, "BUY", 940, 100);
  put(ann, "BUY", 890, 5000);
  put(bob, "SELL", 940, 100);
  expect([near.status, far.status, far.workingAt > 0]).toEqual(["FILLED", "NEW", true]);
});

test("a stop that cannot be paid when it wakes expires", () => {
  put(ann, "SELL", 1000, 100);
  put(bob, "BUY", 1000, 100);
  const stop = put(bob, "BUY", 0, 85_000, { stop: 1100, stopAbove: true, type: "STOP_LOSS" });
  put(ann, "SELL", 1200, 900_000);
  put(bob, "BUY", 1200, 100);
  expect([stop.status, stop.expiry]).toEqual(["EXPIRED", "REJECTED"]);
});

const preventions = [
  ["NONE", "FILLED", "FILLED"],
  ["EXPIRE_TAKER", "NEW", "EXPIRED_IN_MATCH"],
  ["EXPIRE_MAKER", "EXPIRED_IN_MATCH", "NEW"],
  ["EXPIRE_BOTH", "EXPIRED_IN_MATCH", "EXPIRED_IN_MATCH"],
] as const;

test.each(preventions)(
  "self-trade prevention %s leaves the maker %s and the taker %s",
  (prevention, makerEnds, takerEnds) => {
    const maker = put(ann, "SELL", 1000, 1000);
    const taker = put(ann, "BUY", 1000, 1000, { prevention });
    expect([maker.status, taker.status]).toEqual([makerEnds, takerEnds]);
    expect(ann.preventedMatches).toHaveLength(prevention === "NONE" ? 0 : 1);
  },
);

function pair(name = "pair"): [Order, Order] {
  put(ann, "SELL", 1000, 100);
  put(bob, "BUY", 1000, 100);
  const above = request("SELL", 1100, 1000, { type: "LIMIT_MAKER", isPostOnly: true });
  const below = request("SELL", 880, 1000, { type: "STOP_LOSS_LIMIT", stop: 900 });
  const placed = placePair(core, bob, market, name, above, below);
  if (placed.kind === "refused") throw new Error(placed.reason.message);
  const [limit, stop] = placed.list.orders;
  if (limit === undefined || stop === undefined) throw new Error("a pair has two legs");
  return [limit, stop];
}

test("a pair locks once; the leg that trades first ends the other", () => {
  const [limit, stop] = pair();
  expect(money(bob, "A")[1]).toBe("1.00000000");
  put(ann, "BUY", 1100, 400);
  expect([limit.status, stop.status, stop.expiry]).toEqual([
    "PARTIALLY_FILLED",
    "EXPIRED",
    "OCO_TRIGGER",
  ]);
  expect(money(bob, "A")[1]).toBe("0.60000000");
});

test("a pair's stop that wakes ends the limit, and a canceled leg takes the other along", () => {
  const [limit, stop] = pair();
  put(ann, "BUY", 900, 100);
  put(bob, "SELL", 900, 100);
  expect([limit.status, stop.status, stop.workingAt > 0]).toEqual(["EXPIRED", "NEW", true]);
  cancel(core, stop, "c");
  const [second] = pair("another");
  expect(cancel(core, second, "c")).toHaveLength(2);
  expect(bob.openLists.size).toBe(0);
});

test("an amended order keeps its place and frees the rest", () => {
  const first = put(ann, "SELL", 1000, 1000);
  const second = put(ann, "SELL", 1000, 1000);
  expect(amend(core, first, 400, "smaller")).toBeNull();
  expect(money(ann, "A")[1]).toBe("1.40000000");
  put(bob, "BUY", 1000, 500);
  expect([first.status, second.executed]).toEqual(["FILLED", 100]);
  expect(amend(core, second, 2000, "x")?.code).toBe(-2038);
  const third = put(ann, "SELL", 1000, 1000);
  expect(amend(core, third, 5, "x")?.message).toBe("Filter failure: NOTIONAL");
  expect([third.lots, money(ann, "A")[1]]).toEqual([1000, "1.90000000"]);
});

test("a third asset pays three quarters of the fee at its own price, while it lasts", () => {
  const other = core.markets.get("BNBUSDT");
  if (other === undefined) throw new Error("no market");
  place(core, ann, other, request("SELL", 50_000, 100));
  place(core, bob, other, request("BUY", 50_000, 100));
  bob.feeAsset = "BNB";
  put(ann, "SELL", 1000, 10_000);
  put(bob, "BUY", 1000, 10_000);
  const { trades } = bob.markets.get("ABC") ?? { trades: [] };
  expect(trades.map(({ fee, feeAsset }) => [formatUnits(fee), feeAsset])).toEqual([
    ["0.00015000", "BNB"],
  ]);
  expect(money(bob, "A")[0]).toBe("1010.00000000");
});

test("an account hears of its order in the order things happen", () => {
  put(ann, "SELL", 1000, 1000, { clientId: "maker" });
  put(bob, "BUY", 1000, 400, { clientId: "taker" });
  expect(told).toEqual([
    "maker NEW NEW",
    "taker NEW NEW",
    "maker TRADE PARTIALLY_FILLED",
    "taker TRADE FILLED",
  ]);
});
