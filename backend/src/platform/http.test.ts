import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "../../test/support/app.ts";

let site: TestApp;
let user: SignedInUser;
let port: number;
/** Begun first: other tests pass while it drips. */
let endlessHead: ReturnType<typeof dripHead>;
beforeAll(async () => {
  site = await testApp({
    env: { ALLOWED_ORIGINS: "https://friend.example", FRONTEND_URL: "https://trade.example" },
  });
  user = await site.signedIn();
  await site.app.listen({ host: "127.0.0.1", port: 0 });
  const address = site.app.server.address();
  port = typeof address === "object" && address ? address.port : 0;
  endlessHead = dripHead();
});
afterAll(() => site.close());

const settings = { method: "PATCH", url: "/api/v1/users/me/settings" } as const;
const json = { "content-type": "application/json" };

test("an error is a problem document with a stable code and the request's id", async () => {
  const answer = await site.inject({ url: "/api/v1/nothing", headers: user.headers });
  expect(answer.statusCode).toBe(404);
  expect(answer.headers["content-type"]).toMatch("application/problem+json");
  expect(answer.json()).toMatchObject({
    status: 404,
    code: "not-found",
    requestId: answer.headers["x-request-id"],
  });
});

test.each([
  ["an unknown path", { url: "/api/v1/nothing" }, 404, "not-found"],
  ["a wrong method", { method: "PUT", url: "/api/v1/users/me" }, 405, "method-not-allowed"],
  [
    "a wrong content type",
    { ...settings, headers: { "content-type": "text/xml" }, payload: "<a/>" },
    415,
    "unsupported-media",
  ],
  ["broken JSON", { ...settings, headers: json, payload: "{" }, 400, "malformed-body"],
  [
    "two megabytes",
    { ...settings, headers: json, payload: `{"a":"${"x".repeat(2e6)}"}` },
    413,
    "too-large",
  ],
  [
    "__proto__",
    { ...settings, headers: json, payload: '{"__proto__":{"role":"admin"}}' },
    400,
    "malformed-body",
  ],
  [
    "half a surrogate pair",
    { ...settings, headers: json, payload: '{"timeZone":"\\ud800"}' },
    400,
    "malformed-body",
  ],
  [
    "an unknown field",
    { ...settings, headers: json, payload: '{"role":"admin"}' },
    400,
    "validation-failed",
  ],
  ["NUL in the address", { url: "/api/v1/users/me?x=%00" }, 400, "validation-failed"],
  ["broken percent encoding", { url: "/api/v1/users/%zz" }, 400, "malformed-body"],
] as const)("%s is answered %s", async (_what, request, status, code) => {
  const { headers: own = {} } = request as { headers?: Record<string, string> };
  const answer = await site.inject({ ...request, headers: { ...user.headers, ...own } });
  expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code]);
  if (status === 405) expect(answer.headers.allow).toMatch("GET");
});

test("a secret in the place of a name is not repeated", async () => {
  const secret = "correct horse battery staple";
  const payload = { rolle: 1, [secret]: 1, correcthorsebattery: 1, layout: { [secret]: "wide" } };
  const answer = await site.inject({ ...settings, headers: user.headers, payload });
  expect(answer.body).not.toMatch(/horse/);
  expect(answer.json().errors).toMatchObject([
    { where: "layout.…" },
    { where: "body", message: "has fields that are not known here: rolle, …, …" },
  ]);
});

test("what is wrong with a field is said with its path", async () => {
  const payload = { layout: { "workbench/left": "wide" }, theme: "pink" };
  const answer = await site.inject({ ...settings, headers: user.headers, payload });
  const wheres = answer.json().errors.map((error: { where: string }) => error.where);
  expect(wheres).toContain("theme");
  expect(answer.json().code).toBe("validation-failed");
});

test("10^6 keys are refused by their size, before anything reads them", async () => {
  const payload = `{${Array.from({ length: 1_000_000 }, (_, i) => `"${i}":1`).join()}}`;
  const begin = process.cpuUsage();
  const answer = await site.inject({ ...settings, headers: { ...user.headers, ...json }, payload });
  expect([answer.statusCode, answer.json().code]).toEqual([413, "too-large"]);
  expect(process.cpuUsage(begin).user).toBeLessThan(1_000_000);
});

test("body bombs are answered cheaply", async () => {
  const before = process.memoryUsage().rss;
  const bombs = [
    `${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}`,
    `[${"1,".repeat(400_000)}1]`,
    `{${Array.from({ length: 70_000 }, (_, i) => `"k${i}":1`).join()}}`,
  ];
  const begin = process.cpuUsage();
  for (let round = 0; round < 10; round++) {
    for (const payload of bombs) {
      const answer = await site.inject({
        ...settings,
        headers: { ...user.headers, ...json },
        payload,
      });
      expect(answer.statusCode).toBe(400);
    }
  }
  expect(process.cpuUsage(begin).user / 30).toBeLessThan(300_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
});

test.each(["evil.example", "trade.example.evil.example", "localhost.evil.example"])(
  "the host name %j is refused",
  async (host) => {
    const answer = await site.inject({ url: "/api/v1/site", headers: { host } });
    expect([answer.statusCode, answer.json().code]).toEqual([421, "foreign-host"]);
  },
);

test("a bare address passes in development only", async () => {
  const ask = (app: TestApp, host: string) =>
    app.inject({ url: "/api/v1/site", headers: { host } });
  expect((await ask(site, "192.168.1.5:8000")).statusCode).toBe(200);
  expect((await ask(site, "[fe80::1]:8000")).statusCode).toBe(200);
  const production = await testApp({ database: site.database, env: productionEnvironment });
  expect((await ask(production, "192.168.1.5")).statusCode).toBe(421);
  expect((await ask(production, "localhost")).statusCode).toBe(421);
  expect((await ask(production, "trade.example")).statusCode).toBe(200);
  await production.close();
});

const productionEnvironment = {
  ENVIRONMENT: "production",
  JWT_SECRET_KEY: "u7Rk2vQ9xW4mZ8pL1sN6tY3bE5cH0dJgAfKq",
  API_ENCRYPTION_KEY: "Zx1Cv4Bn7Mm2Kk5Jj8Hh3Gg6Ff9Dd0SsAaPo",
  FRONTEND_URL: "https://trade.example",
  // Nothing listens there, which no request minds.
  REDIS_URL: "redis://127.0.0.1:1",
};

test("a person at an old address is led to the first page, a program gets a problem", async () => {
  const person = await site.inject({ url: "/old/page", headers: { accept: "text/html,*/*" } });
  expect([person.statusCode, person.headers.location]).toEqual([302, "/"]);
  expect((await site.inject({ url: "/old/page" })).json().code).toBe("not-found");
  expect(
    (await site.inject({ url: "/api/v1/x", headers: { accept: "text/html" } })).statusCode,
  ).toBe(404);
});

test("our host names pass with any port, and probes may use any name", async () => {
  for (const host of [
    "localhost:8000",
    "127.0.0.1",
    "[::1]:80",
    "trade.example",
    "TRADE.example:443",
  ]) {
    expect((await site.inject({ url: "/api/v1/site", headers: { host } })).statusCode).toBe(200);
  }
  expect(
    (await site.inject({ url: "/api/v1/health", headers: { host: "10.1.2.3" } })).statusCode,
  ).toBe(200);
  const forwarded = { host: "evil.example", "x-forwarded-host": "localhost" };
  expect((await site.inject({ url: "/api/v1/site", headers: forwarded })).statusCode).toBe(421);
});

const fromElsewhere = [
  { "sec-fetch-site": "cross-site" },
  { "sec-fetch-site": "same-site" },
  { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
  { origin: "https://evil.example" },
  { origin: "null" },
  { origin: "http://localhost.evil.example" },
];
test.each(fromElsewhere)(
  "no unsafe operation follows a request from elsewhere: %j",
  async (headers) => {
    const unsafe = ["auth/login", "auth/register", "auth/link", "auth/refresh", "auth/logout"];
    for (const path of unsafe) {
      const answer = await site.inject({
        method: "POST",
        url: `/api/v1/${path}`,
        headers,
        payload: {},
      });
      expect([path, answer.statusCode, answer.json().code]).toEqual([path, 403, "foreign-origin"]);
    }
  },
);

test("a request that a cookie signs must say where it comes from", async () => {
  const refresh = { method: "POST", url: "/api/v1/auth/refresh" } as const;
  const codeOf = async (headers: Record<string, string>) =>
    (
      await site.inject({
        ...refresh,
        headers: { cookie: "__Host-refresh=x; __Host-refresh-foreign=x", ...headers },
      })
    ).json().code;
  expect(await codeOf({})).toBe("foreign-origin");
  for (const headers of [
    { "sec-fetch-site": "same-origin" },
    { origin: "http://localhost:80", host: "localhost:80" },
    { origin: "https://trade.example" },
    { origin: "https://friend.example", "sec-fetch-site": "cross-site" },
  ]) {
    expect(await codeOf(headers), JSON.stringify(headers)).toBe("not-signed-in");
  }
});

test("only allowed origins may read answers", async () => {
  const ask = (origin: string) => site.inject({ url: "/api/v1/site", headers: { origin } });
  expect((await ask("https://friend.example")).headers["access-control-allow-origin"]).toBe(
    "https://friend.example",
  );
  expect(
    (await ask("https://evil.example")).headers["access-control-allow-origin"],
  ).toBeUndefined();
});

test.each(["GET", "POST", "PATCH", "DELETE"])(
  "a page of an allowed origin may %s",
  async (method) => {
    const { headers } = await site.inject({
      method: "OPTIONS",
      url: "/api/v1/backtests/x",
      headers: { origin: "https://friend.example", "access-control-request-method": method },
    });
    expect(headers["access-control-allow-methods"]).toContain(method);
  },
);

test("every answer carries the security headers, whatever its status", async () => {
  for (const url of [
    "/",
    "/api/v1/site",
    "/api/v1/users/me",
    "/api/v1/nothing",
    "/api/v1/docs",
    "/nothing",
  ]) {
    const { headers } = await site.inject({ url });
    expect(headers, url).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "strict-transport-security": expect.stringMatching(/max-age=31536000/),
    });
    expect(headers["content-security-policy"], url).toMatch(/frame-ancestors 'none'/);
    expect(headers["content-security-policy"], url).not.toMatch(/script-src[^;]*unsafe/);
  }
});

test("the script of the backtest worker may evaluate code and reach nothing", async () => {
  const { headers } = await site.inject({ url: "/assets/backtest.worker-BxY12345.js" });
  expect(headers["content-security-policy"]).toBe(
    "default-src 'none'; script-src 'self' 'unsafe-eval'",
  );
});

test("large answers are compressed for those who ask", async () => {
  const answer = await site.inject({
    url: "/api/v1/openapi.json",
    headers: { "accept-encoding": "gzip" },
  });
  expect(answer.headers["content-encoding"]).toBe("gzip");
});

/** Sends text to the real port and returns all that comes back. */
function talk(text: string): Promise<string> {
  return new Promise((done, fail) => {
    const socket = connect({ host: "127.0.0.1", port });
    let answer = "";
    socket.setTimeout(8_000, () => socket.destroy(new Error("no answer")));
    socket.on("data", (data) => {
      answer += data;
    });
    socket.on("close", () => done(answer));
    socket.on("error", fail);
    socket.write(text);
  });
}

test("what is not HTTP is answered 400 in our form", async () => {
  expect(await talk("BLAH\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 .*malformed-body/s);
});

test("a head of 64 kB is answered 431", async () => {
  expect(
    await talk(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"x".repeat(65_536)}\r\n\r\n`),
  ).toMatch(/^HTTP\/1\.1 431/);
});

test("an answer that fails on our side tells nothing of why, and the log does", async () => {
  const own = await testApp();
  const someone = await own.signedIn();
  await own.database.pool.query("drop table users cascade");
  const answer = await own.inject({ url: "/api/v1/users/me", headers: someone.headers });
  expect([answer.statusCode, answer.json().code]).toEqual([500, "internal-error"]);
  expect(answer.body).not.toMatch(/users|select|relation/);
  expect(own.logged.join("")).toMatch(/does not exist/);
  expect(own.logged.join("")).toContain(answer.json().requestId);
  await own.close();
});

/** What is answered to a head that never ends, and after how long. */
async function dripHead(): Promise<{ answer: string; tookMs: number }> {
  const begin = Date.now();
  const socket = connect({ host: "127.0.0.1", port });
  socket.write("GET /api/v1/site HTTP/1.1\r\nHost: localhost\r\n");
  const drip = setInterval(() => socket.write("X: y\r\n"), 500);
  const answer = await new Promise<string>((done) => {
    let text = "";
    socket.on("data", (data) => {
      text += data;
    });
    socket.on("error", () => done(text));
    socket.on("close", () => done(text));
  });
  clearInterval(drip);
  return { answer, tookMs: Date.now() - begin };
}

test("a head that never ends is given up", async () => {
  const { answer, tookMs } = await endlessHead;
  expect(answer).toMatch(/^HTTP\/1\.1 408/);
  expect(tookMs).toBeLessThan(15_000);
});
