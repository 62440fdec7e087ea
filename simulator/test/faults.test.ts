import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { readRule } from "../src/faults/rule.ts";
import { readScenario } from "../src/faults/scenario.ts";
import type { Simulator } from "../src/simulator.ts";
import { type Client, createClient, openEar } from "./support/client.ts";
import { quietSimulator } from "./support/quiet.ts";
import { limit } from "./support/trader.ts";

let simulator: Simulator;
let client: Client;
let next = 0;

beforeAll(async () => {
  simulator = await quietSimulator();
  const { apiKey, secret } = simulator.openAccount({ USDT: "1000000", BTC: "10" });
  client = createClient(simulator, apiKey, secret);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.faults.clear());

const order = "/api/v3/order";
const fields = (clientId: string) => ({ ...limit, newClientOrderId: clientId });
const fresh = (): string => {
  next += 1;
  return `order-${next}`;
};
const add = (effect: unknown, when: unknown = { operation: "POST /api/v3/order" }): void => {
  simulator.faults.add(readRule({ effect, when, count: 1 }));
};
const exists = async (clientId: string): Promise<boolean> =>
  (await client.signed("GET", order, { symbol: "BTCUSDT", origClientOrderId: clientId })).status ===
  200;

test("a connection cut before acceptance leaves no order, one cut after it does", async () => {
  for (const moment of ["before", "after"]) {
    const id = fresh();
    add({ kind: "reset", moment });
    await expect(client.signed("POST", order, fields(id))).rejects.toThrow("fetch failed");
    expect(await exists(id)).toBe(moment === "after");
  }
});

test("an error after acceptance lies about an order that lives", async () => {
  const id = fresh();
  add({
    kind: "error",
    moment: "after",
    status: 500,
    code: -1006,
    message: "An unexpected response was received from the message bus. Execution status unknown.",
  });
  const answer = await client.signed("POST", order, fields(id));
  expect([answer.status, answer.body]).toMatchObject([500, { code: -1006 }]);
  expect(await exists(id)).toBe(true);
});

test.each(["empty", "truncated", "html", "object"])(
  "a body can be %s while the order lives",
  async (body) => {
    const id = fresh();
    add({ kind: "body", body });
    const { text } = await client.signed("POST", order, fields(id));
    if (body === "empty") expect(text).toBe("");
    if (body === "object") expect(text).toBe("{}");
    if (body === "html") expect(text).toContain("<html>");
    if (body === "truncated") expect(() => JSON.parse(text)).toThrow();
    expect(await exists(id)).toBe(true);
  },
);

test("a hanging answer and a stalled body never end; the order lives", async () => {
  for (const effect of [{ kind: "hang", moment: "after" }, { kind: "stall" }]) {
    const id = fresh();
    add(effect);
    const sent = client.signed("POST", order, fields(id));
    await until(() => simulator.ledger.entries({ kind: "order", clientId: id }).length > 0);
    const winner = await Promise.race([
      sent.then(() => "answer"),
      new Promise((resolve) => setTimeout(resolve, 50, "silence")),
    ]);
    expect(winner).toBe("silence");
    expect(await exists(id)).toBe(true);
    sent.catch(() => {});
  }
});

test("a request that reaches the engine late is checked against its window again", async () => {
  const [inTime, tooLate] = [fresh(), fresh()];
  add({ kind: "late", ms: 4000 });
  const first = client.signed("POST", order, fields(inTime));
  await settle();
  await simulator.step(4000);
  expect((await first).status).toBe(200);
  add({ kind: "late", ms: 6000 });
  const second = client.signed("POST", order, fields(tooLate));
  await settle();
  await simulator.step(6000);
  expect((await second).body).toMatchObject({ code: -1021 });
  expect(await exists(tooLate)).toBe(false);
});

test("beyond the engine's timeout the answer is unknown, and the order may still arrive", async () => {
  const id = fresh();
  simulator.faults.add(
    readRule({ effect: { kind: "profile", recvWindowMs: 3000, engineTimeoutMs: 1000 } }),
  );
  add({ kind: "late", ms: 2500 });
  const sent = client.signed("POST", order, fields(id));
  await settle();
  await simulator.step(1000);
  expect((await sent).body).toMatchObject({ code: -1007 });
  expect(await exists(id)).toBe(false);
  await simulator.step(1500);
  expect(await exists(id)).toBe(true);
});

test("a request whose sender has long been cut off can still arrive", async () => {
  const id = fresh();
  add({ kind: "late", ms: 3000, isCut: true });
  await expect(client.signed("POST", order, fields(id))).rejects.toThrow("fetch failed");
  expect(await exists(id)).toBe(false);
  await simulator.step(3000);
  expect(await exists(id)).toBe(true);
});

test("fresh orders can be invisible to reads for a while", async () => {
  const id = fresh();
  simulator.faults.add(readRule({ effect: { kind: "stale", ms: 1000 } }));
  expect((await client.signed("POST", order, fields(id))).status).toBe(200);
  expect(await exists(id)).toBe(false);
  await simulator.step(1000);
  expect(await exists(id)).toBe(true);
});

test("maintenance, a halted symbol, a skewed clock and a squeeze last as long as their rule", async () => {
  const rule = (effect: unknown): number => simulator.faults.add(readRule({ effect })).id;
  const during = async (effect: unknown): Promise<unknown> => {
    const id = rule(effect);
    const answer = await client.signed("POST", order, {
      ...fields(fresh()),
      timestamp: simulator.clock.now(),
    });
    simulator.faults.remove(id);
    return answer.body;
  };
  expect(await during({ kind: "maintenance" })).toMatchObject({ code: -1016 });
  expect(await during({ kind: "halt", symbol: "BTCUSDT" })).toEqual({
    code: -1013,
    msg: "Market is closed.",
  });
  expect(await during({ kind: "skew", ms: -2000 })).toMatchObject({ code: -1021 });
  expect(
    await during({ kind: "squeeze", weightPerMinute: 1, ordersPerTenSeconds: 1 }),
  ).toMatchObject({ code: -1003 });
  expect(await during({ kind: "pieces", pieces: 1 })).toMatchObject({ status: "NEW" });
});

const conditions: [unknown, unknown][] = [
  [{ kind: "maintenance" }, { code: -1016 }],
  [{ kind: "halt", symbol: "BTCUSDT" }, { code: -1013 }],
  [{ kind: "skew", ms: -2000 }, { code: -1021 }],
  [{ kind: "squeeze", weightPerMinute: 1, ordersPerTenSeconds: 1 }, { code: -1003 }],
];

test.each(conditions)(
  "%o can hold for some requests and not for others",
  async (effect, refusal) => {
    const ear = await openEar(`${simulator.socketUrl}/ws/btcusdt@trade`);
    const place = async (clientId = fresh()): Promise<unknown> =>
      (
        await client.signed("POST", order, {
          ...fields(clientId),
          timestamp: simulator.clock.now(),
        })
      ).body;
    simulator.faults.add(readRule({ effect, when: { clientId: "struck" } }));
    expect(await place()).toMatchObject({ status: "NEW" });
    expect(await place("struck-1")).toMatchObject(refusal as object);
    expect(await place()).toMatchObject({ status: "NEW" });
    simulator.faults.clear();
    simulator.faults.add(readRule({ effect, count: 2 }));
    expect(await place()).toMatchObject(refusal as object);
    expect(await place()).toMatchObject(refusal as object);
    expect(await place()).toMatchObject({ status: "NEW" });
    simulator.faults.add(readRule({ effect, probability: 0 }));
    expect(await place()).toMatchObject({ status: "NEW" });
    expect(ear.socket.readyState).toBe(ear.socket.OPEN);
    ear.socket.close();
  },
);

test("one order can be stale, and one account's requests be granted short windows only", async () => {
  const [old, seen] = [fresh(), fresh()];
  simulator.faults.add(readRule({ effect: { kind: "stale", ms: 1000 }, when: { clientId: old } }));
  for (const id of [old, seen]) await client.signed("POST", order, fields(id));
  expect([await exists(old), await exists(seen)]).toEqual([false, true]);
  simulator.faults.add(
    readRule({
      effect: { kind: "profile", recvWindowMs: 1000, engineTimeoutMs: 1000 },
      when: { account: 1 },
    }),
  );
  const timestamp = simulator.clock.now() - 1500;
  const other = simulator.openAccount({});
  const stranger = createClient(simulator, other.apiKey, other.secret);
  const path = "/api/v3/account";
  expect((await client.signed("GET", path, { timestamp })).body).toMatchObject({ code: -1021 });
  expect((await stranger.signed("GET", path, { timestamp })).status).toBe(200);
});

test("an error can say how long to wait", async () => {
  add({ kind: "error", status: 429, code: -1003, message: "Slow down.", retryAfter: 7 });
  const { status, headers } = await client.signed("POST", order, fields(fresh()));
  expect([status, headers.get("retry-after")]).toEqual([429, "7"]);
});

test("a match can be cut into pieces whose sum is the whole", async () => {
  const other = simulator.openAccount({ BTC: "1" });
  const seller = createClient(simulator, other.apiKey, other.secret);
  simulator.faults.add(readRule({ effect: { kind: "pieces", pieces: 5 } }));
  const sold = await seller.signed("POST", order, {
    symbol: "BTCUSDT",
    side: "SELL",
    type: "LIMIT",
    timeInForce: "IOC",
    quantity: "0.01",
    price: "50000",
  });
  const { fills, executedQty } = sold.body as { fills: { qty: string }[]; executedQty: string };
  expect(fills).toHaveLength(5);
  expect(fills.reduce((sum, { qty }) => sum + Number(qty), 0)).toBeCloseTo(Number(executedQty), 10);
});

test("stream events can be lost, doubled and swapped", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws/btcusdt@trade`);
  const other = simulator.openAccount({ BTC: "5", USDT: "1000000" });
  const trader = createClient(simulator, other.apiKey, other.secret);
  const rest = { symbol: "BTCUSDT", type: "LIMIT", price: "51000", quantity: "0.001" };
  const trade = async (): Promise<void> => {
    await client.signed("POST", order, { ...rest, side: "SELL", timeInForce: "GTC" });
    await trader.signed("POST", order, { ...rest, side: "BUY", timeInForce: "IOC" });
  };
  const strike = (kind: string): void => {
    add({ kind }, { stream: "btcusdt@trade", symbol: "BTCUSDT" });
    add({ kind }, { symbol: "ETHUSDT" });
  };
  await trade();
  strike("drop");
  await trade();
  strike("duplicate");
  await trade();
  strike("reorder");
  await trade();
  await trade();
  await ear.hear(() => ear.heard.length >= 5);
  const [first, ...others] = ear.heard.map(({ t }) => t as number);
  expect(others.map((id) => id - (first ?? 0))).toEqual([2, 2, 4, 3]);
  ear.socket.close();
});

test("events of one account or one order can be lost", async () => {
  const owner = simulator.openAccount({ USDT: "1000000" });
  const mine = createClient(simulator, owner.apiKey, owner.secret);
  const heard: string[] = [];
  simulator.hub.follow({
    account: owner.account,
    send: (event) => {
      const { e, c } = JSON.parse(event) as { e: string; c: string };
      if (e === "executionReport") heard.push(c);
    },
  });
  const gone = { kind: "drop" };
  simulator.faults.add(readRule({ effect: gone, when: { clientId: "lost" } }));
  for (const id of ["lost-1", "told-1"]) await mine.signed("POST", order, fields(id));
  simulator.faults.add(readRule({ effect: gone, when: { account: owner.account.id } }));
  await mine.signed("POST", order, fields("told-2"));
  expect(heard).toEqual(["told-1"]);
});

test("a storm cuts connections again and again", async () => {
  const ear = await openEar(`${simulator.socketUrl}/ws/btcusdt@trade`);
  simulator.faults.add(readRule({ effect: { kind: "storm", everyMs: 1000 } }));
  await simulator.step(1000);
  expect(await ear.closed).toBe(1006);
  simulator.faults.clear();
  const calm = await openEar(`${simulator.socketUrl}/ws/btcusdt@trade`);
  simulator.faults.add(readRule({ effect: { kind: "storm", everyMs: 1000 }, probability: 0 }));
  await simulator.step(2000);
  expect(calm.socket.readyState).toBe(calm.socket.OPEN);
  calm.socket.close();
});

test("a scenario plays by exchange time", async () => {
  const steps = readScenario({
    steps: [
      { atMs: 1000, name: "m", add: { effect: { kind: "maintenance" } } },
      { atMs: 2000, remove: "m" },
    ],
  });
  const one = await quietSimulator({ scenario: steps });
  const states: boolean[] = [];
  for (let second = 0; second < 3; second += 1) {
    states.push(one.faults.isInMaintenance());
    await one.step(1000);
  }
  expect(states).toEqual([false, true, false]);
  await one.close();
});

test("a malformed rule is refused with a sentence", () => {
  expect(() => readRule({ effect: { kind: "explode" } })).toThrow('unknown effect "explode"');
  expect(() => readRule({ effect: { kind: "delay" } })).toThrow("effect.ms must be a number");
  expect(() => readRule({ effect: { kind: "drop" }, probability: 2 })).toThrow(
    "probability must be a number from 0 to 1",
  );
  expect(() => readRule({ effect: { kind: "drop" }, when: { moon: "full" } })).toThrow(
    "unknown selector moon",
  );
  expect(() => readRule({ effect: { kind: "drop" }, when: { operation: "order" } })).toThrow(
    "this effect cannot be matched by operation",
  );
  expect(() => readRule({ effect: { kind: "pieces", pieces: 1.5 } })).toThrow(
    "effect.pieces must be a whole number",
  );
  expect(() => readRule({ effect: { kind: "drop" }, count: 0.5 })).toThrow("count must be");
});

/** Waits for something that other parts of this process are about to do. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A request has reached the exchange and sleeps on its way. */
const settle = (): Promise<void> => until(() => simulator.schedule.sleepers() > 0);
