import type { ExchangeAccount, ExchangeReading } from "@trading/contracts/exchange-accounts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "../../simulator/src/simulator.ts";
import { destroyLeakedKeys } from "../src/admin/key-leak.ts";
import { openCredentials } from "../src/exchange-accounts/credentials.ts";
import { exchangeAccountJobs } from "../src/exchange-accounts-wiring.ts";
import { createEnvelope, keysFromSecrets } from "../src/platform/envelope.ts";
import { rotateAll } from "../src/sealed-columns.ts";
import { type SignedInUser, type TestApp, testApp, testEncryptionKey } from "./support/app.ts";
import { commandLine } from "./support/command-line.ts";
import { testRedisUrl } from "./support/database.ts";
import { type TestWorker, testWorker } from "./support/worker.ts";

let simulator: Simulator;
let site: TestApp;
let admin: SignedInUser;
let env: Record<string, string>;
beforeAll(async () => {
  simulator = await startSimulator({ seed: "test", token: "admin" });
  env = { SIMULATOR_URL: simulator.url, SIMULATOR_TOKEN: simulator.token };
  site = await testApp({ env: { ...env, OUTGOING_ADDRESSES: "203.0.113.10" } });
  admin = await site.signedIn("admin");
});
afterAll(async () => {
  await site.close();
  await simulator.close();
});
beforeEach(async () => {
  await ask(admin, "PUT", "/admin/halt", { isHalted: false, reason: "a test begins" });
  const tables = [
    "exchange_accounts",
    "leaked_keys",
    "key_mark_secrets",
    "mails",
    "inbox_messages",
  ];
  for (const table of tables) await query(`delete from ${table}`);
});

type Key = { apiKey: string; secret: string };
const keyAtSimulator = (): Key => {
  const { apiKey, secret } = simulator.openAccount({ USDT: "1000.5", BTC: "2" }, "test");
  return { apiKey, secret };
};
type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
const ask = (who: SignedInUser, method: Method, path: string, payload?: object, at = site) =>
  at.inject({
    ...{ method, url: `/api/v1${path}` },
    headers: { "sec-fetch-site": "same-origin", ...who.headers },
    ...(payload === undefined ? {} : { payload }),
  });
const connect = (who: SignedInUser, key: Key, label = "Main", at = site) =>
  ask(who, "POST", "/exchange-accounts", { exchange: "simulator", label, ...key }, at);
const listed = async (who: SignedInUser): Promise<ExchangeAccount[]> =>
  (await ask(who, "GET", "/exchange-accounts")).json().items;
const query = async (text: string, values: unknown[] = []) =>
  (await site.database.pool.query(text, values)).rows;
const proven = async (): Promise<SignedInUser> => {
  const user = await site.signedIn();
  await query("update users set email_proven_at = now() where id = $1", [user.id]);
  return user;
};
const mailsOf = ({ id }: SignedInUser) =>
  query("select kind, facts from mails where user_id = $1 order by created_at, id", [id]);

const backends = [
  { backend: "PostgreSQL", url: null },
  ...(testRedisUrl("exchangeAccounts") === ""
    ? []
    : [{ backend: "Redis", url: testRedisUrl("exchangeAccounts") }]),
];

describe.each(backends)("asked by way of $backend", ({ url }) => {
  let worker: TestWorker;
  beforeAll(async () => {
    const redis: Record<string, string> = url === null ? {} : { REDIS_URL: url };
    worker = await testWorker(site.database, { ...env, ...redis, WORKER_QUEUES: "exchange-keys" });
  });
  afterAll(() => worker.close());

  test("an account is connected, read, renamed, given another key, and removed; its owner is told each time", async () => {
    const user = await proven();
    const key = keyAtSimulator();
    const made = await connect(user, key);
    expect(made.statusCode, made.body).toBe(201);
    const { account, balances } = made.json<ExchangeReading>();
    expect(account).toMatchObject({
      ...{ exchange: "simulator", label: "Main", keyEnd: key.apiKey.slice(-4), isSimulated: true },
      ...{ state: "works", problem: null },
      permissions: { read: true, withdraw: false, isIpRestricted: false },
    });
    expect(balances).toContainEqual(
      expect.objectContaining({ wallet: "spot", asset: "USDT", free: "1000.50000000" }),
    );
    const path = `/exchange-accounts/${account.id}`;
    await ask(user, "PATCH", path, { label: "Second" });
    expect((await ask(user, "POST", `${path}/reading`)).json().account.label).toBe("Second");

    const other = keyAtSimulator();
    const wrong = await ask(user, "PUT", `${path}/key`, { ...other, secret: key.secret });
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, "key-secret-wrong"]);
    expect((await listed(user))[0]?.keyEnd).toBe(key.apiKey.slice(-4));
    const replaced = await ask(user, "PUT", `${path}/key`, other);
    expect(replaced.json().account.keyEnd).toBe(other.apiKey.slice(-4));

    expect((await ask(user, "DELETE", path)).statusCode).toBe(204);
    expect(await listed(user)).toEqual([]);
    const kinds = ["exchange-key-added", "exchange-key-replaced", "exchange-account-removed"];
    const mails = await mailsOf(user);
    expect(mails.map(({ kind }) => kind)).toEqual(kinds);
    const { items } = (await ask(user, "GET", "/users/me/inbox")).json();
    expect(items.map(({ title }: { title: string }) => title)).toContain(
      "An exchange account was connected",
    );
    const seen = JSON.stringify([mails, items, made.body, worker.logged, site.logged]);
    for (const secret of [key.apiKey, key.secret, other.apiKey, other.secret])
      expect(seen).not.toContain(secret);
  });

  test("of a key that is not good nothing is kept, and the same one twice is told to its owner only", async () => {
    const [user, stranger] = [await site.signedIn(), await site.signedIn()];
    const key = keyAtSimulator();
    const wrong = await connect(user, { apiKey: "x".repeat(64), secret: key.secret });
    expect([wrong.statusCode, wrong.json().code]).toEqual([422, "key-refused"]);
    expect(await query("select count(*)::int as n from exchange_accounts")).toEqual([{ n: 0 }]);

    const both = await Promise.all([connect(user, key, "One"), connect(user, key, "Other")]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
    expect((await connect(user, key)).json()).toMatchObject({ code: "conflict" });
    expect((await connect(stranger, key)).statusCode).toBe(201);
    const marks = await query("select key_mark from exchange_accounts");
    expect(new Set(marks.map((row) => row.key_mark)).size).toBe(2);
    expect(await query("select count(*)::int as n from key_checks")).toEqual([{ n: 0 }]);
  });

  test("a leak: work is halted, every key destroyed, each owner told per exchange, once, and the way back is open", async () => {
    const [ann, bob] = [await proven(), await proven()];
    const [leaked, second, bobs] = [keyAtSimulator(), keyAtSimulator(), keyAtSimulator()];
    await connect(ann, leaked, "Main");
    await connect(ann, second, "Second");
    await connect(bob, bobs, "Only");
    await query("delete from mails");
    const reason = "a backup was stolen";
    const press = () => ask(admin, "POST", "/admin/key-leak", { reason });

    const presses = await Promise.all([press(), press()]);
    const counts = presses.map((answer) => answer.json());
    expect(counts).toContainEqual({ accounts: 3, users: 2 });
    expect(counts).toContainEqual({ accounts: 0, users: 0 });
    await expect
      .poll(() => query("select 1 from exchange_accounts where told_at is null"), {
        timeout: 15_000,
      })
      .toEqual([]);
    await press();
    await pause(300);
    expect(await query("select distinct credentials from exchange_accounts")).toEqual([
      { credentials: null },
    ]);
    const [mail, ...more] = await mailsOf(ann);
    expect([mail.kind, mail.facts.exchange, more]).toEqual([
      "exchange-key-leaked",
      "Simulated exchange",
      [],
    ]);
    expect(mail.facts.keys).toContain(`…${leaked.apiKey.slice(-4)}`);
    expect(await mailsOf(bob)).toHaveLength(1);

    expect((await listed(ann)).map(({ state }) => state)).toEqual(["needs-key", "needs-key"]);
    const [, first] = await listed(ann);
    const path = `/exchange-accounts/${first?.id}`;
    expect((await ask(ann, "POST", `${path}/reading`)).json().code).toBe("key-needed");
    expect((await ask(ann, "PUT", `${path}/key`, keyAtSimulator())).json().code).toBe(
      "site-halted",
    );
    expect((await connect(ann, keyAtSimulator())).json().code).toBe("site-halted");
    expect((await ask(ann, "POST", "/downloads", {})).json().code).toBe("site-halted");
    const lines = (await ask(admin, "GET", "/admin/audit?action=keys-destroyed")).json().items;
    const pressed = lines.slice(0, 3).map(({ after }: { after: object }) => after);
    const nothing = { accounts: 0, users: 0, byExchange: {} };
    expect(pressed).toEqual(
      expect.arrayContaining([{ accounts: 3, users: 2, byExchange: { simulator: 3 } }, nothing]),
    );

    await ask(admin, "PUT", "/admin/halt", { isHalted: false, reason });
    expect((await ask(ann, "PUT", `${path}/key`, leaked)).json().code).toBe("conflict");
    expect((await ask(ann, "PUT", `${path}/key`, keyAtSimulator())).statusCode).toBe(200);
    const page = (await ask(admin, "GET", "/admin/exchange-accounts")).json();
    expect(page.leak).toMatchObject({ accounts: 3, users: 2, told: 3, reentered: 1 });
    const waiting = (await ask(admin, "GET", "/admin/exchange-accounts?state=needs-key")).json();
    expect(waiting.total).toBe(2);
    const file = (await ask(admin, "GET", "/admin/exchange-accounts.csv")).body;
    expect(file.trim().split("\r\n")).toHaveLength(4);
    for (const { apiKey, secret } of [leaked, second, bobs])
      for (const text of [apiKey, secret])
        expect(JSON.stringify([file, page, lines])).not.toContain(text);
  });
});

describe("without a queue", () => {
  const envelope = createEnvelope(keysFromSecrets([testEncryptionKey]));
  const stopped = () => {
    throw new Error("killed");
  };

  /** A stored account whose key was tried without a worker. */
  async function stored(user: SignedInUser, key: Key, at = site, sealing = envelope) {
    const jobs = exchangeAccountJobs({
      config: { ...site.config, jwtSecretKey: null },
      ...{ sql: site.database.db, envelope: sealing },
    });
    const connecting = connect(user, key, "Main", at);
    await expect
      .poll(() => query("select id from key_checks where answer is null"), { interval: 20 })
      .toHaveLength(1);
    const [check] = await query("select id, credentials from key_checks");
    expect(check.credentials).toMatch(/^v1\./);
    const run = () =>
      jobs.find(({ name }) => name === "read-key")?.run({ checkId: check.id }, noStop);
    // Twice, as every job may run.
    await Promise.all([run(), run()]);
    const answer = await connecting;
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<ExchangeReading>().account.id;
  }
  const noStop = new AbortController().signal;

  test("what is stored opens at its place only, comes under a new key, and is in no export", async () => {
    const user = await site.signedIn();
    const key = keyAtSimulator();
    const id = await stored(user, key);
    const [row] = await query("select * from exchange_accounts where id = $1", [id]);
    const place = { id, userId: user.id };
    expect(await openCredentials(envelope, "exchange_accounts", place, row.credentials)).toEqual(
      key,
    );
    const other = { id, userId: admin.id };
    await expect(
      openCredentials(envelope, "exchange_accounts", other, row.credentials),
    ).rejects.toThrow("cannot be opened");

    const newKey = "the-next-key-of-these-tests-000000001";
    const next = createEnvelope(keysFromSecrets([newKey, testEncryptionKey]));
    await rotateAll(site.database.db, next);
    const [rotated] = await query("select credentials from exchange_accounts where id = $1", [id]);
    const alone = createEnvelope(keysFromSecrets([newKey]));
    expect(await openCredentials(alone, "exchange_accounts", place, rotated.credentials)).toEqual(
      key,
    );

    const exported = await ask(user, "GET", "/users/me/export");
    expect(exported.statusCode).toBe(200);
    expect(exported.json().data.exchange_accounts).toMatchObject([{ label: "Main" }]);
    for (const text of [key.apiKey, key.secret, row.key_mark, "v1."])
      expect(exported.body).not.toContain(text);
    await query("delete from exchange_accounts");
  });

  test("whoever closes the account leaves no key behind", async () => {
    const user = await site.signedIn();
    await stored(user, keyAtSimulator());
    expect((await ask(user, "DELETE", "/users/me", {})).statusCode).toBe(204);
    expect(await query("select credentials, state from exchange_accounts")).toEqual([
      { credentials: null, state: "needs-key" },
    ]);
    await query("update users set erase_at = null where id = $1", [user.id]);
  });

  test("a leak that is interrupted has done nothing; telling that is interrupted goes on where it was", async () => {
    const [ann, bob] = [await proven(), await proven()];
    await stored(ann, keyAtSimulator());
    const bobs = await stored(bob, keyAtSimulator());
    await query("delete from mails");
    const actor = { id: null, address: "here" };
    const interrupted = site.database.db.transaction(async (transaction) => {
      await destroyLeakedKeys(transaction, actor, "a test");
      stopped();
    });
    await expect(interrupted).rejects.toThrow("killed");
    expect(await query("select 1 from exchange_accounts where credentials is null")).toEqual([]);
    expect((await ask(admin, "GET", "/admin/settings")).json().isHalted).toBe(false);

    const { stdout } = await commandLine(["keys", "leak", "--reason", "a test", "--json"], {
      DATABASE_URL: site.database.url,
      DATA_DIR: site.config.dataDir,
    });
    expect(JSON.parse(stdout)).toEqual({ accounts: 2, users: 2 });
    const [, tell] = exchangeAccountJobs({
      config: { ...site.config, jwtSecretKey: null },
      ...{ sql: site.database.db, envelope },
    });
    const stop = new AbortController();
    stop.abort();
    await tell?.run({}, stop.signal);
    expect(await query("select 1 from mails")).toEqual([]);
    // Whoever removes the account here has the key at the exchange nevertheless.
    expect((await ask(bob, "DELETE", `/exchange-accounts/${bobs}`)).statusCode).toBe(204);
    await Promise.all([tell?.run({}, noStop), tell?.run({}, noStop)]);
    for (const one of [ann, bob]) {
      const told = (await mailsOf(one)).filter(({ kind }) => kind === "exchange-key-leaked");
      expect(told).toMatchObject([{ facts: { keys: expect.stringContaining("“Main” (…") } }]);
    }
  });

  test("a leaked key stays out: for its account and a new one, also once the encryption key it was sealed with is gone", async () => {
    const [ann, bob] = [await site.signedIn(), await site.signedIn()];
    const leaked = keyAtSimulator();
    const id = await stored(ann, leaked);
    await destroyLeakedKeys(site.database.db, { id: null, address: "here" }, "a test");
    await ask(admin, "PUT", "/admin/halt", { isHalted: false, reason: "the hole is closed" });
    const newKey = "the-key-after-the-leak-of-this-test-1";
    const both = createEnvelope(keysFromSecrets([newKey, testEncryptionKey]));
    expect((await rotateAll(site.database.db, both)).broken).toEqual([]);

    const later = await testApp({
      env: { ...env, API_ENCRYPTION_KEY: newKey },
      database: site.database,
    });
    const alone = createEnvelope(keysFromSecrets([newKey]));
    const refused = { code: "conflict", detail: expect.stringContaining("may have become known") };
    const path = `/exchange-accounts/${id}`;
    expect((await ask(ann, "PUT", `${path}/key`, leaked, later)).json()).toMatchObject(refused);
    expect((await connect(ann, leaked, "Other", later)).json()).toMatchObject(refused);
    expect((await ask(ann, "DELETE", path, undefined, later)).statusCode).toBe(204);
    expect((await connect(ann, leaked, "Anew", later)).json()).toMatchObject(refused);
    // One key serves both doors of an exchange.
    const futures = { exchange: "binanceusdm", label: "Futures", ...leaked };
    expect((await ask(ann, "POST", "/exchange-accounts", futures, later)).json()).toMatchObject(
      refused,
    );
    await stored(ann, keyAtSimulator(), later, alone);
    // Whose it was is nobody else's business.
    await stored(bob, leaked, later, alone);
    await later.close();

    const marks = await query("select user_id, exchange, key_mark from leaked_keys");
    expect(marks).toEqual([
      { user_id: ann.id, exchange: "simulator", key_mark: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    await query("delete from users where id = $1", [ann.id]);
    expect(await query("select 1 from leaked_keys")).toEqual([]);
  });

  test("a key that is being tried when keys are destroyed is not stored, then or later, and its owner is told", async () => {
    const user = await proven();
    const key = keyAtSimulator();
    const connecting = connect(user, key);
    await expect.poll(() => query("select 1 from key_checks"), { interval: 20 }).toHaveLength(1);
    const destroyed = await destroyLeakedKeys(
      site.database.db,
      { id: null, address: "here" },
      "a test",
    );
    expect(destroyed).toEqual({ accounts: 1, users: 1 });
    expect((await connecting).json()).toMatchObject({ code: "conflict" });
    const [, tell] = exchangeAccountJobs({
      config: { ...site.config, jwtSecretKey: null },
      ...{ sql: site.database.db, envelope },
    });
    await tell?.run({}, noStop);
    expect(await mailsOf(user)).toMatchObject([
      {
        kind: "exchange-key-leaked",
        facts: { keys: expect.stringContaining(key.apiKey.slice(-4)) },
      },
    ]);
    expect(await query("select 1 from exchange_accounts")).toEqual([]);
    await ask(admin, "PUT", "/admin/halt", { isHalted: false, reason: "the hole is closed" });
    expect((await connect(user, key)).json().detail).toContain("may have become known");
  });

  test("where no worker answers, nothing is left of the key", async () => {
    const user = await site.signedIn();
    const check = await query("select count(*)::int as n from key_checks");
    expect(check).toEqual([{ n: 0 }]);
    await query(
      "insert into key_checks (id, user_id, exchange, credentials, created_at) values (gen_random_uuid(), $1, 'binance', 'v1.x.y.z', now() - interval '2 minutes')",
      [user.id],
    );
    const [, tell] = exchangeAccountJobs({
      config: { ...site.config, jwtSecretKey: null },
      ...{ sql: site.database.db, envelope },
    });
    await tell?.run({}, noStop);
    expect(await query("select count(*)::int as n from key_checks")).toEqual([{ n: 0 }]);
  });

  test("exchanges that are not offered, and what is no key, are refused before anything is asked", async () => {
    const user = await site.signedIn();
    const wish = { exchange: "simulator", label: "x", ...keyAtSimulator() };
    for (const wrong of [
      { exchange: "kraken" },
      { exchange: "https://evil.example" },
      { url: "https://evil.example" },
      { label: "" },
      { apiKey: "with a blank in it" },
      { secret: "short" },
      { secret: "x".repeat(257) },
    ]) {
      const answer = await ask(user, "POST", "/exchange-accounts", { ...wish, ...wrong });
      expect([wrong, answer.statusCode, answer.json().code]).toEqual([
        wrong,
        400,
        "validation-failed",
      ]);
    }
    expect((await ask(user, "GET", "/exchange-accounts")).json()).toEqual({
      items: [],
      exchanges: [
        { id: "simulator", name: "Simulated exchange", isSimulated: true },
        { id: "binance", name: "Binance spot", isSimulated: false },
        { id: "binanceusdm", name: "Binance USDⓈ-M futures", isSimulated: false },
      ],
      outgoingAddresses: ["203.0.113.10"],
      isHalted: false,
    });
  });
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
