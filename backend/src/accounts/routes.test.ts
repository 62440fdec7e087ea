import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { siteOfFile, testApp } from "../../test/support/app.ts";
import { newToken, tokenHash } from "./one-time-token.ts";
import { createSessions } from "./sessions.ts";
import { createAccountStore } from "./store.ts";

const site = siteOfFile();

const password = "correct horse battery";
const fromPage = { "sec-fetch-site": "same-origin" };
let address = 0;
/** Every test comes from a network of its own, so that their tries do not add up. */
const newNetwork = () => ({ remoteAddress: `10.${(++address >> 8) & 255}.${address & 255}.9` });

const post = (path: string, payload: object, headers: object = {}, more: object = {}) =>
  site.inject({
    method: "POST",
    url: `/api/v1/auth/${path}`,
    payload,
    headers: { ...fromPage, ...headers },
    ...newNetwork(),
    ...more,
  });

type Answer = Awaited<ReturnType<typeof post>>;
const cookieOf = (answer: Answer): string => {
  const cookie = answer.cookies.find(({ name }) => name === "__Host-refresh");
  if (!cookie?.value) throw new Error(`no cookie: ${answer.body}`);
  return `__Host-refresh=${cookie.value}`;
};
const refresh = (cookie: string) => post("refresh", {}, { cookie });
const me = (accessToken: string) =>
  site.inject({ url: "/api/v1/users/me", headers: { authorization: `Bearer ${accessToken}` } });

async function register(name = `user-${randomBytes(4).toString("hex")}`) {
  const answer = await post("register", { name, email: `${name}@example.com`, password });
  expect(answer.statusCode, answer.body).toBe(201);
  return {
    name,
    answer,
    cookie: cookieOf(answer),
    accessToken: answer.json().accessToken as string,
  };
}

test("a user registers, signs in by name or e-mail in any case, and learns who they are", async () => {
  const { accessToken } = await register("Alice");
  expect((await me(accessToken)).json()).toMatchObject({
    name: "Alice",
    role: "user",
    settings: { theme: "dark" },
  });
  for (const identifier of ["alice", "ALICE", " Alice@Example.com "]) {
    const answer = await post("login", { identifier, password });
    expect(answer.statusCode, identifier).toBe(200);
    expect(answer.json()).toEqual({
      accessToken: expect.any(String),
      tokenType: "Bearer",
      expiresIn: 600,
    });
  }
});

test("the cookie is for this host, scripts cannot read it, other sites cannot send it", async () => {
  const { answer } = await register();
  expect([answer.headers["set-cookie"]].flat()[0]).toMatch(
    /^__Host-refresh=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
});

test("a name belongs to one user, whatever its case", async () => {
  await register("Bob");
  for (const [name, email] of [
    ["BOB", "x1@example.com"],
    [" bOb ", "x2@example.com"],
  ]) {
    const answer = await post("register", { name, email, password });
    expect([answer.statusCode, answer.json().code]).toEqual([409, "name-taken"]);
  }
});

test("twenty who want the same name at once: one gets it", async () => {
  const tries = Array.from({ length: 20 }, (_, i) =>
    post("register", { name: "wanted", email: `w${i}@example.com`, password }),
  );
  const codes = (await Promise.all(tries)).map(({ statusCode }) => statusCode);
  expect(codes.filter((code) => code === 201)).toHaveLength(1);
  expect(codes.filter((code) => code === 409)).toHaveLength(19);
});

test("nobody gives themselves a role", async () => {
  for (const extra of [{ role: "admin" }, { epoch: 5 }, { id: "x" }, { suspendedAt: null }]) {
    const answer = await post("register", {
      name: "mallory",
      email: "m@example.com",
      password,
      ...extra,
    });
    expect(answer.json().code).toBe("validation-failed");
  }
});

test.each(["closed", "invitation"])("registration can be %s", async (REGISTRATION) => {
  const closed = await testApp({ env: { REGISTRATION }, database: site.database });
  const answer = await closed.inject({
    method: "POST",
    url: "/api/v1/auth/register",
    payload: { name: "late", email: "late@example.com", password },
  });
  expect([answer.statusCode, answer.json().code]).toEqual([403, "forbidden"]);
  expect((await closed.inject({ url: "/api/v1/site" })).json().registration).toBe(REGISTRATION);
  await closed.close();
});

test("over plain HTTP only localhost signs in", async () => {
  const remote = await testApp({ env: { ALLOWED_HOSTS: "lan.example" }, database: site.database });
  const login = (headers: object) =>
    remote.inject({
      method: "POST",
      url: "/api/v1/auth/login",
      headers: { host: "lan.example", ...headers },
      payload: { identifier: "nobody", password },
    });
  expect((await login({})).json()).toMatchObject({ status: 403, code: "insecure-connection" });
  expect((await login({ "x-forwarded-proto": "https" })).json().code).toBe("wrong-credentials");
  const spoofed = await remote.inject({
    method: "POST",
    url: "/api/v1/auth/login",
    remoteAddress: "198.51.100.7",
    headers: { host: "lan.example", "x-forwarded-proto": "https", "x-forwarded-for": "127.0.0.1" },
    payload: { identifier: "nobody", password },
  });
  expect(spoofed.json().code).toBe("insecure-connection");
  await remote.close();
});

test("a wrong password and an unknown name look alike", async () => {
  const { name } = await register();
  const wrong = await post("login", { identifier: name, password: "not the password" });
  const unknown = await post("login", { identifier: "nobody-at-all", password });
  const { requestId: _one, ...first } = wrong.json();
  const { requestId: _two, ...second } = unknown.json();
  expect(first).toEqual(second);
  expect(first).toMatchObject({ status: 401, code: "wrong-credentials" });
});

test("a user without a password cannot sign in with any", async () => {
  await createAccountStore(site.database.db).create({
    name: "linked",
    email: "l@example.com",
    passwordHash: null,
    role: "user",
  });
  expect(
    (await post("login", { identifier: "linked", password: "nobody has this password" }))
      .statusCode,
  ).toBe(401);
});

test("passwords are stored as Argon2id with OWASP's parameters", async () => {
  await register();
  const { rows } = await site.database.pool.query(
    "select password_hash from users where password_hash is not null",
  );
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) expect(row.password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});

test("a refresh token is exchanged at every use and stored as a hash only", async () => {
  const { cookie } = await register();
  const second = await refresh(cookie);
  expect(second.statusCode).toBe(200);
  expect(cookieOf(second)).not.toBe(cookie);
  expect((await me(second.json().accessToken)).statusCode).toBe(200);
  const token = cookie.split("=")[1] ?? "";
  const { rows } = await site.database.pool.query(
    "select hash from refresh_tokens where hash = $1 or hash = $2",
    [token, tokenHash(token)],
  );
  expect(rows).toEqual([{ hash: tokenHash(token) }]);
});

test("two tabs that refresh at once both stay signed in", async () => {
  for (let round = 0; round < 25; round++) {
    const { sessionId: _, ...session } = await openSession();
    const answers = await Promise.all([refresh(session.cookie), refresh(session.cookie)]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    // The browser keeps one cookie, whichever came last.
    const [kept] = round % 2 === 0 ? answers : answers.reverse();
    expect((await refresh(cookieOf(kept ?? answers[0]))).statusCode).toBe(200);
  }
});

test("of two chains that begin at one token, the second to go on ends the session", async () => {
  const { cookie } = await openSession();
  const [owner, thief] = await Promise.all([refresh(cookie), refresh(cookie)]);
  const next = await refresh(cookieOf(owner));
  expect(next.statusCode).toBe(200);
  expect((await refresh(cookieOf(thief))).json().code).toBe("not-signed-in");
  expect((await refresh(cookieOf(next))).json().code).toBe("not-signed-in");
});

test("a token used again after the grace ends the whole session within a second", async () => {
  const { cookie, sessionId } = await openSession();
  const next = await refresh(cookie);
  await site.database.db.execute(
    sql`update refresh_tokens set used_at = used_at - interval '11 seconds' where session_id = ${sessionId}`,
  );
  expect((await me(next.json().accessToken)).statusCode).toBe(200);
  expect((await refresh(cookie)).json().code).toBe("not-signed-in");
  await expect
    .poll(async () => (await me(next.json().accessToken)).statusCode, { timeout: 1_000 })
    .toBe(401);
  expect((await refresh(cookieOf(next))).statusCode).toBe(401);
});

async function openSession() {
  const { id } = await site.signedIn();
  const user = await createAccountStore(site.database.db).find(id);
  if (user === null) throw new Error("nobody is there");
  const { sessionId, refreshToken } = await createSessions(site.database.db).open(user, "link", {
    address: "127.0.0.1",
    device: "test",
  });
  return { user, sessionId, cookie: `__Host-refresh=${refreshToken}` };
}

test.each([
  ["has expired", sql`expires_at = now() - interval '1 second'`],
  ["was idle for 14 days", sql`used_at = now() - interval '15 days'`],
  ["was revoked", sql`revoked_at = now()`],
])("a session that %s is not continued", async (_what, change) => {
  const { cookie, sessionId } = await openSession();
  await site.database.db.execute(sql`update sessions set ${change} where id = ${sessionId}`);
  expect((await refresh(cookie)).statusCode).toBe(401);
});

test("a made-up refresh token is refused", async () => {
  expect((await refresh(`__Host-refresh=${newToken()}`)).statusCode).toBe(401);
  expect((await refresh("__Host-refresh=%00")).statusCode).toBe(401);
  expect((await post("refresh", {})).statusCode).toBe(204);
});

test("signing out ends session and access token within a second, and can be done twice", async () => {
  const { cookie, accessToken } = await register();
  expect((await me(accessToken)).statusCode).toBe(200);
  const out = await post("logout", {}, { cookie });
  expect(out.statusCode).toBe(204);
  expect(out.headers["set-cookie"]).toMatch(/^__Host-refresh=; .*Expires=Thu, 01 Jan 1970/);
  await expect.poll(async () => (await me(accessToken)).statusCode, { timeout: 1_000 }).toBe(401);
  expect((await refresh(cookie)).statusCode).toBe(401);
  expect((await post("logout", {}, { cookie })).statusCode).toBe(204);
});

test("ending all sessions of a user stops every token within a second", async () => {
  const users = [await site.signedIn(), await site.signedIn()] as const;
  const tokenOf = (user: { headers: { authorization: string } }) =>
    user.headers.authorization.slice(7);
  for (const user of users) expect((await me(tokenOf(user))).statusCode).toBe(200);
  await createSessions(site.database.db).endAll(users[0].id, "password-changed");
  await expect
    .poll(async () => (await me(tokenOf(users[0]))).statusCode, { timeout: 1_000 })
    .toBe(401);
  expect((await me(tokenOf(users[1]))).statusCode).toBe(200);
});

test("a suspended user is out within a second and cannot come back", async () => {
  const { name, accessToken, cookie } = await register();
  await site.database.pool.query("update users set suspended_at = now() where name = $1", [name]);
  await expect.poll(async () => (await me(accessToken)).statusCode, { timeout: 1_500 }).toBe(401);
  expect((await refresh(cookie)).statusCode).toBe(401);
  expect((await post("login", { identifier: name, password })).json().code).toBe(
    "wrong-credentials",
  );
});

test("a changed role holds at once, not when the token is renewed", async () => {
  const user = await site.signedIn();
  await site.database.pool.query("update users set role = 'support' where id = $1", [user.id]);
  await expect
    .poll(
      async () =>
        (await site.inject({ url: "/api/v1/users/me", headers: user.headers })).json().role,
    )
    .toBe("support");
});

async function makeLink(lifeMs = 60_000) {
  const user = await site.signedIn();
  const token = newToken();
  await createAccountStore(site.database.db).recordLink(
    user.id,
    tokenHash(token),
    new Date(Date.now() + lifeMs),
  );
  return { user, token };
}

test("of a hundred who use a link at once, one is signed in", async () => {
  const { token, user } = await makeLink();
  const answers = await Promise.all(Array.from({ length: 100 }, () => post("link", { token })));
  const [winner, ...others] = answers.filter(({ statusCode }) => statusCode === 200);
  expect(others).toEqual([]);
  expect((await me(winner?.json().accessToken)).json().id).toBe(user.id);
  expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(99);
});

test("a link expires", async () => {
  const { token } = await makeLink(-1);
  expect((await post("link", { token })).json().code).toBe("link-not-valid");
  expect((await post("link", { token: newToken() })).json().code).toBe("link-not-valid");
});

test.each([
  ["a zone that does not exist", { timeZone: "Nowhere/Bogus" }],
  [
    "splits without end",
    { layout: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`s${i}`, 1])) },
  ],
])("settings refuse %s", async (_what, payload) => {
  const { headers } = await site.signedIn();
  const answer = await site.inject({
    method: "PATCH",
    url: "/api/v1/users/me/settings",
    headers,
    payload,
  });
  expect([answer.statusCode, answer.json().code]).toEqual([400, "validation-failed"]);
});

test("settings change by name and keep the rest", async () => {
  const { accessToken } = await register();
  const patch = (payload: object) =>
    site.inject({
      method: "PATCH",
      url: "/api/v1/users/me/settings",
      headers: { authorization: `Bearer ${accessToken}` },
      payload,
    });
  expect((await patch({ theme: "light", layout: { split: 0.4 } })).json().settings).toMatchObject({
    theme: "light",
    colours: "teal-red",
  });
  expect((await patch({ colours: "blue-orange" })).json().settings).toMatchObject({
    theme: "light",
    colours: "blue-orange",
    layout: { split: 0.4 },
  });
  expect((await patch({ theme: "pink" })).statusCode).toBe(400);
});

test("no secret and no password is ever logged", async () => {
  const loud = await testApp({ env: { LOG_LEVEL: "trace" }, database: site.database });
  const send = (path: string, payload: object, headers: object = {}) =>
    loud.inject({
      method: "POST",
      url: `/api/v1/auth/${path}`,
      payload,
      headers: { ...fromPage, ...headers },
    });
  const answer = await send("register", {
    name: "quiet-one",
    email: "quiet@example.com",
    password: "CANARY-password-77",
  });
  const cookie = cookieOf(answer);
  await send("refresh", {}, { cookie });
  await send("link", { token: "CANARY-link-token-0123456789" });
  await send("login", { identifier: "quiet-one", password: "CANARY-wrong-password" });
  const text = loud.logged.join("");
  expect(text).toMatch(/auth\/login/);
  for (const secret of [
    "CANARY",
    cookie.slice(15),
    answer.json().accessToken,
    loud.config.jwtSecretKey,
  ]) {
    expect(text).not.toContain(secret);
  }
  await loud.close();
});
