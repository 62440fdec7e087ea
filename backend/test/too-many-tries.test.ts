import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { createAccounts } from "../src/accounts/accounts.ts";
import { createPasswordChanges } from "../src/accounts/password-changes.ts";
import { createPasswordCheck } from "../src/accounts/password-check.ts";
import type { Passwords } from "../src/accounts/passwords.ts";
import { createAccountStore } from "../src/accounts/store.ts";
import { createThrottle } from "../src/accounts/throttle.ts";
import { stepAt, totpCode } from "../src/accounts/totp.ts";
import { createSetup } from "../src/admin/setup.ts";
import { PlatformError } from "../src/platform/errors.ts";
import { siteOfFile } from "./support/app.ts";
import { another, deviceOf, password, people } from "./support/people.ts";

const site = siteOfFile();

const { send, register, letters, lastLetter, prove, login, answerResets } = people(site);
const here = { address: "127.0.0.1", device: "test" };

describe("a password that was tried too often", () => {
  const wrong = "not the password";
  async function tried(times: number) {
    const user = await register();
    await prove(user);
    const known = deviceOf(await login(user.name));
    await site.database.db.execute(sql`
      insert into sign_in_throttles (key, failures) values (${`passwords:${user.id}`}, ${times})`);
    return { user, known };
  }

  test("opens nothing, the right one neither, and its owner is told once", async () => {
    const { user } = await tried(99);
    for (const name of [user.name, user.email, user.name])
      expect((await login(name, wrong)).json().code).toBe("wrong-credentials");
    expect((await login(user.name)).json().code).toBe("wrong-credentials");
    expect((await login(user.email)).json().code).toBe("wrong-credentials");
    expect(await letters(user.id, "password-blocked")).toHaveLength(1);
    await send("POST", "/auth/forgot", { identifier: user.name });
    await answerResets();
    const { token } = await lastLetter(user.id, "reset-password");
    await send("POST", "/auth/reset", { token, password: another });
    expect((await login(user.name, another)).statusCode).toBe(200);
  });

  test("still lets its owner in with a browser that was there before", async () => {
    const { user, known } = await tried(100);
    for (let i = 0; i < 8; i++) await login(user.name, wrong);
    expect((await login(user.name)).statusCode).toBe(429);
    const credentials = { identifier: user.name, password };
    const cookie = { cookie: known };
    const answer = await send("POST", "/auth/login", credentials, undefined, cookie);
    expect(answer.statusCode, answer.body).toBe(200);
  });

  test("is judged again after a code, which works once as ever", async () => {
    const { user } = await tried(99);
    const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
    const step = stepAt(Date.now());
    const first = { code: totpCode(secret, step - 1) };
    expect((await send("PUT", "/users/me/totp", first, user)).statusCode).toBe(200);
    const code = totpCode(secret, step);
    for (const shown of [undefined, undefined, first.code, "000000"])
      expect((await login(user.name, wrong, shown)).json().code).toBe("wrong-credentials");
    expect((await login(user.email, password, code)).statusCode).toBe(200);
    expect((await login(user.email, password, code)).json().code).toBe("wrong-code");
  });

  test("is not shown to be right inside a session either", async () => {
    const { user } = await tried(100);
    const answer = await send("POST", "/users/me/confirmation", { password }, user);
    expect(answer.json().code).toBe("wrong-credentials");
  });
});

describe("a flood", () => {
  const busy = new PlatformError("rate-limited", "Too many passwords are checked.");
  const passwords: Passwords = {
    hash: () => Promise.reject(new Error("a password was hashed")),
    verify: () => Promise.reject(busy),
  };
  const { throttle, post } = {
    throttle: () => createThrottle(site.database.db),
    post: async () => undefined,
  };

  test("of the same news stands in the inbox, and fills no mailbox", async () => {
    const user = await register();
    await prove(user);
    const make = (name: string) =>
      send("POST", "/users/me/tokens", { name, scopes: ["read"] }, user);
    for (let i = 0; i < 12; i++) expect((await make(`token ${i}`)).statusCode).toBe(201);
    const { rows } = await site.database.pool.query(
      "select kind from inbox_messages where user_id = $1 and kind = 'token-added'",
      [user.id],
    );
    expect(rows).toHaveLength(12);
    const mailed = (await letters(user.id, "token-added")).length;
    expect([mailed >= 5, mailed < 10]).toEqual([true, true]);
    await send("DELETE", "/users/me/sessions", undefined, user);
    expect(await letters(user.id, "others-signed-out")).toHaveLength(1);
  });

  test("that leaves no room to judge a password costs nobody a try", async () => {
    const user = await createAccountStore(site.database.db).find((await register()).id);
    if (user === null) throw new Error("nobody is there");
    const needs = { sql: site.database.db, passwords, throttle: throttle(), post };
    const check = createPasswordCheck(needs);
    for (let i = 0; i < 9; i++) {
      await expect(check.require(user, password, here)).rejects.toBe(busy);
      const accounts = createAccounts({ ...needs, passwordCheck: check } as never);
      const signIn = accounts.signIn({ identifier: user.name, password }, here);
      await expect(signIn).rejects.toBe(busy);
    }
    const target = { kind: "account", userId: user.id } as const;
    expect(await throttle().countPassword(target)).toBe(1);
  });

  test("of made-up links, invitations and setup links has nothing hashed", async () => {
    const needs = { sql: site.database.db, passwords, throttle: throttle(), post } as never;
    const made = "a".repeat(43);
    const guest = { name: "nobody", email: "n@example.com", password, invitation: made };
    const registration = async () => "invitation";
    const notValid = { code: "link-not-valid" };
    const residence = { requireOpen: async () => undefined };
    const accounts = createAccounts({ ...(needs as object), residence, registration } as never);
    await expect(accounts.register(guest, here)).rejects.toMatchObject(notValid);
    const reset = createPasswordChanges(needs).reset(made, password, here);
    await expect(reset).rejects.toMatchObject(notValid);
    const first = createSetup(needs).makeFirstAdmin({ ...guest, token: made }, "127.0.0.1");
    await expect(first).rejects.toMatchObject(notValid);
  });
});
