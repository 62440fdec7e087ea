import assert from "node:assert/strict";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deposit, openAccount } from "../src/core/core.ts";
import { isOpen, type OrderRequest } from "../src/core/order.ts";
import { createRandom, type Random } from "../src/core/random.ts";
import type { Account, Order } from "../src/core/state.ts";
import { cancel, modify, place } from "../src/core/trading.ts";
import type { Futures } from "../src/futures/futures.ts";
import type { Simulator } from "../src/simulator.ts";
import { type Client, createClient, type Heard, openEar } from "./support/client.ts";
import { quietSimulator } from "./support/quiet.ts";

const million = 100_000_000n * 1_000_000n;
let simulator: Simulator;
let futures: Futures;
let client: Client;
let dealer: Account;

beforeEach(async () => {
  simulator = await quietSimulator();
  if (simulator.futures === null) throw new Error("no futures");
  futures = simulator.futures;
  const opened = simulator.openAccount({ USDT: "10000" });
  client = createClient(simulator, opened.apiKey, opened.secret);
  dealer = openAccount(futures.venue.core, "dealer");
  deposit(futures.venue.core, dealer, "USDT", million * 1000n);
  quoteAt(50_000);
});
afterEach(() => simulator.close());

const symbol = "BTCUSDT";
const order = "/fapi/v1/order";
let orders = 0;

function request(
  side: "BUY" | "SELL",
  limit: number,
  lots: number,
  more: Partial<OrderRequest> = {},
): OrderRequest {
  orders += 1;
  const base = {
    clientId: `d${orders}`,
    type: "LIMIT",
    timeInForce: "GTC" as const,
    quote: 0n,
    isPostOnly: false,
  };
  return { ...base, side, limit, lots, stop: 0, stopAbove: false, prevention: "NONE", ...more };
}

/** The dealer quotes a wide book around a price in USDT and trades once there. */
function quoteAt(price: number): void {
  const { core } = futures.venue;
  const market = core.markets.get(symbol);
  if (market === undefined) throw new Error("no market");
  for (const open of [...dealer.openByClientId.values()]) cancel(core, open, "x");
  const ticks = price * 10;
  const other = openAccount(core, "prints");
  deposit(core, other, "USDT", million * 1000n);
  place(core, dealer, market, request("BUY", ticks - 1, 100_000));
  place(core, dealer, market, request("SELL", ticks + 1, 100_000));
  place(core, other, market, request("SELL", ticks, 1));
  place(core, dealer, market, request("BUY", ticks, 1));
}

const total = (): bigint => {
  let sum = 0n;
  for (const { balances } of futures.venue.core.accounts.values()) {
    const { free, locked } = balances.get("USDT") ?? { free: 0n, locked: 0n };
    sum += free + locked;
  }
  return sum;
};

const position = async (): Promise<Heard> =>
  ((await client.signed("GET", "/fapi/v2/positionRisk", { symbol })).body as Heard[])[0] ?? {};

const market = (
  side: string,
  quantity: string,
  more: Record<string, string> = {},
): Promise<Heard> =>
  client
    .signed("POST", order, {
      symbol,
      side,
      type: "MARKET",
      quantity,
      newOrderRespType: "RESULT",
      ...more,
    })
    .then(({ body }) => body as Heard);

test("a long earns what the price rises, less fees; nothing is made or lost", async () => {
  const before = total();
  await client.signed("POST", "/fapi/v1/leverage", { symbol, leverage: 10 });
  expect(await market("BUY", "0.1")).toMatchObject({
    status: "FILLED",
    avgPrice: "50000.10000000",
  });
  expect(await position()).toMatchObject({
    positionAmt: "0.100",
    entryPrice: "50000.10000000",
    leverage: "10",
    initialMargin: "500.00100000",
  });
  quoteAt(51_000);
  await simulator.step(100);
  expect(await position()).toMatchObject({ unRealizedProfit: "99.99000000" });
  await market("SELL", "0.1", { reduceOnly: "true" });
  const trades = (await client.signed("GET", "/fapi/v1/userTrades", { symbol })).body as Heard[];
  expect(trades.map(({ realizedPnl }) => realizedPnl)).toEqual(["0.00000000", "99.98000000"]);
  const fees = trades.reduce((sum, { commission }) => sum + Number(commission), 0);
  const { balance, availableBalance } =
    ((await client.signed("GET", "/fapi/v2/balance")).body as Heard[])[0] ?? {};
  expect(Number(balance)).toBeCloseTo(10_000 + 99.98 - fees, 6);
  expect(availableBalance).toBe(balance);
  expect(total()).toBe(before + million * 1000n);
});

test("a reduce-only order never opens, grows or turns a position", async () => {
  expect(await market("SELL", "0.1", { reduceOnly: "true" })).toEqual({
    code: -2022,
    msg: "ReduceOnly Order is rejected.",
  });
  await market("BUY", "0.1");
  await market("SELL", "0.5", { reduceOnly: "true" });
  expect(await position()).toMatchObject({ positionAmt: "0.000" });
});

test("an isolated position is liquidated at its price and costs its margin at most", async () => {
  const before = total();
  await client.signed("POST", "/fapi/v1/marginType", { symbol, marginType: "ISOLATED" });
  await client.signed("POST", "/fapi/v1/leverage", { symbol, leverage: 20 });
  await market("BUY", "1");
  const { liquidationPrice } = await position();
  expect(Number(liquidationPrice)).toBeCloseTo((50_000.1 * 0.95) / 0.996, 0);
  quoteAt(Math.ceil(Number(liquidationPrice)) + 5);
  await simulator.step(100);
  expect(await position()).toMatchObject({ positionAmt: "1.000" });
  quoteAt(47_550);
  await simulator.step(100);
  expect(await position()).toMatchObject({ positionAmt: "0.000" });
  const { balance } = ((await client.signed("GET", "/fapi/v2/balance")).body as Heard[])[0] ?? {};
  expect(Number(balance)).toBeGreaterThan(10_000 - 2500.1 - 100);
  expect(Number(balance)).toBeLessThan(7510);
  expect(total()).toBe(before + 2n * million * 1000n);
});

test("funding moves from longs to shorts every eight hours", async () => {
  await market("BUY", "0.1");
  const before = total();
  const balance = async (): Promise<number> =>
    Number(((await client.signed("GET", "/fapi/v2/balance")).body as Heard[])[0]?.balance);
  const start = await balance();
  await simulator.step(8 * 3_600_000);
  expect(start - (await balance())).toBeCloseTo(50_000 * 0.1 * 0.0001, 2);
  const income = (
    await client.signed("GET", "/fapi/v1/income", { symbol, incomeType: "FUNDING_FEE" })
  ).body as Heard[];
  expect(income).toHaveLength(1);
  const rates = (await client.call("GET", "/fapi/v1/fundingRate", { symbol })).body as Heard[];
  expect(rates).toMatchObject([{ fundingRate: "0.00010000" }]);
  expect(total()).toBe(before);
});

test("conditional orders wait, are listed, wake by their price and close the position", async () => {
  const { listenKey } = (
    await client.raw("POST", "/fapi/v1/listenKey", { headers: await keyHeader() })
  ).body as Heard;
  const ear = await openEar(`${simulator.socketUrl}/fstream/private/ws?listenKey=${listenKey}`);
  await market("BUY", "0.2");
  const stop = {
    symbol,
    side: "SELL",
    type: "STOP_MARKET",
    algoType: "CONDITIONAL",
    triggerPrice: "49000",
    closePosition: "true",
  };
  const placed = (await client.signed("POST", "/fapi/v1/algoOrder", stop)).body as Heard;
  expect(placed).toMatchObject({ algoStatus: "NEW", triggerPrice: "49000.0", closePosition: true });
  expect((await client.signed("GET", "/fapi/v1/openAlgoOrders", { symbol })).body).toHaveLength(1);
  expect((await client.signed("POST", order, { ...stop, quantity: "0.1" })).body).toMatchObject({
    code: -4120,
  });
  expect(
    (await client.signed("POST", "/fapi/v1/algoOrder", { ...stop, triggerPrice: "51000" })).body,
  ).toMatchObject({ code: -2021 });
  quoteAt(48_900);
  await simulator.step(100);
  expect(await position()).toMatchObject({ positionAmt: "0.000" });
  expect(
    (await client.signed("GET", "/fapi/v1/algoOrder", { algoId: placed.algoId })).body,
  ).toMatchObject({ algoStatus: "FINISHED" });
  await ear.hear(({ e }) => e === "ALGO_UPDATE");
  const filled = await ear.hear(
    ({ e, o }) => e === "ORDER_TRADE_UPDATE" && o.ot === "STOP_MARKET" && o.X === "FILLED",
  );
  expect(filled.o).toMatchObject({ S: "SELL", z: "0.200", cp: true });
  expect(await ear.hear(({ e }) => e === "ACCOUNT_UPDATE")).toBeDefined();
  ear.socket.close();
});

async function keyHeader(): Promise<Record<string, string>> {
  const { apiKey } = simulator.keys.issue(
    [...simulator.spot.core.accounts.values()].at(-1) as Account,
  );
  return { "x-mbx-apikey": apiKey };
}

test("what the account lacks is refused in the words of futures", async () => {
  expect(await market("BUY", "100")).toEqual({ code: -2019, msg: "Margin is insufficient." });
  expect(await market("BUY", "0.00005")).toEqual({
    code: -1111,
    msg: "Precision is over the maximum defined for this asset.",
  });
  expect(await market("BUY", "0")).toEqual({
    code: -4003,
    msg: "Quantity less than or equal to zero.",
  });
  expect(
    (await client.signed("POST", "/fapi/v1/leverage", { symbol, leverage: 126 })).body,
  ).toMatchObject({ code: -4028 });
  expect(
    (await client.signed("POST", "/fapi/v1/marginType", { symbol, marginType: "CROSSED" })).body,
  ).toMatchObject({ code: -4046 });
});

test("4,000 random futures operations conserve every unit and never leave a negative balance", () => {
  const random = createRandom("futures");
  const { core, positions } = futures.venue;
  const traders = ["a", "b", "c"].map((name) => openAccount(core, name));
  for (const trader of traders) deposit(core, trader, "USDT", 100_000_000n * 20_000n);
  for (const trader of traders) {
    for (const one of core.markets.values()) {
      const held = positions.of(trader, one);
      held.isIsolated = random.chance(0.5);
      held.leverage = 1 + random.integer(50);
    }
  }
  const before = total();
  const open: Order[] = [];
  for (let operation = 0; operation < 4000; operation += 1) {
    operate(random, [...traders, dealer], open);
    if (operation % 20 === 0) futures.tick(simulator.clock.now() + operation);
    if (operation % 100 === 0) inspect(before);
  }
  inspect(before);
});

function operate(random: Random, traders: readonly Account[], open: Order[]): void {
  const { core } = futures.venue;
  const one = core.markets.get(symbol);
  const trader = traders[random.integer(traders.length)];
  if (one === undefined || trader === undefined) throw new Error("nothing to trade");
  const old = open[random.integer(open.length + 1)];
  if (random.chance(0.1) && old !== undefined && isOpen(old)) {
    modify(core, old, old.request.limit + random.integer(401) - 200, 1 + random.integer(300));
    return;
  }
  if (random.chance(0.25) && old !== undefined && isOpen(old)) {
    cancel(core, old, "x");
    return;
  }
  const side = random.chance(0.5) ? "BUY" : "SELL";
  const middle = one.last + random.integer(4001) - 2000;
  const isStop = random.chance(0.1);
  const placed = place(core, trader, one, {
    ...request(side, random.chance(0.2) ? 0 : middle, 1 + random.integer(300)),
    isReduceOnly: random.chance(0.2),
    ...(isStop
      ? { stop: middle, stopAbove: random.chance(0.5), stopSource: "MARK_PRICE" as const }
      : {}),
  });
  if (placed.kind === "placed") open.push(placed.order);
}

function inspect(before: bigint): void {
  const { core, positions } = futures.venue;
  assert.equal(total(), before, "a unit was made or lost");
  let lots = 0;
  for (const trader of core.accounts.values()) {
    const { free, locked } = trader.balances.get("USDT") ?? { free: 0n, locked: 0n };
    if (trader !== core.fees) assert.ok(free >= 0n && locked >= 0n);
    let reserved = 0n;
    for (const open of trader.openByClientId.values()) reserved += open.reserved;
    for (const held of positions.all(trader)) {
      reserved += held.margin;
      lots += held.lots;
      assert.ok(held.margin >= 0n && held.cost >= 0n && (held.lots !== 0 || held.cost === 0n));
    }
    assert.equal(locked, reserved, "locked is not what orders and positions hold");
  }
  assert.equal(lots, 0, "longs and shorts differ");
}
