import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eraseAccounts } from "../src/accounts/erase-accounts.job.ts";
import { ownedTables } from "../src/accounts/owned-tables.ts";
import { stepAt, totpCode } from "../src/accounts/totp.ts";
import { type TestApp, testApp } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";
import { another, cookieOf, deviceOf, password, people } from "./support/people.ts";
import { testWorker } from "./support/worker.ts";

let site: TestApp;
beforeAll(async () => {
  site = await testApp();
});
afterAll(() => site.close());

const { send, register, letters, lastLetter, prove, login, refresh, inbox, answerResets } = people(
  () => site,
);
const chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36";

const security = async (token: string) =>
  (await send("GET", "/users/me/security", undefined, token)).json();
const withoutRequestId = (body: string) => body.replace(/"requestId":"[^"]+"/, "");

describe("an address", () => {
  test("is a claim until its link is opened, which works once", async () => {
    const user = await register();
    expect(await security(user.token)).toMatchObject({ emailProven: false, pendingEmail: null });
    const { token, to } = await lastLetter(user.id, "prove-address");
    expect(to).toBe(user.email);
    const tries = await Promise.all(
      Array.from({ length: 100 }, () => send("POST", "/auth/prove-address", { token })),
    );
    expect(tries.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
    expect(tries.filter(({ statusCode }) => statusCode === 401)).toHaveLength(99);
    expect(await security(user.token)).toMatchObject({ emailProven: true });
  });

  test("that is somebody's makes no difference to whoever registers with it", async () => {
    const owner = await register();
    await prove(owner);
    const names = [randomBytes(5).toString("hex"), randomBytes(5).toString("hex")];
    const [taken, free] = await Promise.all([
      send("POST", "/auth/register", { name: names[0], email: owner.email, password }),
      send("POST", "/auth/register", {
        name: names[1],
        email: `${names[1]}@example.com`,
        password,
      }),
    ]);
    expect([taken.statusCode, Object.keys(taken.json())]).toEqual([
      free.statusCode,
      Object.keys(free.json()),
    ]);
    expect(await letters(owner.id, "address-in-use")).toMatchObject([{ to: owner.email }]);
    // Signing in by the address still leads to its owner.
    const me = await send(
      "GET",
      "/users/me",
      undefined,
      (await login(owner.email)).json().accessToken,
    );
    expect(me.json().id).toBe(owner.id);
  });

  test("goes to the first who proves it", async () => {
    const email = `${randomBytes(5).toString("hex")}@example.com`;
    const [squatter, owner] = [await register(email), await register(email)];
    await prove(owner);
    const { token } = await lastLetter(squatter.id, "prove-address");
    const late = await send("POST", "/auth/prove-address", { token });
    expect([late.statusCode, late.json().code]).toEqual([409, "conflict"]);
    expect(await security(squatter.token)).toMatchObject({ emailProven: false });
  });

  test("is replaced when the new one is proven, and the old one is told", async () => {
    const user = await register();
    await prove(user);
    const next = `new-${user.email}`;
    expect((await send("PUT", "/users/me/email", { email: next }, user.token)).statusCode).toBe(
      202,
    );
    expect(await security(user.token)).toMatchObject({ email: user.email, pendingEmail: next });
    expect((await lastLetter(user.id, "prove-address")).to).toBe(next);
    await prove(user);
    expect(await security(user.token)).toMatchObject({
      email: next,
      emailProven: true,
      pendingEmail: null,
    });
    expect(await lastLetter(user.id, "address-changed")).toMatchObject({
      to: user.email,
      facts: { address: next },
    });
  });

  test("gets its link again after a minute, and the first link ends", async () => {
    const user = await register();
    const first = await lastLetter(user.id, "prove-address");
    const soon = await send("POST", "/users/me/email/link", undefined, user.token);
    expect([soon.statusCode, soon.json().code]).toEqual([429, "rate-limited"]);
    await site.database.db.execute(
      sql`update account_tokens set created_at = created_at - interval '61 seconds' where user_id = ${user.id}`,
    );
    expect((await send("POST", "/users/me/email/link", undefined, user.token)).statusCode).toBe(
      202,
    );
    expect((await send("POST", "/auth/prove-address", { token: first.token })).statusCode).toBe(
      401,
    );
    await prove(user);
  });
});

describe("an invitation", () => {
  let network = 0;
  let closedSite: TestApp;
  beforeAll(async () => {
    closedSite = await testApp({ env: { REGISTRATION: "invitation" }, database: site.database });
  });
  afterAll(() => closedSite.close());

  const ask = (method: "GET" | "POST" | "DELETE", path: string, payload?: object, headers = {}) => {
    network += 1;
    return closedSite.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: `10.77.${network & 255}.7`,
      headers: { "sec-fetch-site": "same-origin", ...headers },
      ...(payload === undefined ? {} : { payload }),
    });
  };
  const enter = (invitation?: string, given: Readonly<{ name?: string; email?: string }> = {}) => {
    const name = randomBytes(6).toString("hex");
    return ask("POST", "/auth/register", {
      ...{ name, email: `${name}@example.com`, password, ...given },
      ...(invitation === undefined ? {} : { invitation }),
    });
  };

  test("is needed where the site says so, lets one in, and is mailed to whom it names", async () => {
    const admin = await closedSite.signedIn("admin");
    expect((await enter()).json().code).toBe("forbidden");
    const email = `${randomBytes(5).toString("hex")}@example.com`;
    const made = await ask("POST", "/admin/invitations", { email }, admin.headers);
    expect(made.statusCode, made.body).toBe(201);
    const { link, invitation } = made.json();
    const token = link.split("/").at(-1);
    expect(await letters(admin.id, "invitation")).toMatchObject([{ to: email, token }]);
    expect((await ask("POST", "/auth/invitation", { token })).json().email).toBe(email);
    expect((await enter(token)).json().code).toBe("link-not-valid");
    const guests = await Promise.all(Array.from({ length: 10 }, () => enter(token, { email })));
    expect(guests.filter(({ statusCode }) => statusCode === 201)).toHaveLength(1);
    expect(guests.filter(({ statusCode }) => statusCode === 401)).toHaveLength(9);
    const { items } = (await ask("GET", "/admin/invitations", undefined, admin.headers)).json();
    expect(items[0]).toMatchObject({ id: invitation.id, state: "used", madeBy: admin.name });
    expect(JSON.stringify(items)).not.toContain(token);
  });

  test("is looked at before the name: nobody learns by a made-up one who is here", async () => {
    const { name } = await closedSite.signedIn();
    const made = randomBytes(20).toString("hex");
    const answers = [await enter(made, { name }), await enter(made)];
    const told = answers.map(({ statusCode, body }) => [statusCode, withoutRequestId(body)]);
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.[0]).toBe(401);
  });

  test.each(["suspension", "role"])("ends with the %s of whom it is from", async (what) => {
    const [maker, other] = [await closedSite.signedIn("admin"), await closedSite.signedIn("admin")];
    const { link } = (await ask("POST", "/admin/invitations", {}, maker.headers)).json();
    const change = what === "role" ? { role: "support" } : { isSuspended: true };
    const reason = "a test wants it";
    const gone = await closedSite.inject({
      ...{ method: "PUT", url: `/api/v1/admin/users/${maker.id}/${what}`, headers: other.headers },
      payload: { ...change, reason },
    });
    expect(gone.statusCode, gone.body).toBe(204);
    expect((await enter(link.split("/").at(-1))).json().code).toBe("link-not-valid");
  });

  test("that was withdrawn or has ended opens nothing", async () => {
    const { headers } = await closedSite.signedIn("admin");
    const make = async () =>
      (await ask("POST", "/admin/invitations", { days: 1 }, headers)).json() as {
        link: string;
        invitation: { id: string };
      };
    const [withdrawn, ended] = [await make(), await make()];
    const gone = await ask(
      "DELETE",
      `/admin/invitations/${withdrawn.invitation.id}`,
      undefined,
      headers,
    );
    expect(gone.statusCode).toBe(204);
    await site.database.db.execute(
      sql`update invitations set expires_at = now() where id = ${ended.invitation.id}`,
    );
    for (const { link } of [withdrawn, ended])
      expect((await enter(link.split("/").at(-1))).json().code).toBe("link-not-valid");
  });
});

describe("a forgotten password", () => {
  test("is answered alike for names that are there and that are not", async () => {
    const user = await register();
    await prove(user);
    const answers = await Promise.all(
      [user.name, user.email, "nobody-at-all", "nobody@example.com"].map((identifier) =>
        send("POST", "/auth/forgot", { identifier }),
      ),
    );
    expect(new Set(answers.map(({ statusCode, body }) => `${statusCode} ${body}`)).size).toBe(1);
    expect(answers[0]?.statusCode).toBe(202);
    expect(await letters(user.id, "reset-password")).toEqual([]);
    await answerResets();
    expect((await letters(user.id, "reset-password")).length).toBeGreaterThan(0);
    const left = await site.database.pool.query("select 1 from reset_requests");
    expect(left.rowCount).toBe(0);
  });

  test("is set anew once, of a hundred who try; all sessions end, and nobody is signed in", async () => {
    const user = await register();
    await prove(user);
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    const stored = await site.database.pool.query("select hash from account_tokens");
    expect(JSON.stringify(stored.rows)).not.toContain(token);
    const tries = await Promise.all(
      Array.from({ length: 100 }, () => send("POST", "/auth/reset", { token, password: another })),
    );
    const won = tries.filter(({ statusCode }) => statusCode === 204);
    expect(won).toHaveLength(1);
    expect(won[0]?.headers["set-cookie"]).toBeUndefined();
    await expect
      .poll(async () => (await send("GET", "/users/me", undefined, user.token)).statusCode)
      .toBe(401);
    expect((await login(user.name)).statusCode).toBe(401);
    expect((await login(user.name, another)).statusCode).toBe(200);
  }, 60_000);

  test("has a link for 30 minutes, and a refused password does not use it up", async () => {
    const user = await register();
    await prove(user);
    await send("POST", "/auth/forgot", { identifier: user.email });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    const weak = await send("POST", "/auth/reset", { token, password: "qwerty123456" });
    expect([weak.statusCode, weak.json().code]).toEqual([422, "password-refused"]);
    const { rows } = await site.database.pool.query(
      "select extract(epoch from expires_at - created_at)::int as life from account_tokens where user_id = $1 and purpose = 'reset-password'",
      [user.id],
    );
    expect(rows[0].life).toBe(1_800);
    await site.database.db.execute(sql`update account_tokens set expires_at = now()`);
    expect((await send("POST", "/auth/reset", { token, password: another })).statusCode).toBe(401);
  });

  test("opens the door again to whom somebody else's guesses have locked out", async () => {
    const user = await register();
    await prove(user);
    for (let i = 0; i < 7; i++) await login(user.name, "wrong password!!");
    expect((await login(user.name)).statusCode).toBe(429);
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    await send("POST", "/auth/reset", { token, password: another });
    expect((await login(user.name, another)).statusCode).toBe(200);
  });

  test("is answered to however many ask, and one link goes to the mailbox until it is old", async () => {
    const user = await register();
    await prove(user);
    const ask = async () => {
      for (let i = 0; i < 8; i++) {
        const identifier = i % 2 === 0 ? user.name : user.email;
        expect((await send("POST", "/auth/forgot", { identifier })).statusCode).toBe(202);
        await answerResets();
      }
      return letters(user.id, "reset-password");
    };
    expect(await ask()).toHaveLength(1);
    await site.database.db.execute(
      sql`update account_tokens set created_at = created_at - interval '10 minutes' where user_id = ${user.id}`,
    );
    const [, second] = await ask();
    const reset = { token: second?.token, password: another };
    expect((await send("POST", "/auth/reset", reset)).statusCode).toBe(204);
  });

  test("is not answered where nobody has proven the address", async () => {
    const user = await register();
    await send("POST", "/auth/forgot", { identifier: user.email });
    await answerResets();
    expect(await letters(user.id, "reset-password")).toEqual([]);
  });

  const backends = [
    { backend: "PostgreSQL", url: null },
    ...(testRedisUrl("accountLife") === ""
      ? []
      : [{ backend: "Redis", url: testRedisUrl("accountLife") }]),
  ];
  test.each(backends)(
    "is answered by a worker on $backend",
    { timeout: 30_000 },
    async ({ url }) => {
      const user = await register();
      await prove(user);
      const redis: Record<string, string> = url === null ? {} : { REDIS_URL: url };
      const worker = await testWorker(site.database, { WORKER_QUEUES: "mail", ...redis });
      await send("POST", "/auth/forgot", { identifier: user.name });
      const admin = await site.signedIn("admin");
      const caught = async () => {
        const { items } = (
          await site.inject({ url: "/api/v1/mailbox", headers: admin.headers })
        ).json();
        return items.find(
          (mail: { kind: string; recipient: string }) =>
            mail.kind === "reset-password" && mail.recipient === user.email,
        );
      };
      await expect.poll(caught, { timeout: 30_000 }).toBeDefined();
      const token = /reset\/([\w-]+)/.exec((await caught()).text)?.[1];
      expect((await send("POST", "/auth/reset", { token, password: another })).statusCode).toBe(
        204,
      );
      await worker.close();
    },
  );
});

describe("a password", () => {
  test("that is common or made of the name is refused everywhere", async () => {
    const answer = await send("POST", "/auth/register", {
      name: "guessable",
      email: "g@example.com",
      password: "1qaz2wsx3edc",
    });
    expect([answer.statusCode, answer.json().code]).toEqual([422, "password-refused"]);
  });

  test("is changed by who knows the old one; the other sessions end, this one stays", async () => {
    const user = await register();
    await prove(user);
    const other = (await login(user.name)).json().accessToken;
    const change = (current: string, next: string) =>
      send("PUT", "/users/me/password", { current, password: next }, user.token);
    expect((await change("not the password", another)).json().code).toBe("wrong-credentials");
    const changed = await change(password, another);
    expect(changed.statusCode, changed.body).toBe(200);
    for (const token of [other, user.token])
      await expect
        .poll(async () => (await send("GET", "/users/me", undefined, token)).statusCode)
        .toBe(401);
    const { accessToken } = changed.json();
    expect((await send("GET", "/users/me", undefined, accessToken)).statusCode).toBe(200);
    expect(await letters(user.id, "password-changed")).toHaveLength(1);
    expect((await login(user.name)).statusCode).toBe(401);
    expect((await login(user.name, another)).statusCode).toBe(200);
  });

  test("cannot be guessed through a session that was left open", async () => {
    const user = await register();
    const codes: number[] = [];
    for (let i = 0; i < 8; i++) {
      const guess = { password: `guess number ${i}` };
      codes.push((await send("POST", "/users/me/confirmation", guess, user.token)).statusCode);
    }
    expect(codes.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(codes.at(-1)).toBe(429);
  });
});

describe("sessions", () => {
  test("are listed with device and address, and ended one by one or all others at once", async () => {
    const user = await register();
    for (const device of [chrome, chrome]) await login(user.name, password, undefined, device);
    const list = async () =>
      (await send("GET", "/users/me/sessions", undefined, user.token)).json().items;
    const sessions = await list();
    expect(sessions).toHaveLength(3);
    expect(sessions.filter((one: { isCurrent: boolean }) => one.isCurrent)).toMatchObject([
      { device: "Firefox on Linux", address: expect.stringMatching(/^10\./), method: "register" },
    ]);
    const { id } = sessions.find((one: { isCurrent: boolean }) => !one.isCurrent);
    const end = () => send("DELETE", `/users/me/sessions/${id}`, undefined, user.token);
    expect([(await end()).statusCode, (await end()).statusCode]).toEqual([204, 404]);
    expect(await list()).toHaveLength(2);
    const ended = await send("DELETE", "/users/me/sessions", undefined, user.token);
    user.token = ended.json().accessToken;
    expect(await list()).toHaveLength(1);
  });

  test("end when their browser signs in anew", async () => {
    const user = await register();
    const credentials = { identifier: user.name, password };
    const again = await send("POST", "/auth/login", credentials, undefined, {
      cookie: user.cookie,
    });
    expect((await refresh(user.cookie)).statusCode).toBe(401);
    expect((await refresh(cookieOf(again))).statusCode).toBe(200);
  });

  test("in a new browser are told by mail, once, whatever it says to be, and never to an unproven address", async () => {
    const user = await register();
    await login(user.name, password, undefined, chrome);
    expect(await letters(user.id, "new-device")).toEqual([]);
    await prove(user);
    const first = await login(user.name);
    const told = () => letters(user.id, "new-device");
    expect(await told()).toMatchObject([{ facts: { device: "Firefox on Linux" } }]);
    const again = { identifier: user.name, password };
    const cookie = deviceOf(first);
    await send("POST", "/auth/login", again, undefined, { cookie, "user-agent": "curl/8.6.0" });
    expect(await told()).toHaveLength(1);
    // A cookie that this site never gave makes no browser known, now or later.
    const planted = `__Host-device=${"x".repeat(43)}`;
    for (let i = 0; i < 2; i++)
      await send("POST", "/auth/login", again, undefined, { cookie: planted });
    expect(await told()).toHaveLength(3);
    const { rows } = await site.database.pool.query("select * from known_devices");
    expect(JSON.stringify(rows)).not.toContain(cookie.split("=")[1]);
  });
});

test("nobody's mailbox is filled by registering or by changing an address", async () => {
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const user = await register();
  const codes = { registered: [] as number[], changed: [] as number[] };
  for (let i = 0; i < 7; i++) {
    const name = randomBytes(6).toString("hex");
    const made = await send("POST", "/auth/register", { name, email, password });
    codes.registered.push(made.statusCode);
    const change = { email: `${i}-${email}` };
    codes.changed.push((await send("PUT", "/users/me/email", change, user.token)).statusCode);
  }
  expect(codes.registered).toContain(429);
  expect(codes.changed).toContain(429);
});

test("one address is asked once for its proof, of ten who ask at once, and ever more seldom", async () => {
  const user = await register();
  const olden = () =>
    site.database.db.execute(
      sql`update account_tokens set created_at = created_at - interval '61 seconds' where user_id = ${user.id}`,
    );
  const resend = async () =>
    (await send("POST", "/users/me/email/link", undefined, user.token)).statusCode;
  await olden();
  const codes = await Promise.all(Array.from({ length: 10 }, resend));
  expect(codes.filter((code) => code === 202)).toHaveLength(1);
  for (let i = 0; i < 8; i++) {
    await olden();
    codes.push(await resend());
  }
  expect((await letters(user.id, "prove-address")).length).toBeLessThan(8);
});

test("a name is changed by who confirmed, unless it is somebody's, and that is told", async () => {
  const [one, other] = [await register(), await register()];
  const rename = (name: string) => send("PATCH", "/users/me", { name }, one.token);
  expect((await rename(`${one.name}-x`)).json().name).toBe(`${one.name}-x`);
  expect((await rename(other.name.toUpperCase())).json().code).toBe("name-taken");
  for (const name of ["no blanks here", "\u043Eper\u0430tor", "ｂｏｂ"])
    expect((await rename(name)).statusCode).toBe(400);
  expect((await inbox(one.token)).items).toMatchObject([{ title: "Your name was changed" }]);
  await site.database.db.execute(
    sql`update sessions set confirmed_at = now() - interval '1 hour' where user_id = ${one.id}`,
  );
  expect((await rename("another-name")).json().code).toBe("confirmation-needed");
});

describe("a second factor", () => {
  const now = () => stepAt(Date.now());

  async function withTotp() {
    const user = await register();
    await prove(user);
    const { secret } = (await send("POST", "/users/me/totp", undefined, user.token)).json();
    const code = totpCode(secret, now() - 1);
    const on = await send("PUT", "/users/me/totp", { code }, user.token);
    expect(on.statusCode, on.body).toBe(200);
    const { codes, accessToken: token } = on.json() as { codes: string[]; accessToken: string };
    return { ...user, token, secret: secret as string, codes };
  }

  test("is asked for once it was shown, and stored sealed", async () => {
    const user = await register();
    const { secret, address } = (
      await send("POST", "/users/me/totp", undefined, user.token)
    ).json();
    expect(address).toContain(`secret=${secret}`);
    expect((await login(user.name)).statusCode).toBe(200);
    const wrong = await send("PUT", "/users/me/totp", { code: "000000" }, user.token);
    expect(wrong.json().code).toBe("wrong-code");
    const code = totpCode(secret, now());
    expect((await send("PUT", "/users/me/totp", { code }, user.token)).statusCode).toBe(200);
    const { rows } = await site.database.pool.query("select secret from totp_factors");
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect((await login(user.name)).json().code).toBe("second-factor-required");
  });

  test("lets one of a hundred in who show the same code at once, and none later", async () => {
    const user = await withTotp();
    const code = totpCode(user.secret, now());
    // The throttle would stop most of them before the code is looked at.
    const confirmations = await Promise.all(
      Array.from({ length: 100 }, async () => {
        await site.database.db.execute(sql`delete from sign_in_throttles`);
        return login(user.name, password, code);
      }),
    );
    expect(confirmations.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
    await site.database.db.execute(sql`delete from sign_in_throttles`);
    expect((await login(user.name, password, code)).json().code).toBe("wrong-code");
  }, 60_000);

  test("slows guessing down, also when right passwords without a code come between", async () => {
    const user = await withTotp();
    const codes: string[] = [];
    for (let i = 0; i < 10; i++) {
      await login(user.name);
      codes.push((await login(user.name, password, "000000")).json().code);
    }
    expect(codes.slice(0, 4)).toEqual(Array(4).fill("wrong-code"));
    expect(codes.at(-1)).toBe("rate-limited");
  });

  test("can be replaced by a recovery code, each once, and that is told", async () => {
    const user = await withTotp();
    expect(user.codes).toHaveLength(10);
    const [first = ""] = user.codes;
    expect((await login(user.name, password, first.toUpperCase())).statusCode).toBe(200);
    expect((await login(user.name, password, first)).json().code).toBe("wrong-code");
    expect(await security(user.token)).toMatchObject({ hasTotp: true, recoveryCodesLeft: 9 });
    expect(await lastLetter(user.id, "recovery-code-used")).toMatchObject({ facts: { left: "9" } });
    const more = await send("POST", "/users/me/recovery-codes", undefined, user.token);
    expect(more.json().codes).toHaveLength(10);
    expect((await login(user.name, password, user.codes[1])).json().code).toBe("wrong-code");
    expect(await letters(user.id, "recovery-codes-renewed")).toHaveLength(1);
  });

  test("leaves its owner signed in by new tokens, and nobody by those from before", async () => {
    const user = await register();
    const other = await login(user.name);
    const { secret } = (await send("POST", "/users/me/totp", undefined, user.token)).json();
    const code = totpCode(secret, now());
    const on = await send("PUT", "/users/me/totp", { code }, user.token);
    const ask = (token: string) => send("GET", "/users/me/sessions", undefined, token);
    const { items } = (await ask(on.json().accessToken)).json();
    expect(items.map(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toEqual([true, false]);
    await expect.poll(async () => (await ask(user.token)).statusCode).toBe(401);
    expect((await refresh(user.cookie)).statusCode).toBe(401);
    expect((await refresh(cookieOf(on))).statusCode).toBe(200);
    expect((await refresh(cookieOf(other))).statusCode).toBe(200);
  });

  test("is still asked for after the password was reset", async () => {
    const user = await withTotp();
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    await send("POST", "/auth/reset", { token, password: another });
    expect((await login(user.name, another)).json().code).toBe("second-factor-required");
  });

  test("is needed to confirm, and is turned off by who confirmed", async () => {
    const user = await withTotp();
    await site.database.db.execute(
      sql`update sessions set confirmed_at = now() - interval '1 hour' where user_id = ${user.id}`,
    );
    const off = () => send("DELETE", "/users/me/totp", undefined, user.token);
    expect((await off()).json().code).toBe("confirmation-needed");
    const confirm = (body: object) => send("POST", "/users/me/confirmation", body, user.token);
    expect((await confirm({ password })).json().code).toBe("wrong-code");
    expect((await confirm({ password, code: totpCode(user.secret, now()) })).statusCode).toBe(204);
    expect((await off()).statusCode).toBe(204);
    expect((await login(user.name)).statusCode).toBe(200);
    expect((await letters(user.id)).map(({ kind }) => kind)).toContain("second-factor-off");
  });
});

test("who is not there and who is get the same answer, whatever is wrong", async () => {
  const user = await register();
  const [there, absent] = [
    await login(user.name, "wrong password"),
    await login("not-there-at-all"),
  ];
  expect(withoutRequestId(there.body)).toBe(withoutRequestId(absent.body));
  expect(there.statusCode).toBe(absent.statusCode);
});

describe("an account", () => {
  const erase = () => eraseAccounts({ sql: site.database.db }).run({}, AbortSignal.timeout(5_000));

  test("is exported whole and without secrets, once its owner confirmed", async () => {
    const [user, other] = [await register(), await register()];
    const { secret } = (await send("POST", "/users/me/totp", undefined, user.token)).json();
    const answer = await send("GET", "/users/me/export", undefined, user.token);
    expect(answer.headers["content-disposition"]).toContain("attachment");
    const { data } = answer.json();
    expect(data.users).toMatchObject([{ id: user.id, name: user.name }]);
    expect(data.sessions).toHaveLength(1);
    expect(Object.keys(data)).toEqual(expect.arrayContaining(["backtests", "series", "mails"]));
    for (const hidden of [secret, other.id, "password_hash", "argon2", '"hash"'])
      expect(answer.body).not.toContain(hidden);
  });

  test("of much data is exported piece by piece, one export at a time, and others are answered meanwhile", async () => {
    const user = await register();
    await site.database.pool.query(
      "insert into inbox_messages (id, user_id, kind, facts) select gen_random_uuid(), $1, 'announcement', jsonb_build_object('text', repeat('x', 1000)) from generate_series(1, 5001)",
      [user.id],
    );
    const { hostname, port } = new URL(await site.app.listen({ port: 0, host: "127.0.0.1" }));
    const ask = () =>
      fetch(`http://${hostname}:${port}/api/v1/users/me/export`, {
        headers: { authorization: `Bearer ${user.token}`, host: "localhost" },
      });
    const first = await ask();
    const reader = first.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeLessThan(1_000_000);
    const second = await ask();
    expect([second.status, await second.json()]).toMatchObject([429, { code: "rate-limited" }]);
    expect((await send("GET", "/site")).statusCode).toBe(200);
    await reader?.cancel();
    await expect
      .poll(async () => (await ask()).json(), { timeout: 5_000 })
      .toMatchObject({ data: { users: [{ id: user.id }] } });
    const { data } = (await send("GET", "/users/me/export", undefined, user.token)).json();
    expect(data.inbox_messages).toHaveLength(5_001);
  });

  test("that its owner closed lets nobody in, comes back by the link, and is erased without it", async () => {
    const [kept, gone] = [await register(), await register()];
    await prove(kept);
    await prove(gone);
    for (const { token } of [kept, gone])
      expect((await send("DELETE", "/users/me", undefined, token)).statusCode).toBe(204);
    expect((await login(kept.name)).json().code).toBe("wrong-credentials");
    await expect
      .poll(async () => (await send("GET", "/users/me", undefined, kept.token)).statusCode)
      .toBe(401);
    await erase();
    const { token } = await lastLetter(kept.id, "account-closing");
    const keep = () => send("POST", "/auth/keep-account", { token });
    const tries = await Promise.all(Array.from({ length: 20 }, keep));
    expect(tries.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
    expect((await login(kept.name)).statusCode).toBe(200);

    await site.database.db.execute(
      sql`insert into data_tasks (id, user_id, kind, title, request, step) values (gen_random_uuid(), ${gone.id}, 'import', 'x', '{}', 'x')`,
    );
    const admin = await site.signedIn("admin");
    const invited = { email: gone.email.toUpperCase(), days: 7 };
    const url = "/api/v1/admin/invitations";
    const invitation = await site.inject({
      ...{ method: "POST", url, payload: invited },
      headers: { ...admin.headers, "sec-fetch-site": "same-origin" },
    });
    expect(invitation.statusCode).toBe(201);
    const claimant = await register(kept.email);
    await site.database.db.execute(
      sql`update users set erase_at = now() where id in (${gone.id}, ${claimant.id})`,
    );
    await erase();
    expect(await tablesWith(gone.email)).toEqual([]);
    // Whoever only said that an address is theirs takes nothing of its owner along.
    expect(await letters(kept.id, "address-in-use")).toHaveLength(1);
    for (const { table, column } of await ownedTables(site.database.db)) {
      const { rows } = await site.database.pool.query(
        `select 1 from "${table}" where "${column}" = $1`,
        [gone.id],
      );
      expect([table, rows.length]).toEqual([table, 0]);
    }
    const { rows } = await site.database.pool.query("select 1 from users where id = $1", [gone.id]);
    expect(rows).toEqual([]);
  });

  test("of an operator is not closed, since somebody must care for the site", async () => {
    const { headers } = await site.signedIn("admin");
    const answer = await site.inject({ method: "DELETE", url: "/api/v1/users/me", headers });
    expect(answer.json().code).toBe("conflict");
  });

  test("tells in its inbox what happened to it, once, and nobody else", async () => {
    const [user, other] = [await register(), await register()];
    await login(user.name, password, undefined, chrome);
    expect(await inbox(user.token)).toMatchObject({
      unread: 1,
      items: [{ title: "Signed in on a new device", isRead: false }],
    });
    await send("POST", "/users/me/inbox/read", undefined, other.token);
    expect((await inbox(user.token)).unread).toBe(1);
    await send("POST", "/users/me/inbox/read", undefined, user.token);
    expect(await inbox(user.token)).toMatchObject({ unread: 0, items: [{ isRead: true }] });
    expect(await inbox(other.token)).toEqual({ items: [], unread: 0 });
  });
});

/** Tables with a row that holds the text, however it is written. */
async function tablesWith(text: string): Promise<string[]> {
  const { pool } = site.database;
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public'",
  );
  const found = await Promise.all(
    rows.map(async ({ name }) => {
      const like = `select 1 from "${name}" t where strpos(lower(t::text), lower($1)) > 0`;
      return (await pool.query(like, [text])).rowCount === 0 ? [] : [name];
    }),
  );
  return found.flat();
}

test("no token of a link and no secret of a factor stands in the database or the log in the clear", async () => {
  const user = await register();
  const { token } = await lastLetter(user.id, "prove-address");
  const { secret } = (await send("POST", "/users/me/totp", undefined, user.token)).json();
  const tables = await site.database.pool.query(
    "select table_schema, table_name from information_schema.tables where table_schema in ('public', 'bullmq') and table_type = 'BASE TABLE'",
  );
  for (const { table_schema: schema, table_name: table } of tables.rows) {
    const { rows } = await site.database.pool.query(
      `select t::text as line from "${schema}"."${table}" t`,
    );
    const found = rows.filter(({ line }) => line.includes(token) || line.includes(secret));
    expect([table, found.length]).toEqual([table, 0]);
  }
  expect(site.logged.join("")).not.toContain(token);
});
