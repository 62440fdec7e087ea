import { afterAll, beforeAll, expect, test } from "vitest";
import { readRule } from "../src/faults/rule.ts";
import { type Simulator, startSimulator } from "../src/simulator.ts";
import { ccxtSpot } from "./conformance/ccxt-client.ts";

let simulator: Simulator;
let client: ReturnType<typeof ccxtSpot>;
let next = 0;

beforeAll(async () => {
  simulator = await startSimulator({ seed: "faults", historyDays: 0.02, futures: null });
  client = ccxtSpot(simulator, simulator.openAccount({ USDT: "100000" }));
  client.timeout = 2500;
  client.options.fetchMarkets = { types: ["spot"] };
  client.options.fetchCurrencies = false;
  client.options.fetchMargins = false;
  await client.loadMarkets();
});
afterAll(() => Promise.all([simulator.close(), client.close()]));

const error = (status: number, code: number, message: string): unknown => ({
  kind: "error",
  moment: "before",
  status,
  code,
  message,
});

/** What the exchange did, what ccxt's createOrder makes of it, and whether the order lives. */
const cases: [string, unknown, string, boolean][] = [
  ["accepted, then cut", { kind: "reset", moment: "after" }, "NetworkError", true],
  ["cut before it was accepted", { kind: "reset", moment: "before" }, "NetworkError", false],
  ["accepted, no answer", { kind: "hang", moment: "after" }, "RequestTimeout", true],
  ["200 with an empty body", { kind: "body", body: "empty" }, "TypeError", true],
  ["200 with half a body", { kind: "body", body: "truncated" }, "TypeError", true],
  ["200 with a page", { kind: "body", body: "html" }, "TypeError", true],
  ["200 with {}", { kind: "body", body: "object" }, "an order without id", true],
  [
    "502 with a page",
    { kind: "error", moment: "after", status: 502, isHtml: true },
    "ExchangeNotAvailable",
    true,
  ],
  [
    "403 with a page",
    { kind: "error", moment: "before", status: 403, isHtml: true },
    "ExchangeNotAvailable",
    false,
  ],
  [
    "-1007 although accepted",
    {
      ...(error(500, -1007, "Timeout waiting for response from backend server.") as object),
      moment: "after",
    },
    "RequestTimeout",
    true,
  ],
  [
    "-1006 although accepted",
    { ...(error(500, -1006, "An unexpected response was received.") as object), moment: "after" },
    "OperationFailed",
    true,
  ],
  [
    "-1001",
    error(400, -1001, "Internal error; unable to process your request."),
    "OperationFailed",
    false,
  ],
  ["-1008", error(400, -1008, "Server is currently overloaded."), "ExchangeError", false],
  [
    "-1021",
    error(400, -1021, "Timestamp for this request is outside of the recvWindow."),
    "InvalidNonce",
    false,
  ],
  ["-1015", error(429, -1015, "Too many new orders."), "DDoSProtection", false],
  ["429", error(429, -1003, "Too much request weight used."), "DDoSProtection", false],
  [
    "418",
    error(418, -1003, "Way too much request weight used; IP banned."),
    "DDoSProtection",
    false,
  ],
];

test.each(cases)("%s", async (_, effect, thrown, lives) => {
  next += 1;
  const clientOrderId = `fault${next}`;
  simulator.faults.add(
    readRule({
      effect,
      when: { clientId: clientOrderId, operation: "POST /api/v3/order" },
      count: 1,
    }),
  );
  const outcome = await client
    .createOrder("BTC/USDT", "limit", "buy", 0.001, 30_000, { clientOrderId })
    .then(
      ({ id }) => (id === undefined ? "an order without id" : "an order"),
      (reason: unknown) => (reason instanceof Error ? reason.constructor.name : "nothing"),
    );
  expect(outcome).toBe(thrown);
  const found = simulator.ledger.entries({ kind: "order", clientId: clientOrderId });
  expect(found.length > 0).toBe(lives);
});
