import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { siteOfFile } from "./support/app.ts";
import { createAuthenticator } from "./support/authenticator.ts";
import { type Browser, browserOf, password, people } from "./support/people.ts";

const site = siteOfFile();

const origin = "http://localhost:8000";
const { send, register, login: enter } = people(site);
const optionsOf = async (path: string, who?: Browser) =>
  (await send("POST", path, undefined, who)).json() as { challenge: string };
const codeOf = (answer: { json(): { code?: string } }) => answer.json().code;

type Made = { passkey: { id: string }; codes: string[] };

async function withPasskey() {
  const user = await register();
  const device = createAuthenticator(origin);
  const credential = device.create(await optionsOf("/users/me/passkeys/options", user));
  const wish = { name: "Phone", credential };
  const made = await send("POST", "/users/me/passkeys", wish, user);
  expect(made.statusCode, made.body).toBe(201);
  const { passkey, codes } = made.json() as Made;
  return { ...user, ...browserOf(made), before: user.token, device, id: passkey.id, codes };
}

const signIn = (credential: object) => send("POST", "/auth/passkey", { credential });
const login = (name: string, code?: string) => enter(name, password, code);

test("a passkey signs in alone; the password alone no longer does, a recovery code helps once", async () => {
  const user = await withPasskey();
  expect(user.codes).toHaveLength(10);
  expect(codeOf(await login(user.name))).toBe("second-factor-required");
  const entered = await signIn(user.device.get(await optionsOf("/auth/passkey/options")));
  expect(entered.statusCode, entered.body).toBe(200);
  const me = await send("GET", "/users/me", undefined, entered.json().accessToken);
  expect(me.json().name).toBe(user.name);
  expect((await login(user.name, user.codes[0])).statusCode).toBe(200);
  expect(codeOf(await login(user.name, user.codes[0]))).toBe("wrong-code");
  expect(codeOf(await login(user.name, "123456"))).toBe("wrong-code");
});

test("a challenge is signed once, of any number at once, and only the one that was asked", async () => {
  const { device } = await withPasskey();
  const credential = device.get(await optionsOf("/auth/passkey/options"));
  const tries = await Promise.all(Array.from({ length: 20 }, () => signIn(credential)));
  expect(tries.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  expect(new Set(tries.filter((one) => one.statusCode !== 200).map(codeOf))).toEqual(
    new Set(["passkey-refused"]),
  );
  const invented = device.get({ challenge: randomBytes(32).toString("base64url") });
  expect(codeOf(await signIn(invented))).toBe("passkey-refused");
  const old = device.get(await optionsOf("/auth/passkey/options"));
  await site.database.db.execute(
    sql`update passkey_challenges set created_at = now() - interval '301 seconds'`,
  );
  expect(codeOf(await signIn(old))).toBe("passkey-refused");
});

test("what was signed for another site, without the finger, by a copy or by a stranger is refused", async () => {
  const { device } = await withPasskey();
  const ask = () => optionsOf("/auth/passkey/options");
  const lies = [
    { origin: "http://localhost:8001" },
    { origin: "https://evil.example" },
    { flags: 0x01 },
    { flags: 0x04 },
  ];
  for (const lie of lies) {
    expect(codeOf(await signIn(device.get(await ask(), lie)))).toBe("passkey-refused");
  }
  expect((await signIn(device.get(await ask(), { counter: 90 }))).statusCode).toBe(200);
  expect(codeOf(await signIn(device.get(await ask(), { counter: 90 })))).toBe("passkey-refused");
  expect(codeOf(await signIn(createAuthenticator(origin).get(await ask())))).toBe(
    "passkey-refused",
  );
  const honest = device.get(await ask(), { counter: 99 });
  const forged = { ...honest, response: { ...honest.response, signature: "AAAA" } };
  expect(codeOf(await signIn(forged))).toBe("passkey-refused");
});

test("one's own passkey confirms a dangerous action, somebody else's does not", async () => {
  const [user, stranger] = [await withPasskey(), await withPasskey()];
  await expect
    .poll(async () => (await send("GET", "/users/me", undefined, user.before)).statusCode)
    .toBe(401);
  await site.database.db.execute(sql`update sessions set confirmed_at = null`);
  const off = () => send("DELETE", `/users/me/passkeys/${user.id}`, undefined, user);
  const confirm = (passkey: object) => send("POST", "/users/me/confirmation", { passkey }, user);
  const ask = () => optionsOf("/users/me/confirmation/options", user);
  expect(codeOf(await off())).toBe("confirmation-needed");
  expect(codeOf(await confirm(stranger.device.get(await ask())))).toBe("passkey-refused");
  const foreign = await optionsOf("/auth/passkey/options");
  expect(codeOf(await confirm(user.device.get(foreign)))).toBe("passkey-refused");
  expect((await confirm(user.device.get(await ask()))).statusCode).toBe(204);
  expect([(await off()).statusCode, (await off()).statusCode]).toEqual([204, 404]);
  expect((await login(user.name)).statusCode).toBe(200);
});
