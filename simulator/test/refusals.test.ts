import { expect, test } from "vitest";
import type { Fields } from "./support/client.ts";
import { limit, traderOfFile } from "./support/trader.ts";

const { client } = traderOfFile({ USDT: "10000", BTC: "1" });

const without = (name: string): Fields =>
  Object.fromEntries(Object.entries(limit).filter(([key]) => key !== name));

const balances = async (): Promise<unknown> =>
  (
    (await client.signed("GET", "/api/v3/account", { omitZeroBalances: true })).body as {
      balances: unknown;
    }
  ).balances;

const order = "/api/v3/order";
const illegal = (name: string, range: string): string =>
  `Illegal characters found in parameter '${name}'; legal range is '${range}'.`;
const mandatory = (name: string): string =>
  `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;

const refusals: [string, Fields, number, string][] = [
  ["no symbol", without("symbol"), -1102, mandatory("symbol")],
  ["an unknown symbol", { ...limit, symbol: "NOPE" }, -1121, "Invalid symbol."],
  [
    "a symbol in small letters",
    { ...limit, symbol: "btcusdt" },
    -1100,
    illegal("symbol", "^[A-Z0-9-_.]{1,20}$"),
  ],
  ["a wrong side", { ...limit, side: "HOLD" }, -1117, "Invalid side."],
  ["a wrong type", { ...limit, type: "ICEBERG" }, -1116, "Invalid orderType."],
  ["a wrong time in force", { ...limit, timeInForce: "GTX" }, -1115, "Invalid timeInForce."],
  ["a limit order without time in force", without("timeInForce"), -1102, mandatory("timeInForce")],
  ["a limit order without price", without("price"), -1102, mandatory("price")],
  ["no quantity", without("quantity"), -1102, mandatory("quantity")],
  [
    "a negative quantity",
    { ...limit, quantity: "-1" },
    -1100,
    illegal("quantity", "^([0-9]{1,20})(\\.[0-9]{1,20})?$"),
  ],
  [
    "an exponent",
    { ...limit, quantity: "1e-3" },
    -1100,
    illegal("quantity", "^([0-9]{1,20})(\\.[0-9]{1,20})?$"),
  ],
  [
    "too many decimals",
    { ...limit, quantity: "0.0000000001" },
    -1111,
    "Parameter 'quantity' has too much precision.",
  ],
  ["quantity zero", { ...limit, quantity: "0" }, -1013, "Invalid quantity."],
  ["price zero", { ...limit, price: "0" }, -1013, "Invalid price."],
  [
    "a quantity between two lots",
    { ...limit, quantity: "0.000015" },
    -1013,
    "Filter failure: LOT_SIZE",
  ],
  [
    "a price between two ticks",
    { ...limit, price: "50000.001" },
    -1013,
    "Filter failure: PRICE_FILTER",
  ],
  [
    "a price above the filter",
    { ...limit, price: "9000000" },
    -1013,
    "Filter failure: PRICE_FILTER",
  ],
  ["too much quantity", { ...limit, quantity: "10000" }, -1013, "Filter failure: LOT_SIZE"],
  ["too little worth", { ...limit, quantity: "0.00001" }, -1013, "Filter failure: NOTIONAL"],
  [
    "more than the account has",
    { ...limit, quantity: "1" },
    -2010,
    "Account has insufficient balance for requested action.",
  ],
  [
    "a market order with a price",
    { ...limit, type: "MARKET" },
    -1106,
    "Parameter 'timeInForce' sent when not required.",
  ],
  [
    "a market order without quantity",
    { symbol: "BTCUSDT", side: "BUY", type: "MARKET" },
    -1102,
    "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
  ],
  [
    "a market order of quote on an empty book",
    { symbol: "BTCUSDT", side: "BUY", type: "MARKET", quoteOrderQty: "100" },
    -2010,
    "Order book liquidity is less than symbol minimum quantity.",
  ],
  [
    "a stop without its price",
    { ...limit, type: "STOP_LOSS_LIMIT" },
    -1102,
    "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
  ],
  [
    "an iceberg",
    { ...limit, icebergQty: "0.001" },
    -1013,
    "Iceberg orders are not supported for this symbol.",
  ],
  [
    "a trailing stop",
    { ...limit, trailingDelta: 100 },
    -1013,
    "Trailing stop orders are not supported for this symbol.",
  ],
  [
    "a client id with spaces",
    { ...limit, newClientOrderId: "a b" },
    -1100,
    illegal("newClientOrderId", "^[a-zA-Z0-9-_]{1,36}$"),
  ],
  [
    "a client id of 37 characters",
    { ...limit, newClientOrderId: "x".repeat(37) },
    -1100,
    illegal("newClientOrderId", "^[a-zA-Z0-9-_]{1,36}$"),
  ],
  [
    "an unknown parameter",
    { ...limit, wish: 1 },
    -1104,
    "Not all sent parameters were read; read '6' parameter(s) but was sent '7'.",
  ],
  [
    "a prevention mode that is not allowed",
    { ...limit, selfTradePreventionMode: "DECREMENT" },
    -1013,
    "This symbol does not allow the specified self-trade prevention mode.",
  ],
  [
    "a strategy type below a million",
    { ...limit, strategyType: 5 },
    -1134,
    "`strategyType` was less than 1000000.",
  ],
  [
    "a recvWindow of more than a minute",
    { ...limit, recvWindow: 60001 },
    -1131,
    "recvWindow must be less than 60000.",
  ],
];

test.each(refusals)(
  "%s is refused with Binance's words and changes nothing",
  async (_, fields, code, msg) => {
    const before = await balances();
    const answer = await client.signed("POST", order, fields);
    expect(answer.body).toEqual({ code, msg });
    expect(answer.status).toBe(400);
    expect(await balances()).toEqual(before);
  },
);

test("open orders own their client id; a filled or canceled one gives it back", async () => {
  const id = { ...limit, newClientOrderId: "mine" };
  expect((await client.signed("POST", order, id)).status).toBe(200);
  const again = await client.signed("POST", order, id);
  expect(again.body).toEqual({ code: -2010, msg: "Duplicate order sent." });
  const cancel = { symbol: "BTCUSDT", origClientOrderId: "mine" };
  expect((await client.signed("DELETE", order, cancel)).status).toBe(200);
  const twice = await client.signed("DELETE", order, cancel);
  expect([twice.status, twice.body]).toEqual([400, { code: -2011, msg: "Unknown order sent." }]);
  expect((await client.signed("POST", order, id)).status).toBe(200);
  expect((await client.signed("DELETE", order, cancel)).status).toBe(200);
  const absent = await client.signed("GET", order, { symbol: "BTCUSDT", orderId: 999 });
  expect(absent.body).toEqual({ code: -2013, msg: "Order does not exist." });
});

test("cancel-replace says which half failed", async () => {
  const fields = { ...limit, cancelReplaceMode: "STOP_ON_FAILURE", cancelOrderId: 12345 };
  const stopped = await client.signed("POST", "/api/v3/order/cancelReplace", fields);
  expect(stopped.status).toBe(400);
  expect(stopped.body).toMatchObject({
    code: -2022,
    data: { cancelResult: "FAILURE", newOrderResult: "NOT_ATTEMPTED", newOrderResponse: null },
  });
  const allowed = await client.signed("POST", "/api/v3/order/cancelReplace", {
    ...fields,
    cancelReplaceMode: "ALLOW_FAILURE",
  });
  expect(allowed.status).toBe(409);
  expect(allowed.body).toMatchObject({
    code: -2021,
    data: { cancelResult: "FAILURE", newOrderResult: "SUCCESS" },
  });
  const { orderId } = (allowed.body as { data: { newOrderResponse: { orderId: number } } }).data
    .newOrderResponse;
  const poor = await client.signed("POST", "/api/v3/order/cancelReplace", {
    ...fields,
    cancelOrderId: orderId,
    quantity: "5",
  });
  expect(poor.status).toBe(409);
  expect(poor.body).toMatchObject({
    code: -2021,
    data: { cancelResult: "SUCCESS", newOrderResult: "FAILURE" },
  });
});
