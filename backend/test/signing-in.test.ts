import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { stepAt, totpCode } from "../src/accounts/totp.ts";
import { siteOfFile } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";
import { another, browserOf, cookieOf, password, people } from "./support/people.ts";
import { testWorker } from "./support/worker.ts";

const site = siteOfFile();

const { send, register, letters, lastLetter, prove, login, refresh, answerResets } = people(site);
const security = async (token: string) =>
  (await send("GET", "/users/me/security", undefined, token)).json();
const withoutRequestId = (body: string) => body.replace(/"requestId":"[^"]+"/, "");

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
      .poll(async () => (await send("GET", "/users/me", undefined, user)).statusCode)
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
    const [first, second] = await ask();
    // Of two that are open either opens, and then none: a stranger who asks again takes nothing from the owner.
    const reset = (letter = first) =>
      send("POST", "/auth/reset", { token: letter?.token, password: another });
    expect((await reset()).statusCode).toBe(204);
    expect((await reset(second)).statusCode).toBe(401);
  });

  test("fills no mailbox: two mails leave at first, then one an hour, and more once a link was used", async () => {
    const user = await register();
    await prove(user);
    const lettersAfter = async (minutes: number) => {
      await site.database.db.execute(sql`update account_tokens
        set created_at = created_at - make_interval(mins => ${minutes}) where user_id = ${user.id}`);
      await send("POST", "/auth/forgot", { identifier: user.name });
      await answerResets();
      return letters(user.id, "reset-password");
    };
    const firstHour = [0, 9, 1, 25, 24];
    const counts: number[] = [];
    for (const minutes of [...firstHour, ...Array(23).fill(60)])
      counts.push((await lettersAfter(minutes)).length);
    expect(counts.slice(0, firstHour.length)).toEqual([1, 1, 2, 2, 2]);
    expect(counts.at(-1)).toBe(2 + 23);
    const { token } = await lastLetter(user.id, "reset-password");
    expect((await send("POST", "/auth/reset", { token, password: another })).statusCode).toBe(204);
    expect(await lettersAfter(0)).toHaveLength(2 + 24);
  });

  test("is not answered where nobody has proven the address", async () => {
    const user = await register();
    await send("POST", "/auth/forgot", { identifier: user.email });
    await answerResets();
    expect(await letters(user.id, "reset-password")).toEqual([]);
  });

  const backends = [
    { backend: "PostgreSQL", url: null },
    ...(testRedisUrl("signingIn") === ""
      ? []
      : [{ backend: "Redis", url: testRedisUrl("signingIn") }]),
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
      await expect.poll(caught).toBeDefined();
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
      send("PUT", "/users/me/password", { current, password: next }, user);
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
      codes.push((await send("POST", "/users/me/confirmation", guess, user)).statusCode);
    }
    expect(codes.slice(0, 4)).toEqual([401, 401, 401, 401]);
    expect(codes.at(-1)).toBe(429);
  });

  test("is not locked for its owner by whoever copied an access token and guesses", async () => {
    const user = await register();
    for (let i = 0; i < 8; i++) {
      const guess = { password: `guess number ${i}` };
      const answer = await send("POST", "/users/me/confirmation", guess, user.token);
      expect(answer.json().code).toBe("browser-needed");
    }
    expect((await send("POST", "/users/me/confirmation", { password }, user)).statusCode).toBe(204);
  });
});

describe("a second factor", () => {
  const now = () => stepAt(Date.now());

  async function withTotp() {
    const user = await register();
    await prove(user);
    const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
    const code = totpCode(secret, now() - 1);
    const on = await send("PUT", "/users/me/totp", { code }, user);
    expect(on.statusCode, on.body).toBe(200);
    const { codes, accessToken: token } = on.json() as { codes: string[]; accessToken: string };
    return { ...user, ...browserOf(on), token, secret: secret as string, codes };
  }

  test("is asked for once it was shown, and stored sealed", async () => {
    const user = await register();
    const { secret, address } = (await send("POST", "/users/me/totp", undefined, user)).json();
    expect(address).toContain(`secret=${secret}`);
    expect((await login(user.name)).statusCode).toBe(200);
    const wrong = await send("PUT", "/users/me/totp", { code: "000000" }, user);
    expect(wrong.json().code).toBe("wrong-code");
    const code = totpCode(secret, now());
    expect((await send("PUT", "/users/me/totp", { code }, user)).statusCode).toBe(200);
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

  test("that is wrong five times after the right password is told; a hundred in a row are judged, recovery codes always", async () => {
    const user = await withTotp();
    const wrong = async () => {
      await site.database.db.execute(
        sql`update sign_in_throttles set blocked_until = '-infinity' where key like 'sign-in:%'`,
      );
      return (await login(user.name, password, "000000")).json().code;
    };
    for (let i = 0; i < 4; i++) expect(await wrong()).toBe("wrong-code");
    expect(await letters(user.id, "wrong-codes")).toEqual([]);
    for (let i = 0; i < 2; i++) expect(await wrong()).toBe("wrong-code");
    expect(await letters(user.id, "wrong-codes")).toMatchObject([{ to: user.email }]);
    await site.database.db.execute(
      sql`update sign_in_throttles set failures = 99 where key = ${`passwords:${user.id}:codes`}`,
    );
    expect(await wrong()).toBe("wrong-code");
    await site.database.db.execute(sql`delete from sign_in_throttles where key like 'sign-in:%'`);
    const right = totpCode(user.secret, now());
    expect((await login(user.name, password, right)).json().code).toBe("wrong-code");
    expect((await login(user.name, password, user.codes[0])).statusCode).toBe(200);
    expect((await login(user.name, password, right)).statusCode).toBe(200);
    expect(await letters(user.id, "wrong-codes")).toHaveLength(1);
  });

  test("can be replaced by a recovery code, each once, and that is told", async () => {
    const user = await withTotp();
    expect(user.codes).toHaveLength(10);
    const [first = ""] = user.codes;
    expect((await login(user.name, password, first.toUpperCase())).statusCode).toBe(200);
    expect((await login(user.name, password, first)).json().code).toBe("wrong-code");
    expect(await security(user.token)).toMatchObject({ hasTotp: true, recoveryCodesLeft: 9 });
    expect(await lastLetter(user.id, "recovery-code-used")).toMatchObject({ facts: { left: "9" } });
    const more = await send("POST", "/users/me/recovery-codes", undefined, user);
    expect(more.json().codes).toHaveLength(10);
    expect((await login(user.name, password, user.codes[1])).json().code).toBe("wrong-code");
    expect(await letters(user.id, "recovery-codes-renewed")).toHaveLength(1);
  });

  test("leaves its owner signed in by new tokens, and nobody by those from before", async () => {
    const user = await register();
    const other = await login(user.name);
    const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
    const code = totpCode(secret, now());
    const on = await send("PUT", "/users/me/totp", { code }, user);
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

  test("is taken away by an operator for whoever lost it, and they are told", async () => {
    const user = await withTotp();
    const operator = await site.signedIn("admin");
    const remove = () =>
      send("POST", `/admin/users/${user.id}/factor-removal`, { reason: "lost phone" }, operator);
    expect([(await remove()).statusCode, (await remove()).statusCode]).toEqual([204, 409]);
    const audit = "/admin/audit?action=factors-removed";
    expect((await send("GET", audit, undefined, operator)).json().items).toMatchObject([
      { targetId: user.id, before: { authenticatorApp: true, passkeys: 0 }, reason: "lost phone" },
    ]);
    expect((await refresh(user.cookie)).statusCode).toBe(401);
    expect((await login(user.name)).statusCode).toBe(200);
    expect((await login(user.name, password, user.codes[0])).statusCode).toBe(200);
    expect(await letters(user.id, "factors-removed")).toMatchObject([
      { facts: { reason: "lost phone" } },
    ]);

    const suspended = await withTotp();
    const url = `/admin/users/${suspended.id}`;
    const asked = { isSuspended: true, reason: "it was taken over" };
    expect((await send("PUT", `${url}/suspension`, asked, operator)).statusCode).toBe(204);
    const why = { reason: "a stranger's" };
    expect((await send("POST", `${url}/factor-removal`, why, operator)).statusCode).toBe(204);
    expect(await letters(suspended.id, "factors-removed")).toMatchObject([{ facts: why }]);
  });

  test("is needed to confirm, and is turned off by who confirmed", async () => {
    const user = await withTotp();
    await site.database.db.execute(
      sql`update sessions set confirmed_at = now() - interval '1 hour' where user_id = ${user.id}`,
    );
    const off = () => send("DELETE", "/users/me/totp", undefined, user);
    expect((await off()).json().code).toBe("confirmation-needed");
    const confirm = (body: object) => send("POST", "/users/me/confirmation", body, user);
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
