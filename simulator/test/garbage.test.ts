import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { spotOperations } from "../src/api/operations.ts";
import { walletOperations } from "../src/api/wallet.ts";
import { createRandom } from "../src/core/random.ts";
import { type Simulator, startSimulator } from "../src/simulator.ts";
import { type Client, createClient, openEar } from "./support/client.ts";
import { monday } from "./support/quiet.ts";

let simulator: Simulator;
let client: Client;
const random = createRandom("garbage");
const none = {
  weightPerMinute: 1e9,
  rawPerFiveMinutes: 1e9,
  ordersPerTenSeconds: 1e9,
  ordersPerDay: 1e9,
};

beforeAll(async () => {
  simulator = await startSimulator({
    seed: "garbage",
    startAt: monday,
    historyDays: 0.05,
    limits: none,
    connectionsPerFiveMinutes: 1e9,
  });
  const { apiKey, secret } = simulator.openAccount({ USDT: "100000", BTC: "5" });
  client = createClient(simulator, apiKey, secret);
});
afterAll(() => simulator.close());

const oddities = [
  "0",
  "1",
  "-1",
  "1e9",
  "0.00000001",
  "99999999999999999999",
  "NaN",
  "null",
  "true",
  "BTCUSDT",
  "ETHUSDT",
  "BUY",
  "SELL",
  "LIMIT",
  "MARKET",
  "STOP_LOSS",
  "LIMIT_MAKER",
  "STOP_MARKET",
  "GTC",
  "IOC",
  "1m",
  "1M",
  "1s",
  "[]",
  '["BTCUSDT"]',
  "[1]",
  "{}",
  "<script>",
  "'; drop table",
  "％",
  "x".repeat(500),
  "65000",
  "0.01",
  "STOP_ON_FAILURE",
  "CONDITIONAL",
  "ISOLATED",
  "1767571200000",
];
const odd = (): string => oddities[random.integer(oddities.length)] ?? "";

/** Values a call would like, so that garbage reaches what lies behind the first check. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  symbol: ["BTCUSDT"],
  side: ["BUY", "SELL"],
  type: ["LIMIT", "MARKET", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "STOP_MARKET"],
  timeInForce: ["GTC", "FOK"],
  quantity: ["0.01", "1"],
  price: ["65000", "30000"],
  interval: ["1m", "1w", "1M"],
  orderId: ["1", "2", "1000000001"],
};

function value(name: string): string {
  const good = wanted[name];
  return good !== undefined && random.chance(0.7)
    ? (good[random.integer(good.length)] ?? "")
    : odd();
}

test("every call survives garbage: an answer of the API, never an error of ours", async () => {
  const operations = [
    ...spotOperations,
    ...walletOperations,
    ...(simulator.futures?.operations ?? []),
  ];
  for (const { rest, parameters } of operations) {
    if (rest === null) continue;
    const [method = "GET", path = "/"] = rest.split(" ");
    for (let round = 0; round < 15; round += 1) {
      const names = parameters.filter(
        (name) => name !== "*" && random.chance(wanted[name] === undefined ? 0.25 : 0.9),
      );
      const fields = Object.fromEntries(names.map((name) => [name, value(name)]));
      const answer = await client.signed(method, path, fields);
      expect(answer.status, `${rest} ${JSON.stringify(fields)} ${answer.text}`).toBeLessThan(500);
      expect(answer.body, `${rest} ${JSON.stringify(fields)}`).not.toBeNull();
    }
  }
});

const messages = [
  "",
  "{",
  "[]",
  "null",
  "1",
  '"x"',
  "{}",
  '{"id":1}',
  '{"method":1}',
  '{"method":"order.place"}',
  '{"id":{},"method":"ping"}',
  '{"id":1,"method":"ping","params":[1,2]}',
  '{"id":1,"method":"ping","params":"text"}',
  '{"id":1,"method":"order.place","params":{"symbol":{}}}',
  '{"id":1,"method":"userDataStream.subscribe.signature","params":{"apiKey":"a","timestamp":1,"signature":"b"}}',
  "x".repeat(100_000),
];

test("both WebSocket servers survive garbage", async () => {
  for (const path of ["/ws-api/v3", "/ws", "/ws-fapi/v1", "/fstream/ws"]) {
    for (const message of messages) {
      const ear = await openEar(`${simulator.socketUrl}${path}`);
      ear.send(message);
      ear.send('{"id":7,"method":"LIST_SUBSCRIPTIONS"}');
      await ear.hear(({ id }) => id === 7);
      ear.socket.close();
    }
  }
  expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
});

/** Asks for a WebSocket at any target, as no library would; answers the first line that comes back. */
const upgrade = (target: string, isCut: boolean): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(simulator.port, "127.0.0.1", () => {
      socket.write(
        `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
      );
      if (isCut) socket.resetAndDestroy();
    });
    let heard = "";
    socket.on("data", (data) => {
      heard += String(data);
    });
    socket.once("error", reject);
    socket.once("close", () => resolve(heard.split("\r\n")[0] ?? ""));
  });

test("a target that is no address, and a client that resets, do not end the exchange", async () => {
  expect(await upgrade("//", false)).toBe("HTTP/1.1 404 Not Found");
  expect(await upgrade("http://[", false)).toBe("HTTP/1.1 400 Bad Request");
  for (const target of ["//", "/nothing", "/ws"]) expect(await upgrade(target, true)).toBe("");
  expect((await client.call("GET", "/api/v3/ping")).status).toBe(200);
});

test("after all this every asset is still there", () => {
  for (const { core } of [
    simulator.spot,
    ...(simulator.futures === null ? [] : [simulator.futures.venue]),
  ]) {
    for (const account of core.accounts.values()) {
      for (const { free, locked } of account.balances.values()) {
        expect(locked >= 0n && (free >= 0n || account === core.fees)).toBe(true);
      }
    }
  }
});
