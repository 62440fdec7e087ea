import { text } from "node:stream/consumers";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { createAccessTokens } from "../src/accounts/access-token.ts";
import { createAccountTokens } from "../src/accounts/account-tokens.ts";
import { createLiveTokens } from "../src/accounts/api-tokens.ts";
import { createAuthentication } from "../src/accounts/authenticate.ts";
import { createSessions } from "../src/accounts/sessions.ts";
import { createAccountStore } from "../src/accounts/store.ts";
import { stepAt, totpCode } from "../src/accounts/totp.ts";
import { newId } from "../src/platform/ids.ts";
import { createTelegramLinks } from "../src/telegram/links.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { elsewhere } from "./support/lone-connections.ts";
import {
  another,
  type Browser,
  browserOf,
  cookieOf,
  type Method,
  password,
  people,
} from "./support/people.ts";

const site = siteOfFile();

const { send, register, letters, lastLetter, prove, login, refresh, answerResets } = people(site);
const store = () => createAccountStore(site.database.db);
const find = async (userId: string) => {
  const user = await store().find(userId);
  if (user === null) throw new Error("nobody is there");
  return user;
};
const why = { reason: "a test wants it" };
const here = { address: "127.0.0.1", device: "test" };
const livingSessions = async (userId: string) =>
  (
    await site.database.pool.query(
      `select 1 from sessions s join users u on u.id = s.user_id
       where u.id = $1 and s.revoked_at is null and s.epoch = u.epoch`,
      [userId],
    )
  ).rowCount;

describe("a sign-in that is under way", () => {
  test("does not outlive a new password, whoever set it", async () => {
    const user = await register();
    await prove(user);
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    const tries = Array.from({ length: 4 }, () => login(user.name));
    const reset = send("POST", "/auth/reset", { token, password: another });
    tries.push(...Array.from({ length: 4 }, () => login(user.email)));
    expect((await reset).statusCode).toBe(204);
    for (const answer of await Promise.all(tries))
      if (answer.statusCode === 200) expect((await refresh(cookieOf(answer))).statusCode).toBe(401);
    expect(await livingSessions(user.id)).toBe(0);
  });

  test("opens nothing when what it was checked against changed meanwhile", async () => {
    const sessions = createSessions(site.database.db);
    const changes = [
      sql`epoch = epoch + 1`,
      sql`password_hash = 'another'`,
      sql`suspended_at = now()`,
      sql`erase_at = now()`,
    ];
    for (const change of changes) {
      const { id } = await site.signedIn();
      const user = await find(id);
      await site.database.db.execute(sql`update users set ${change} where id = ${id}`);
      await expect(sessions.open(user, "passkey", here)).rejects.toMatchObject({
        code: "not-signed-in",
      });
    }
  });

  test("waits for a change that holds the account, and then finds it changed", async () => {
    const { id } = await site.signedIn();
    const user = await find(id);
    const opened = site.database.db.transaction(async (transaction) => {
      await createSessions(transaction).endAll(id, "test");
      const open = elsewhere(() => createSessions(site.database.db).open(user, "link", here));
      return { open: open.catch(({ code }) => code) };
    });
    expect(await (await opened).open).toBe("not-signed-in");
    expect(await livingSessions(id)).toBe(0);
  });
});

test("a new password leaves one way in: neither old cookies nor a second change with the old one", async () => {
  const user = await register();
  const forked = await refresh(user.cookie);
  const change = (next: string) =>
    send("PUT", "/users/me/password", { current: password, password: next }, user);
  const answers = await Promise.all([change(another), change("yet another staple")]);
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 401]);
  const [changed = answers[0]] = answers.filter(({ statusCode }) => statusCode === 200);
  for (const cookie of [user.cookie, cookieOf(forked)])
    expect((await refresh(cookie)).statusCode).toBe(401);
  expect((await refresh(cookieOf(changed))).statusCode).toBe(200);
  expect(await livingSessions(user.id)).toBe(1);
});

test("signing all others out also ends copies of one's own cookie", async () => {
  const user = await register();
  const copy = await refresh(user.cookie);
  const end = (cookie?: string) =>
    send("DELETE", "/users/me/sessions", undefined, user.token, cookie ? { cookie } : {});
  const strangers = (await register()).cookie;
  for (const cookie of [undefined, "__Host-refresh=made-up", strangers])
    expect((await end(cookie)).statusCode).toBe(403);
  const ended = await end(user.cookie);
  expect((await refresh(cookieOf(copy))).statusCode).toBe(401);
  expect((await refresh(cookieOf(ended))).statusCode).toBe(200);
});

describe("a stolen cookie that was exchanged for another", () => {
  const turnOn = async (thief: Browser) => {
    const { secret } = (await send("POST", "/users/me/totp", undefined, thief)).json();
    return send("PUT", "/users/me/totp", { code: totpCode(secret, stepAt(Date.now())) }, thief);
  };
  const waysOn: readonly [string, (thief: Browser) => ReturnType<typeof send>][] = [
    ["signs all others out", (thief) => send("DELETE", "/users/me/sessions", undefined, thief)],
    ["adds a second factor", turnOn],
    [
      "sets a password",
      (thief) => send("PUT", "/users/me/password", { current: null, password: another }, thief),
    ],
    ["signs everybody out", (thief) => send("POST", "/admin/sign-out-everybody", why, thief)],
  ];

  test.each(waysOn)("ends once its owner's comes, also when the thief %s", async (_, goOn) => {
    const owner = await site.signedIn("admin");
    const thief = browserOf(await refresh(owner.cookie));
    const gone = await goOn(thief);
    expect(gone.statusCode, gone.body).toBe(200);
    // For a moment it may be another tab's, which has not heard of it yet.
    expect((await refresh(owner.cookie)).statusCode).toBe(401);
    const next = await refresh(cookieOf(gone));
    expect(next.statusCode, next.body).toBe(200);
    await site.database.db.execute(sql`update refresh_tokens t
      set used_at = t.used_at - interval '11 seconds', withdrawn_at = t.withdrawn_at - interval '11 seconds'
      from sessions s where s.id = t.session_id and s.user_id = ${owner.id}`);
    expect((await refresh(owner.cookie)).statusCode).toBe(401);
    expect((await refresh(cookieOf(next))).statusCode).toBe(401);
  });

  test("ends too where it was shown as it is, not exchanged", async () => {
    const owner = await site.signedIn();
    const gone = await send("DELETE", "/users/me/sessions", undefined, owner);
    expect(gone.statusCode, gone.body).toBe(200);
    await site.database.db.execute(sql`update refresh_tokens
      set withdrawn_at = withdrawn_at - interval '11 seconds' where session_id = ${owner.sessionId}`);
    expect((await refresh(owner.cookie)).statusCode).toBe(401);
    expect((await refresh(cookieOf(gone))).statusCode).toBe(401);
  });

  test("is not laundered without a confirmation, and its owner is told what ended", async () => {
    const user = await register();
    await prove(user);
    await send("PUT", "/users/me/email", { email: `thief-${user.email}` }, user);
    const { token } = await lastLetter(user.id, "prove-address");
    const end = () => send("DELETE", "/users/me/sessions", undefined, user);
    const confirmed = (at: string) =>
      site.database.pool.query(`update sessions set confirmed_at = ${at} where user_id = $1`, [
        user.id,
      ]);
    await confirmed("now() - interval '11 minutes'");
    expect((await end()).json().code).toBe("confirmation-needed");
    await confirmed("now()");
    expect((await end()).statusCode).toBe(200);
    expect(await letters(user.id, "others-signed-out")).toHaveLength(1);
    expect((await send("POST", "/auth/prove-address", { token })).statusCode).toBe(401);
  });
});

describe("what a thief prepared", () => {
  const helps: readonly [string, Method, object, string][] = [
    ["factor-removal", "POST", why, "factors-removed"],
    ["sign-out", "POST", why, "signed-out-by-operator"],
    ["suspension", "PUT", { ...why, isSuspended: true }, "suspension-ended"],
  ];

  test.each(helps)(
    "ends by an operator's %s, and the owner is told",
    async (deed, method, body, kind) => {
      const [user, operator] = [await register(), await site.signedIn("admin")];
      await prove(user);
      await send("PUT", "/users/me/email", { email: `thief-${user.email}` }, user);
      const link = (await lastLetter(user.id, "prove-address")).token;
      const wish = { name: "thief's", scopes: ["read"] };
      const made = await send("POST", "/users/me/tokens", wish, user);
      const code = await createTelegramLinks(site.database.db).giveCode({ id: user.id, epoch: 0 });
      const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
      await send("PUT", "/users/me/totp", { code: totpCode(secret, stepAt(Date.now())) }, user);

      const devices = sql`select from known_devices where user_id = ${user.id}`;
      expect((await site.database.db.execute(devices)).rowCount).toBe(1);

      const url = `/admin/users/${user.id}/${deed}`;
      expect((await send(method, url, body, operator)).statusCode).toBe(204);
      if (deed === "suspension")
        expect((await send("PUT", url, { ...why, isSuspended: false }, operator)).statusCode).toBe(
          204,
        );
      expect((await send("POST", "/auth/prove-address", { token: link })).statusCode).toBe(401);
      expect((await send("GET", "/users/me", undefined, made.json().token)).statusCode).toBe(401);
      expect(await createTelegramLinks(site.database.db).claim(code, "chat", "thief")).toBeNull();
      expect((await site.database.db.execute(devices)).rowCount).toBe(0);
      expect(await letters(user.id, kind)).toMatchObject([{ to: user.email, facts: why }]);
    },
  );
});

describe("what wants the browser that is signed in", () => {
  const stepUp = async ({ bearer }: SignedInUser, cookie: string) =>
    (await send("POST", "/users/me/totp", undefined, { headers: { ...bearer, cookie } }))
      .statusCode;

  test("is done while other tabs exchange its cookie", async () => {
    const owner = await site.signedIn();
    const { cookie } = owner;
    const asked = Array.from(
      { length: 4 },
      () => [refresh(cookie), stepUp(owner, cookie)] as const,
    );
    const [one, other] = await Promise.all(asked.map(async ([renewed]) => cookieOf(await renewed)));
    const next = cookieOf(await refresh(other ?? ""));
    const later = [cookie, one, other, next].map((shown = "") => stepUp(owner, shown));
    for (const status of [...asked.map(([, answer]) => answer), ...later])
      expect(await status).toBe(200);
    expect((await refresh(next)).statusCode).toBe(200);
  });

  test("is done where another tab exchanged the cookie while a body was on its way", async () => {
    const { cookie, sessionId } = await site.signedIn();
    await refresh(cookie);
    await site.database.db.execute(
      sql`update refresh_tokens set used_at = used_at - interval '20 seconds' where session_id = ${sessionId}`,
    );
    const token = /=([^;]+)/.exec(cookie)?.[1] ?? "";
    const { shownBy } = createSessions(site.database.db);
    expect(await shownBy(token, 15)).toBe(sessionId);
    expect(await shownBy(token, 5)).toBeNull();
  });

  test("is refused for a cookie that was used before, whose session ends", async () => {
    const [owner, other] = [await site.signedIn(), await site.signedIn()];
    const next = cookieOf(await refresh(owner.cookie));
    await site.database.db.execute(
      sql`update refresh_tokens set used_at = used_at - interval '11 seconds' where session_id = ${owner.sessionId}`,
    );
    expect(await stepUp(other, owner.cookie)).toBe(403);
    expect((await refresh(next)).statusCode).toBe(401);
    expect((await refresh(other.cookie)).statusCode).toBe(200);
  });
});

test("the new token is good at once, also where nobody has heard of the change yet", async () => {
  const user = await find((await site.signedIn()).id);
  const own = await createSessions(site.database.db).open(user, "link", here);
  const tokens = createAccessTokens([site.config.jwtSecretKey], Date.now);
  const { authenticate } = createAuthentication({
    ...{ tokens, accounts: store(), programs: createLiveTokens(site.database.db) },
    events: { subscribe: () => () => undefined, close: async () => undefined },
    now: Date.now,
  });
  const first = await tokens.make(own);
  expect(await authenticate(first, here.address)).toMatchObject({ id: user.id });
  const next = await createSessions(site.database.db).endOthers({ ...own, id: user.id }, "test");
  const second = await tokens.make(next);
  expect(await authenticate(second, here.address)).toMatchObject({ id: user.id });
  expect(await authenticate(first, here.address)).toBeNull();
});

describe("a request that waits while a new password is set", () => {
  type Given = Readonly<{ code: string }>;
  const requests: readonly [Method, string, ((given: Given) => object)?][] = [
    ["POST", "/users/me/tokens", () => ({ name: "x", scopes: ["trade"] })],
    ["PUT", "/users/me/email", () => ({ email: "thief@example.com" })],
    ["POST", "/users/me/email/link"],
    ["PATCH", "/users/me", () => ({ name: "thief" })],
    ["PUT", "/users/me/country", () => ({ country: "DE" })],
    ["PUT", "/users/me/password", () => ({ current: null, password: another })],
    ["DELETE", "/users/me/sessions"],
    ["POST", "/users/me/totp"],
    ["PUT", "/users/me/totp", ({ code }) => ({ code })],
    ["DELETE", "/users/me/totp"],
    ["POST", "/users/me/recovery-codes"],
    ["DELETE", `/users/me/passkeys/${newId()}`],
    ["DELETE", "/users/me"],
    ["POST", "/admin/invitations", () => ({})],
  ];

  test.each(requests)("changes nothing after it: %s %s", async (method, path, body) => {
    const asker = await site.signedIn("admin");
    const { secret } = (await send("POST", "/users/me/totp", undefined, asker)).json();
    const given = { code: totpCode(secret, stepAt(Date.now())) };
    const { answer } = await site.database.db.transaction(async (transaction) => {
      // Also by a copy of the token of the session that goes on.
      await createSessions(transaction).endOthers(asker, "password-changed");
      const sent = send(method, path, body?.(given), asker);
      await expect.poll(site.database.waiting, { interval: 5 }).toBe(1);
      return { answer: sent };
    });
    expect((await answer).json().code).toBe("not-signed-in");
  });
});

test("a confirmation that is under way does not outlive a new password", async () => {
  const user = await register();
  const sessions = createSessions(site.database.db);
  const own = await sessions.open(await find(user.id), "password", here);
  const asker = { ...own, id: user.id };
  await sessions.endOthers(asker, "test");
  await expect(sessions.confirm(asker)).rejects.toMatchObject({
    code: "not-signed-in",
  });
});

describe("links by mail", () => {
  test("to an address that was replaced set no password", async () => {
    const user = await register();
    await prove(user);
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    const change = await send("PUT", "/users/me/email", { email: `x-${user.email}` }, user);
    expect(change.statusCode).toBe(202);
    await prove(user);
    const late = await send("POST", "/auth/reset", { token, password: another });
    expect(late.json().code).toBe("link-not-valid");
  });

  test("that somebody else prepared end with a new password", async () => {
    const user = await register();
    await prove(user);
    await send("PUT", "/users/me/email", { email: `thief-${user.email}` }, user);
    const { token } = await lastLetter(user.id, "prove-address");
    const change = { current: password, password: another };
    expect((await send("PUT", "/users/me/password", change, user)).statusCode).toBe(200);
    expect((await send("POST", "/auth/prove-address", { token })).statusCode).toBe(401);
  });

  test("are one for each purpose, of ten that are made at once", async () => {
    const { id } = await register();
    const give = () =>
      site.database.db.transaction((transaction) =>
        createAccountTokens(transaction).give(id, "reset-password", "x@example.com"),
      );
    const links = await Promise.all(Array.from({ length: 10 }, give));
    const tokens = createAccountTokens(site.database.db);
    const open = await Promise.all(links.map(({ token }) => tokens.find(token, "reset-password")));
    expect(open.filter((one) => one !== null)).toHaveLength(1);
  });
});

describe("a look over a shoulder", () => {
  async function look() {
    const [operator, user] = [await site.signedIn("admin"), await site.signedIn()];
    const url = `/admin/users/${user.id}/impersonation`;
    const answer = await send("POST", url, why, operator);
    expect(answer.statusCode, answer.body).toBe(200);
    const seen: string = answer.json().accessToken;
    const status = async () => (await send("GET", "/users/me", undefined, seen)).statusCode;
    expect(await status()).toBe(200);
    return { operator, user, status, seen };
  }

  test("is told to the user in any case, also where no address is proven", async () => {
    const { user } = await look();
    const answer = await site.inject({ url: "/api/v1/users/me/inbox", headers: user.headers });
    expect(answer.json()).toMatchObject({
      items: [{ title: "An operator looks at your account" }],
    });
  });

  const sessions = () => createSessions(site.database.db);
  const ends: readonly [string, (one: Awaited<ReturnType<typeof look>>) => Promise<unknown>][] = [
    ["signs out", ({ operator }) => sessions().end(operator.sessionId, "signed-out")],
    ["is signed out everywhere", ({ operator }) => sessions().endAll(operator.id, "test")],
    [
      "is suspended, and let in again",
      async ({ operator }) => {
        const other = await site.signedIn("admin");
        for (const isSuspended of [true, false]) {
          const url = `/admin/users/${operator.id}/suspension`;
          const answer = await send("PUT", url, { isSuspended, ...why }, other);
          expect(answer.statusCode, answer.body).toBe(204);
        }
      },
    ],
    [
      "loses the role, and gets it back",
      async ({ operator }) => {
        const other = await site.signedIn("admin");
        for (const role of ["support", "admin"]) {
          const url = `/admin/users/${operator.id}/role`;
          expect((await send("PUT", url, { role, ...why }, other)).statusCode).toBe(204);
        }
      },
    ],
  ];
  test.each(ends)("ends when its operator %s, and its stream of events with it", async (_, end) => {
    const one = await look();
    const stream = await site.inject({
      ...{ url: "/api/v1/events", payloadAsStream: true },
      headers: { authorization: `Bearer ${one.seen}` },
    });
    expect(stream.statusCode).toBe(200);
    const said = text(stream.stream());
    await end(one);
    // It is whole only when the stream has ended: no keep-alive comes so early.
    expect(await said).toBe(": connected\n\n");
    await expect.poll(one.status, { timeout: 1_000 }).toBe(401);
  });
});
