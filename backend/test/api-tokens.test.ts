import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { createAccessTokens } from "../src/accounts/access-token.ts";
import { isWithin } from "../src/accounts/api-tokens.ts";
import { siteOfFile, testApp } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";
import { cookieNamed } from "./support/people.ts";

const previous = "a-previous-key-for-tests-that-nobody-knows";
const foreignCookieOf = cookieNamed("__Host-refresh-foreign");
const friend = "https://friend.example";
const site = siteOfFile({ env: { JWT_SECRET_KEY_PREVIOUS: previous, ALLOWED_ORIGINS: friend } });

type Wish = Readonly<{ scopes?: string[]; networks?: string[]; days?: number }>;

async function made(wish: Wish = {}) {
  const owner = await site.signedIn();
  const answer = await site.inject({
    ...{ method: "POST", url: "/api/v1/users/me/tokens" },
    headers: { "sec-fetch-site": "same-origin", ...owner.headers },
    payload: { name: "Robot", scopes: ["read"], ...wish },
  });
  expect(answer.statusCode, answer.body).toBe(201);
  const { token, apiToken } = answer.json() as { token: string; apiToken: { id: string } };
  return { owner, token, id: apiToken.id };
}
const ask = (token: string, address = "203.0.113.9", url = "/api/v1/users/me") =>
  site.inject({ url, remoteAddress: address, headers: { authorization: `Bearer ${token}` } });

test("a token is shown once and stored as a hash; its use is noted, and its end is at once", async () => {
  const { owner, token, id } = await made();
  expect(token).toMatch(/^tp_[\w-]{43}$/);
  expect((await ask(token)).json().id).toBe(owner.id);
  const list = await site.inject({ url: "/api/v1/users/me/tokens", headers: owner.headers });
  expect(list.body).not.toContain(token);
  expect(list.json().items).toMatchObject([
    { id, prefix: token.slice(0, 9), usedFrom: "203.0.113.9", usedAt: expect.any(String) },
  ]);
  const { rows } = await site.database.pool.query("select t::text as line from api_tokens t");
  expect(JSON.stringify(rows)).not.toContain(token);
  await site.inject({
    ...{ method: "DELETE", url: `/api/v1/users/me/tokens/${id}`, headers: owner.headers },
  });
  await expect.poll(async () => (await ask(token)).statusCode, { interval: 20 }).toBe(401);
});

test("a new password ends every token of the account", async () => {
  const { owner, token } = await made();
  const answer = await site.inject({
    ...{ method: "PUT", url: "/api/v1/users/me/password" },
    headers: { "sec-fetch-site": "same-origin", cookie: owner.cookie, ...owner.headers },
    payload: { current: null, password: "another sentence to remember" },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  await expect.poll(async () => (await ask(token)).statusCode, { interval: 20 }).toBe(401);
});

test("a token that ended, was changed or belongs to a suspended user opens nothing", async () => {
  const [ended, suspended, good] = [await made(), await made(), await made()];
  await site.database.db.execute(
    sql`update api_tokens set expires_at = now() where id = ${ended.id}`,
  );
  await site.database.db.execute(
    sql`update users set suspended_at = now() where id = ${suspended.owner.id}`,
  );
  for (const token of [
    ended.token,
    suspended.token,
    `${good.token}A`,
    good.token.slice(0, -1),
    "tp_",
  ])
    expect((await ask(token)).statusCode).toBe(401);
});

test("a token comes only from where its owner said", async () => {
  const { token } = await made({ networks: ["203.0.113.0/24", "2001:db8::/32", "198.51.100.7"] });
  for (const address of ["203.0.113.9", "2001:db8::1", "198.51.100.7"])
    expect([address, (await ask(token, address)).statusCode]).toEqual([address, 200]);
  for (const address of ["203.0.114.9", "2001:db9::1", "198.51.100.8"])
    expect([address, (await ask(token, address)).statusCode]).toEqual([address, 403]);
  expect(isWithin(["203.0.113.0/24"], "::ffff:203.0.113.5")).toBe(true);
});

test("a program that asks too often waits, wherever it comes from", async () => {
  const { token } = await made();
  const codes = new Map<number, number>();
  for (let i = 0; i < 605; i++) {
    const { statusCode } = await ask(token, `10.0.${i % 250}.1`);
    codes.set(statusCode, (codes.get(statusCode) ?? 0) + 1);
  }
  expect(Object.fromEntries(codes)).toEqual({ 200: 600, 429: 5 });
});

test("made-up tokens are counted before anybody looks for them", async () => {
  const left = async () => {
    const { statusCode, headers } = await ask("tp_made-up", "192.0.2.9");
    return [statusCode, Number(headers["x-ratelimit-remaining"])];
  };
  const [, first = 0] = await left();
  expect(await left()).toEqual([401, first - 1]);
});

const redisUrl = testRedisUrl("apiTokens");
test.skipIf(redisUrl === "")(
  "web processes that share a Redis count requests together",
  async () => {
    const env = { REDIS_URL: redisUrl, RATE_LIMIT_PER_MINUTE: "20" };
    const processes = [
      await testApp({ env, database: site.database }),
      await testApp({ env, database: site.database }),
    ];
    const { token } = await made();
    // Until the connections to Redis are open nothing is counted.
    await expect
      .poll(async () => {
        const codes = await Promise.all(
          processes.map((one) => one.inject({ url: "/api/v1/ready", remoteAddress: "192.0.2.1" })),
        );
        return codes.every(({ headers }) => headers["x-ratelimit-remaining"] !== undefined);
      })
      .toBe(true);
    const codes: number[] = [];
    for (let i = 0; i < 30; i++) {
      const answer = await processes[i % 2]?.inject({
        ...{ url: "/api/v1/users/me", remoteAddress: "203.0.113.77" },
        headers: { authorization: `Bearer ${token}` },
      });
      codes.push(answer?.statusCode ?? 0);
    }
    expect(codes.filter((code) => code === 200)).toHaveLength(20);
    expect(codes.filter((code) => code === 429)).toHaveLength(10);
    for (const one of processes) await one.close();
  },
);

test("access tokens of the key before are believed while it is set, those of any other are not", async () => {
  const { id: userId, sessionId } = await site.signedIn();
  const sign = (key: string) =>
    createAccessTokens([key], Date.now).make({ userId, sessionId, epoch: 0 });
  expect((await ask(await sign(previous))).statusCode).toBe(200);
  expect((await ask(await sign("some-other-key-that-is-long-enough-too"))).statusCode).toBe(401);
});

test("a page of an allowed origin keeps its session in a cookie of its own", async () => {
  const name = `user-${Date.now()}`;
  const from = (origin: string) => ({ origin, "sec-fetch-site": "cross-site" });
  const post = (path: string, headers: object, cookie = "", payload?: object) =>
    site.inject({
      ...{ method: "POST", url: `/api/v1/${path}` },
      headers: { ...headers, ...(cookie === "" ? {} : { cookie }) },
      ...(payload === undefined ? {} : { payload }),
    });
  const account = { name, email: `${name}@example.com`, password: "correct horse battery" };
  const entered = await post("auth/register", from(friend), "", account);
  const [set] = [entered.headers["set-cookie"] ?? ""].flat();
  expect(set).toMatch(
    /^__Host-refresh-foreign=.*SameSite=None.*Partitioned|Partitioned.*SameSite=None/,
  );
  expect(set).toContain("Secure");
  const cookie = set?.split(";")[0] ?? "";
  // Neither a page of ours nor one of a stranger can use it.
  expect((await post("auth/refresh", { "sec-fetch-site": "same-origin" }, cookie)).statusCode).toBe(
    204,
  );
  expect((await post("auth/refresh", from("https://evil.example"), cookie)).statusCode).toBe(403);
  expect((await post("auth/refresh", { "sec-fetch-site": "cross-site" }, cookie)).statusCode).toBe(
    403,
  );
  expect((await post("auth/refresh", from(`${friend}.evil.example`), cookie)).statusCode).toBe(403);
  const next = await post("auth/refresh", from(friend), cookie);
  expect([next.statusCode, next.headers["access-control-allow-origin"]]).toEqual([200, friend]);
  const own = cookie.replace("-foreign", "");
  expect((await post("auth/refresh", from(friend), own)).statusCode).toBe(204);

  const authorization = `Bearer ${next.json().accessToken}`;
  const dangerous = async (shown: string) =>
    (await post("users/me/totp", { ...from(friend), authorization }, shown)).statusCode;
  expect([await dangerous(foreignCookieOf(next)), await dangerous(own)]).toEqual([200, 403]);
});
