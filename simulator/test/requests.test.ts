import { expect, test } from "vitest";
import { createClient, openEar, signText } from "./support/client.ts";
import { quietSimulator } from "./support/quiet.ts";
import { limit, traderOfFile } from "./support/trader.ts";

const { client, opened } = traderOfFile({ USDT: "10000", BTC: "1" });

const order = "/api/v3/order";

test("who sends is checked before anything else", async () => {
  const headers = { "x-mbx-apikey": opened.owner.apiKey };
  const at = opened.simulator.clock.now();
  const signature = signText(`timestamp=${at}`, opened.owner.secret);
  const cases: [string, RequestInit, number, number][] = [
    [`timestamp=${at}&signature=${signature}`, {}, 401, -2014],
    [
      `timestamp=${at}&signature=${signature}`,
      { headers: { "x-mbx-apikey": "bad key" } },
      401,
      -2014,
    ],
    [
      `timestamp=${at}&signature=${signature}`,
      { headers: { "x-mbx-apikey": "unknown" } },
      401,
      -2015,
    ],
    [`timestamp=${at}`, { headers }, 400, -1102],
    [`timestamp=${at}&signature=00`, { headers }, 400, -1022],
    [`timestamp=${at}&timestamp=${at}&signature=${signature}`, { headers }, 400, -1101],
    [`timestamp=%zz&signature=${signature}`, { headers }, 400, -1100],
  ];
  for (const [query, init, status, code] of cases) {
    const answer = await client.raw("GET", `/api/v3/account?${query}`, init);
    expect([answer.status, (answer.body as { code: number }).code], query).toEqual([status, code]);
  }
});

test("a request is valid for its window only, and not from the future", async () => {
  const now = opened.simulator.clock.now();
  const late = await client.signed("GET", "/api/v3/account", { timestamp: now - 5001 });
  expect(late.body).toEqual({
    code: -1021,
    msg: "Timestamp for this request is outside of the recvWindow.",
  });
  const early = await client.signed("GET", "/api/v3/account", { timestamp: now + 1000 });
  expect(early.body).toEqual({
    code: -1021,
    msg: "Timestamp for this request was 1000ms ahead of the server's time.",
  });
  expect((await client.signed("GET", "/api/v3/account", { timestamp: now - 5000 })).status).toBe(
    200,
  );
  expect((await client.signed("GET", "/api/v3/account", { timestamp: now + 999 })).status).toBe(
    200,
  );
  expect((await client.signed("GET", "/api/v3/account", { timestamp: `${now}123` })).status).toBe(
    200,
  );
});

test("a recorded request sent again is refused: as a duplicate at first, as too old later", async () => {
  const quiet = await quietSimulator();
  const { apiKey, secret } = quiet.openAccount({ USDT: "10000" });
  const fields = Object.entries({
    ...limit,
    newClientOrderId: "once",
    timestamp: quiet.clock.now(),
  });
  const query = fields.map(([name, value]) => `${name}=${value}`).join("&");
  const path = `${order}?${query}&signature=${signText(query, secret)}`;
  const send = (): Promise<unknown> =>
    createClient(quiet)
      .raw("POST", path, { headers: { "x-mbx-apikey": apiKey } })
      .then(({ body }) => body);
  expect(await send()).toMatchObject({ clientOrderId: "once" });
  expect(await send()).toEqual({ code: -2010, msg: "Duplicate order sent." });
  await quiet.step(5001);
  expect(await send()).toMatchObject({ code: -1021 });
  await quiet.close();
});

test("what is no request of the API gets a plain answer and leaves the exchange standing", async () => {
  expect((await client.raw("GET", "/api/v3/nothing")).status).toBe(404);
  expect((await client.raw("GET", `/api/v3/time?${"x".repeat(9000)}`)).status).toBe(414);
  expect((await client.raw("POST", order, { body: "x".repeat(70_000) })).status).toBe(413);
  expect((await client.call("GET", "/api/v3/time", { a: 1 })).body).toEqual({
    code: -1101,
    msg: "Too many parameters; expected '0' and received '1'.",
  });
  expect(
    (await client.call("GET", "/api/v3/klines", { symbol: "BTCUSDT", interval: "7m" })).body,
  ).toEqual({
    code: -1120,
    msg: "Invalid interval.",
  });
});

test("the admin needs its token and JSON; other hosts' pages get nothing", async () => {
  const json = { "content-type": "application/json" };
  const authorization = `Bearer ${opened.simulator.token}`;
  const path = "/simulator/accounts";
  const status = async (init: RequestInit): Promise<number> =>
    (await client.raw("POST", path, init)).status;
  expect(await status({ headers: json, body: "{}" })).toBe(401);
  expect(await status({ headers: { ...json, authorization: "Bearer no" }, body: "{}" })).toBe(401);
  expect(
    await status({ headers: { authorization, "content-type": "text/plain" }, body: "{}" }),
  ).toBe(415);
  expect(await status({ headers: { ...json, authorization }, body: "{" })).toBe(400);
  expect(
    await status({ headers: { ...json, authorization }, body: '{"balances":{"USDT":"-5"}}' }),
  ).toBe(400);
  const made = await client.raw("POST", path, {
    headers: { ...json, authorization },
    body: '{"balances":{"USDT":"5"}}',
  });
  expect(made.body).toEqual({ apiKey: expect.any(String), secret: expect.any(String) });
  const { apiKey } = made.body as { apiKey: string };
  const list = (await client.raw("GET", path, { headers: { authorization } })).body;
  expect((list as { apiKeys: string[] }[]).at(-1)).toMatchObject({ apiKeys: [apiKey] });
  for (const body of ['{"publicKey":"PEM"}', '{"feeAsset":7}', '{"balances":[]}']) {
    expect(await status({ headers: { ...json, authorization }, body })).toBe(400);
  }
  expect(
    (await client.raw("GET", "/simulator/ledger?limit=x", { headers: { authorization } })).status,
  ).toBe(400);
});

test("limits are counted, answered with Retry-After, and turn into a ban", async () => {
  const tight = await quietSimulator({
    limits: { weightPerMinute: 50, ordersPerTenSeconds: 2, refusalsBeforeBan: 1 },
  });
  const { apiKey, secret } = tight.openAccount({ USDT: "10000" });
  const sender = createClient(tight, apiKey, secret);
  for (const count of ["1", "2"]) {
    const placed = await sender.signed("POST", order, limit);
    expect(placed.headers.get("x-mbx-order-count-10s")).toBe(count);
  }
  const third = await sender.signed("POST", order, limit);
  expect([third.status, third.body]).toEqual([
    429,
    { code: -1015, msg: "Too many new orders; current limit is 2 orders per 10 SECOND." },
  ]);
  expect(third.headers.get("retry-after")).toBe("10");
  expect((await sender.signed("GET", "/api/v3/account")).headers.get("x-mbx-used-weight-1m")).toBe(
    "23",
  );
  await sender.call("GET", "/api/v3/exchangeInfo");
  const refused = await sender.call("GET", "/api/v3/exchangeInfo");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("60");
  const banned = await sender.call("GET", "/api/v3/time");
  expect([banned.status, banned.headers.get("retry-after")]).toEqual([418, "120"]);
  const ear = await openEar(`${tight.socketUrl}/ws-api/v3`);
  ear.send({ id: 1, method: "time" });
  const serverTime = tight.clock.now();
  expect(await ear.hear(({ id }) => id === 1)).toMatchObject({
    status: 418,
    error: { code: -1003, data: { serverTime, retryAfter: serverTime + 120_000 } },
  });
  await tight.step(120_000);
  expect((await sender.call("GET", "/api/v3/time")).status).toBe(200);
  await tight.close();
});
