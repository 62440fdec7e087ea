import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createLog } from "../platform/log.ts";
import { createKeyReader, type KeyReader } from "./key-reader.ts";

/**
 * A stand-in for Binance, made for these tests: it answers the three requests that a key is looked at with, and when it
 * fails it repeats key, signature and the whole address, as exchanges and the proxies before them do.
 */
type Failure = Readonly<{
  status: number;
  code?: number;
  msg?: string;
  retryAfter?: number;
  text?: string;
}>;
let restrictions: Record<string, unknown>;
let failure: Failure | null;
let failsAt: string;
const asked: string[] = [];
const standIn = createServer((request, response) => {
  const url = request.url ?? "";
  asked.push(`${request.method} ${url.split("?")[0]}`);
  const answer = (status: number, body: unknown) => {
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
  if (failure !== null && url.includes(failsAt)) {
    const { status, code, msg = "", retryAfter, text } = failure;
    if (retryAfter !== undefined) response.setHeader("retry-after", String(retryAfter));
    const echo = `${request.headers["x-mbx-apikey"]} http://${request.headers.host}${url}`;
    return answer(status, text ?? { code, msg: `${msg} (${echo})` });
  }
  if (url.startsWith("/sapi/v1/account/apiRestrictions")) return answer(200, restrictions);
  if (url.startsWith("/api/v3/account")) return answer(200, { balances });
  if (url.startsWith("/fapi/v3/balance")) return answer(200, futures);
  answer(404, {});
});
const balances = [
  { asset: "BTC", free: "0.10000000", locked: "0.02500000" },
  { asset: "DOGE", free: "0.00000000", locked: "0.00000000" },
];
const futures = [{ asset: "USDT", balance: "100.50000000", availableBalance: "80.25000000" }];

const by = {
  apiKey: "the-key-nobody-may-read-0123456789",
  secret: "the-secret-nobody-may-read-987654",
};
const never = new AbortController().signal;
let reader: KeyReader;
let nowMs = Date.UTC(2026, 0, 1);
beforeAll(async () => {
  await new Promise<void>((done) => standIn.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(standIn.address() as AddressInfo).port}`;
  const standIns = { binance: origin, binanceusdm: origin };
  const now = () => nowMs;
  reader = createKeyReader({ simulatorUrl: null, standIns, deadlineMs: 2_000, now });
});
afterAll(() => {
  standIn.closeAllConnections();
  standIn.close();
});
beforeEach(() => {
  restrictions = {
    ...{ ipRestrict: true, enableReading: true, enableWithdrawals: false },
    ...{ enableSpotAndMarginTrading: true, enableFutures: false },
  };
  failure = null;
  failsAt = "";
  asked.length = 0;
});
const failed = (exchange: "binance" | "binanceusdm" = "binance") =>
  reader.read(exchange, by, never).then(
    () => ({ code: "none", message: "", retryAfter: undefined }),
    (error: Error & { code: string; retryAfter?: number }) => error,
  );

test("what a key may do and what the account holds, as far as it holds anything", async () => {
  expect(await reader.read("binance", by, never)).toEqual({
    permissions: {
      ...{ read: true, spot: true, futures: false, withdraw: false },
      ...{ isIpRestricted: true, tradingEndsAt: null },
    },
    balances: [{ wallet: "spot", asset: "BTC", free: "0.10000000", locked: "0.02500000" }],
  });
  expect((await reader.read("binanceusdm", by, never)).balances).toEqual([
    { wallet: "futures", asset: "USDT", free: "80.25000000", locked: "20.25000000" },
  ]);
});

test("a key that may withdraw is refused before anything else is asked with it", async () => {
  restrictions.enableWithdrawals = true;
  expect((await failed()).code).toBe("key-can-withdraw");
  expect(asked).toEqual(["GET /sapi/v1/account/apiRestrictions"]);
  // Whoever does not say that it may not is not believed.
  delete restrictions.enableWithdrawals;
  expect((await failed()).code).toBe("exchange-unavailable");
});

test.each([
  ["key-refused", { status: 401, code: -2015, msg: "Invalid API-key, IP, or permissions" }],
  ["key-refused", { status: 400, code: -2014, msg: "API-key format invalid." }],
  ["key-refused", { status: 401, code: -2008, msg: "Invalid Api-Key ID." }],
  ["key-secret-wrong", { status: 400, code: -1022, msg: "Signature is not valid." }],
  ["key-expired", { status: 401, code: -2015, msg: "API-key expired" }],
  ["exchange-clock", { status: 400, code: -1021, msg: "outside of the recvWindow" }],
  ["exchange-rate-limited", { status: 429, code: -1003, msg: "Too many requests", retryAfter: 9 }],
  ["exchange-rate-limited", { status: 418, code: -1003, msg: "banned", retryAfter: 120 }],
  ["exchange-unavailable", { status: 502, text: "<html>Bad gateway</html>" }],
  ["exchange-unavailable", { status: 500, code: -1000, msg: "unknown" }],
  ["exchange-unavailable", { status: 200, text: "" }],
  ["exchange-unavailable", { status: 200, text: "{}" }],
  ["exchange-unavailable", { status: 200, text: '{"enableReading":' }],
] as const)("%s is told apart: %j", async (code, how) => {
  failure = how;
  const error = await failed();
  expect(error.code).toBe(code);
  if (!("retryAfter" in how)) return;
  expect(error.retryAfter).toBe(how.retryAfter);
  // Nobody asks again before the time is over.
  const before = asked.length;
  nowMs += (how.retryAfter - 1) * 1_000;
  expect(await failed()).toMatchObject({ code, retryAfter: 1 });
  expect(asked).toHaveLength(before);
  nowMs += 1_000;
  failure = null;
  expect((await failed()).code).toBe("none");
});

test("a key whose right to trade has ended, or that may not read, is refused", async () => {
  restrictions.tradingAuthorityExpirationTime = Date.UTC(2025, 11, 31);
  expect((await failed()).code).toBe("key-expired");
  delete restrictions.tradingAuthorityExpirationTime;
  restrictions.enableReading = false;
  expect((await failed()).code).toBe("key-refused");
});

test("a futures account wants a key that futures take", async () => {
  failsAt = "/fapi/";
  failure = { status: 401, code: -2015, msg: "Invalid API-key, IP, or permissions for action" };
  expect((await failed("binanceusdm")).code).toBe("key-refused");
  expect((await failed("binance")).code).toBe("none");
});

test("no error and no line of the log holds key, secret, signature or address, whatever the exchange repeats", async () => {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  const log = createLog({ level: "trace", process: "test", secrets: [], write });
  for (const how of [
    { status: 401, code: -2015 },
    { status: 400, code: -1100 },
    { status: 500, text: `oops ${by.apiKey} ${by.secret}` },
    { status: 200, text: `{"enableReading":"${by.apiKey}"}` },
  ]) {
    failure = how;
    const error = await failed();
    log.error({ err: error, reason: error, fields: { error } }, "a key");
  }
  expect(lines).toHaveLength(4);
  const all = lines.join("");
  for (const part of [by.apiKey, by.secret, "signature", "127.0.0.1", "recvWindow", "http"])
    expect(all).not.toContain(part);
});

test("keys go nowhere but to the exchange's own hosts, and a redirect is not followed", async () => {
  const asking: string[] = [];
  const realFetch = globalThis.fetch;
  globalThis.fetch = async (url) => {
    asking.push(new URL(String(url)).origin);
    throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
  };
  try {
    const real = createKeyReader({ simulatorUrl: null });
    for (const exchange of ["binance", "binanceusdm"] as const) {
      await expect(real.read(exchange, by, never)).rejects.toMatchObject({
        code: "exchange-unavailable",
      });
    }
    await expect(real.read("simulator", by, never)).rejects.toMatchObject({
      code: "exchange-unavailable",
    });
  } finally {
    globalThis.fetch = realFetch;
  }
  expect([...new Set(asking)]).toEqual(["https://api.binance.com"]);
  failure = { status: 307, text: "" };
  expect((await failed()).code).toBe("exchange-unavailable");
});

test("an exchange that stays silent is left at the deadline", async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((done) => silent.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const waiting = createKeyReader({ simulatorUrl: origin, deadlineMs: 150 });
  await expect(waiting.read("simulator", by, never)).rejects.toMatchObject({
    code: "exchange-unavailable",
    message: "Simulated exchange did not answer in time.",
  });
  silent.closeAllConnections();
  silent.close();
});
