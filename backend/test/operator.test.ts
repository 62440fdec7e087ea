import { setTimeout as pause } from "node:timers/promises";
import type { AuditEntry } from "@trading/contracts/admin";
import { runSettings } from "@trading/contracts/run-settings";
import { UnrecoverableError } from "bullmq";
import { sql as raw } from "drizzle-orm";
import { drizzle } from "drizzle-orm/node-postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordDeed } from "../src/accounts/audit.ts";
import { verifyAuditLog } from "../src/accounts/audit-chain.ts";
import { createPasswords } from "../src/accounts/passwords.ts";
import { backupItem, createSetup } from "../src/admin/setup.ts";
import { createSite } from "../src/admin/site.ts";
import { createBacktestQueue } from "../src/backtests/queue.ts";
import { createBacktestStore, type NewBacktest } from "../src/backtests/store.ts";
import { createTaskQueue } from "../src/market-data/task-queue.ts";
import { createTaskStore } from "../src/market-data/task-store.ts";
import { newId } from "../src/platform/ids.ts";
import { startJobs } from "../src/platform/jobs.ts";
import { type SignedInUser, type TestApp, testApp } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";

let site: TestApp;
let admin: SignedInUser;
const why = { reason: "a test wants it" };

beforeAll(async () => {
  site = await testApp();
  admin = await site.signedIn("admin");
});
afterAll(() => site.close());

const waitingBacktest: NewBacktest = {
  ...{ title: "Tried", strategy: "s", strategyTitle: "Tried", version: "v", parameters: {} },
  ...{ candles: { kind: "series", seriesId: newId() }, symbol: "BTC/USDT", exchange: null },
  ...{ source: "synthetic", quote: "USDT", timeframe: "1h", fromAt: null, toAt: null },
  settings: runSettings.parse({ capital: 1, makerFee: 0, takerFee: 0 }),
  expectedFingerprint: null,
};

const query = async (text: string, values: unknown[] = []) =>
  (await site.database.pool.query(text, values)).rows;
const ask = (method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE", url: string, who = admin) => ({
  with: (payload?: object) =>
    site.inject({
      method,
      url: `/api/v1${url}`,
      headers: { "sec-fetch-site": "same-origin", ...who.headers },
      ...(payload === undefined ? {} : { payload }),
    }),
});
const read = async (url: string, who = admin) => (await ask("GET", url, who).with()).json();
const newest = async (): Promise<AuditEntry> => (await read("/admin/audit?pageSize=1")).items[0];

test("a suspended user is out at once, and the log says who did it, from where and why", async () => {
  const user = await site.signedIn();
  expect((await ask("GET", "/users/me", user).with()).statusCode).toBe(200);
  const url = `/admin/users/${user.id}/suspension`;
  expect((await ask("PUT", url).with({ isSuspended: true, ...why })).statusCode).toBe(204);
  await expect
    .poll(async () => (await ask("GET", "/users/me", user).with()).statusCode, { timeout: 1_000 })
    .toBe(401);
  expect(await newest()).toMatchObject({
    ...{ action: "user-suspended", target: user.name, targetId: user.id },
    ...{ actorId: admin.id, actorName: admin.name, address: "127.0.0.1", ...why },
    ...{ before: { isSuspended: false }, after: { isSuspended: true } },
  });
  await ask("PUT", url).with({ isSuspended: true, reason: "once more" });
  expect((await newest()).reason).toBe(why.reason);
  expect((await read(`/admin/users?state=suspended&search=${user.name}`)).total).toBe(1);
  await ask("PUT", url).with({ isSuspended: false, ...why });
  expect((await read(`/admin/users/${user.id}`)).isSuspended).toBe(false);
});

test("the audit log cannot be changed, and a deed that fails leaves no line", async () => {
  const change = [
    "update audit_log set reason = ''",
    "delete from audit_log",
    "truncate audit_log",
  ];
  for (const text of change) await expect(query(text), text).rejects.toThrow("only added to");
  const [before] = await query("select count(*)::int as n from audit_log");
  const failing = site.database.db.transaction(async (transaction) => {
    const deed = { action: "announced", target: "x", reason: "x" } as const;
    await recordDeed(transaction, { id: null, address: "x" }, deed);
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await query("select count(*)::int as n from audit_log")).toEqual([before]);
});

test("the lines of the log follow from each other, and whatever was changed past the triggers is found", async () => {
  const { db, pool } = site.database;
  const deed = { action: "announced", target: "x", reason: "x", after: { text: "é" } } as const;
  await Promise.all(
    Array.from({ length: 10 }, () => recordDeed(db, { id: null, address: "x" }, deed)),
  );
  const whole = await verifyAuditLog(db, null);
  expect(whole).toMatchObject({ brokenAt: null, holdsKnown: true });
  expect(whole.head?.position).toBe(whole.lines);
  const line = whole.lines - 5;
  const changes = [
    [`update audit_log set reason = 'another' where position = ${line}`, line],
    [`delete from audit_log where position = ${line}`, line + 1],
    ["delete from audit_log where position = 1", 2],
  ] as const;
  for (const [change, brokenAt] of changes) {
    const client = await pool.connect();
    await client.query(`begin; alter table audit_log disable trigger user; ${change}`);
    expect((await verifyAuditLog(drizzle({ client }), null)).brokenAt, change).toBe(brokenAt);
    await client.query("rollback");
    client.release();
  }
  // The last lines can be cut off by whoever owns the database: then a line that was noted is missing.
  const client = await pool.connect();
  await client.query("begin; alter table audit_log disable trigger user");
  await client.query(`delete from audit_log where position > ${line}`);
  const cut = await verifyAuditLog(drizzle({ client }), whole.head);
  expect(cut).toMatchObject({ brokenAt: null, holdsKnown: false });
  await client.query("rollback");
  client.release();
});

test("of admins who remove each other at the same time one always stays", async () => {
  for (let round = 0; round < 10; round++) {
    await query("update users set role = 'user' where role = 'admin'");
    const admins = await Promise.all(Array.from({ length: 4 }, () => site.signedIn("admin")));
    const codes = await Promise.all(
      admins.map(async (one, i) => {
        const next = admins[(i + 1) % admins.length] ?? one;
        const [url, body] =
          i % 2 === 0
            ? [`/admin/users/${next.id}/role`, { role: "user", ...why }]
            : [`/admin/users/${next.id}/suspension`, { isSuspended: true, ...why }];
        return (await ask("PUT", url as string, one).with(body as object)).statusCode;
      }),
    );
    const [left] = await query(
      "select count(*)::int as n from users where role = 'admin' and suspended_at is null",
    );
    expect([codes, left.n >= 1]).toEqual([codes, true]);
    expect(codes.filter((code) => ![204, 401, 403, 409].includes(code))).toEqual([]);
  }
  const [only] = await query(
    "select id from users where role = 'admin' and suspended_at is null limit 1",
  );
  await query("update users set role = 'user' where role = 'admin' and id <> $1", [only.id]);
  await query("update users set role = 'admin' where id = $1", [admin.id]);
  await query("update users set role = 'user' where id = $1", [only.id]);
  const own = `/admin/users/${admin.id}`;
  expect((await ask("PUT", `${own}/role`).with({ role: "user", ...why })).statusCode).toBe(409);
  const suspend = { isSuspended: true, ...why };
  expect((await ask("PUT", `${own}/suspension`).with(suspend)).statusCode).toBe(409);
});

test("whoever looks over a shoulder reads only, the user is told, and it ends with the operator", async () => {
  const user = await site.signedIn();
  await query("update users set email_proven_at = now() where id = $1", [user.id]);
  const answer = await ask("POST", `/admin/users/${user.id}/impersonation`).with(why);
  const headers = { authorization: `Bearer ${answer.json().accessToken}` };
  const looker = { ...user, headers };
  expect(await read("/users/me", looker)).toMatchObject({ id: user.id, isLookedAt: true });
  expect(await read("/users/me", user)).toMatchObject({ id: user.id, isLookedAt: false });
  const patched = await ask("PATCH", "/users/me/settings", looker).with({ theme: "light" });
  expect([patched.statusCode, patched.json().code]).toEqual([403, "forbidden"]);
  const mails = await query("select kind, facts from mails where user_id = $1", [user.id]);
  expect(mails).toMatchObject([{ kind: "looked-at", facts: { operator: admin.name, ...why } }]);
  const { items } = await read("/users/me/sessions", user);
  const look = {
    method: "impersonation",
    device: "An operator of this site",
    address: "this site",
  };
  expect(items).toContainEqual(expect.objectContaining(look));
  expect((await newest()).action).toBe("impersonation-begun");
  const other = await site.signedIn("admin");
  const url = `/admin/users/${other.id}/impersonation`;
  expect((await ask("POST", url).with(why)).statusCode).toBe(409);

  await ask("PUT", `/admin/users/${admin.id}/role`, other).with({ role: "support", ...why });
  await expect
    .poll(async () => (await ask("GET", "/users/me", looker).with()).statusCode, { timeout: 1_500 })
    .toBe(401);
  await ask("PUT", `/admin/users/${admin.id}/role`, other).with({ role: "admin", ...why });
});

test("once the site is halted nothing new begins, and what is there can be read", async () => {
  const user = await site.signedIn();
  const halt = (isHalted: boolean) => ask("PUT", "/admin/halt").with({ isHalted, ...why });
  await halt(true);
  for (const url of ["/backtests", `/backtests/${newId()}/repeat`, "/downloads", "/imports"]) {
    const answer = await ask("POST", url, user).with({});
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 503, "site-halted"]);
  }
  for (const url of [`/admin/backtests/${newId()}/repeat`, "/examples"]) {
    const answer = await ask("POST", url).with({ ...why });
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 503, "site-halted"]);
  }
  expect((await ask("GET", "/backtests", user).with()).statusCode).toBe(200);
  expect((await read("/admin/overview")).isHalted).toBe(true);
  expect((await newest()).action).toBe("site-halted");
  await halt(false);
  expect((await ask("POST", "/backtests", user).with({})).json().code).toBe("validation-failed");
});

test("work that waits when the site is halted does not begin before it goes on, and says why", async () => {
  const user = await site.signedIn();
  const tasks = createTaskQueue(site);
  const queue = createBacktestQueue(site.database.db);
  const { id: taskId } = await createTaskStore(site).add(user.id, "Candles", {
    kind: "download",
    request: {} as never,
  });
  await query(
    "insert into strategy_versions (version, name, source, code, map, manifest) values ('v', 's', '', '', '', '{}')",
  );
  const backtestId = await createBacktestStore(site.database.db).create(user.id, waitingBacktest);
  const halt = (isHalted: boolean) => ask("PUT", "/admin/halt").with({ isHalted, ...why });
  const steps = async () => [
    ...(await query("select step from data_tasks")),
    ...(await query("select step from backtests")),
  ];

  await halt(true);
  expect(await queue.claim(newId(), 9)).toBeNull();
  expect(await tasks.claim(taskId)).toBeNull();
  const heldBack = "Waiting until the operator lets work begin again";
  expect(await steps()).toEqual([{ step: heldBack }, { step: heldBack }]);

  await query("delete from outbox");
  await halt(false);
  expect(await steps()).toEqual([{ step: "Waiting" }, { step: "Waiting in the queue" }]);
  const nudges = await query("select topic, payload from outbox order by topic");
  expect(nudges).toEqual([
    { topic: "download-candles", payload: { taskId } },
    { topic: "run-backtest", payload: {} },
  ]);
  expect((await queue.claim(newId(), 9))?.id).toBe(backtestId);
  expect((await tasks.claim(taskId))?.id).toBe(taskId);
});

test("no worker begins anything after the operator's halt is committed", async () => {
  const user = await site.signedIn();
  const backtests = createBacktestStore(site.database.db);
  await Promise.all(Array.from({ length: 8 }, () => backtests.create(user.id, waitingBacktest)));
  const queue = createBacktestQueue(site.database.db);
  const claims = Array.from({ length: 8 }, async () => queue.claim(newId(), 99));
  await ask("PUT", "/admin/halt").with({ isHalted: true, ...why });
  const begun = async () =>
    (await query("select count(*)::int as n from backtests where status = 'running'"))[0].n;
  const atHalt = await begun();
  await Promise.all(claims);
  expect(await begun()).toBe(atHalt);
  await ask("PUT", "/admin/halt").with({ isHalted: false, ...why });
});

test("settings hold at once, keep their history, and of two who change one version one is refused", async () => {
  const { version } = await read("/admin/settings");
  const change = (values: object) =>
    ask("PATCH", "/admin/settings").with({ version, values, ...why });
  const codes = await Promise.all([
    change({ siteName: "Desk", registration: "closed" }),
    change({ siteName: "Other", registration: "closed" }),
  ]);
  expect(codes.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
  expect((await change({ siteName: "" })).statusCode).toBe(400);
  const { values, version: next } = await read("/admin/settings");
  expect(values.registration).toBe("closed");
  const pressed = await site.database.db.transaction(async (transaction) => {
    const actor = { id: admin.id, address: "::1" };
    const changing = createSite({ sql: transaction, defaults: values });
    await changing.change(actor, { version: next, values: {}, ...why });
    const press = ask("PUT", "/admin/halt").with({ isHalted: true, ...why });
    await pause(50);
    return { press };
  });
  expect((await pressed.press).statusCode, "the kill switch, pressed meanwhile").toBe(200);
  await ask("PUT", "/admin/halt").with({ isHalted: false, ...why });
  const refused = await ask("POST", "/auth/register").with({
    ...{ name: "closed-out", email: "closed@example.com", password: "a long enough password" },
  });
  expect(refused.statusCode).toBe(403);
  await expect
    .poll(async () => (await site.inject({ url: "/api/v1/site" })).json(), { timeout: 2_000 })
    .toMatchObject({ name: values.siteName, registration: "closed" });
  expect((await read("/admin/settings/history")).items[0]).toMatchObject({ actorName: admin.name });
});

test("texts are agreed to in their newest version, and announcements reach everybody until they end", async () => {
  const user = await site.signedIn();
  const publish = (text: string) => ask("POST", "/admin/legal/terms").with({ text, ...why });
  await publish("The first terms of this site.");
  await publish("The second terms of this site.");
  const accept = (version: number) =>
    ask("POST", "/users/me/legal", user).with({ kind: "terms", version });
  expect((await accept(1)).statusCode).toBe(409);
  expect((await accept(2)).statusCode).toBe(204);
  const own = await read("/users/me/legal", user);
  expect(own.items).toEqual([{ kind: "terms", version: 2, acceptedAt: expect.any(String) }]);
  expect((await read(`/admin/users/${user.id}`)).acceptances).toMatchObject([{ version: 2 }]);

  const text = "We are away on Sunday";
  await ask("POST", "/admin/announcements").with({ text, tone: "info", endsAt: null, ...why });
  const [{ id }] = (await read("/announcements", user)).items;
  await ask("DELETE", `/admin/announcements/${id}`).with();
  expect((await read("/announcements", user)).items).toEqual([]);
  expect((await newest()).action).toBe("announcement-ended");
});

test("the log is filtered, paged and exported, and no cell of it runs in a spreadsheet", async () => {
  const user = await site.signedIn();
  const reason = '=HYPERLINK("x"),\nrun';
  await ask("POST", `/admin/users/${user.id}/verification`).with({ reason });
  const found = await read(`/admin/audit?targetId=${user.id}&action=user-verified`);
  expect(found).toMatchObject({ total: 1, items: [{ reason }] });
  const csv = (await ask("GET", `/admin/audit.csv?targetId=${user.id}`).with()).body;
  expect(csv).toContain(`"'=HYPERLINK(""x""),\nrun"`);
  expect(csv.split("\r\n")[0]).toBe(
    "position,at,actorName,actorId,action,target,targetId,before,after,address,reason,hash",
  );
});

test("when keys may be known, one action ends every session but the one that asks", async () => {
  const [user, other] = [await site.signedIn(), await site.signedIn("support")];
  const { sessions } = (await ask("POST", "/admin/sign-out-everybody").with(why)).json();
  expect(sessions).toBeGreaterThan(2);
  for (const one of [user, other]) {
    await expect
      .poll(async () => (await ask("GET", "/users/me", one).with()).statusCode, { timeout: 1_000 })
      .toBe(401);
  }
  expect((await ask("GET", "/users/me").with()).statusCode).toBe(200);
  expect(await newest()).toMatchObject({ action: "all-sessions-ended", after: { sessions } });
});

test("the link of a new site makes one operator, however many use it at once", async () => {
  await query("update users set role = 'user' where role = 'admin'");
  const needs = { sql: site.database.db, passwords: createPasswords(), config: site.config };
  const setup = createSetup(needs as unknown as Parameters<typeof createSetup>[0]);
  const link = (await setup.offerLink()) ?? "";
  expect(link).toMatch(/\/admin\/#\/setup\/[\w-]{40,}$/);
  const token = link.split("/").at(-1);
  const answers = await Promise.all(
    Array.from({ length: 5 }, (_, i) =>
      ask("POST", "/setup").with({
        ...{ token, name: `first-${i}`, email: `first-${i}@example.com` },
        password: "several words that fit badly",
      }),
    ),
  );
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 401, 401, 401, 401]);
  expect(await query("select count(*)::int as n from users where role = 'admin'")).toEqual([
    { n: 1 },
  ]);
  expect(await setup.offerLink()).toBeNull();
  await query("update users set role = 'admin' where id = $1", [admin.id]);
  expect((await newest()).action).toBe("admin-made");
});

const redis = testRedisUrl("operator");
const backends = [null, ...(redis === "" ? [] : [redis])];

test.each(backends)("a dead job is seen and tried once more (redis: %s)", async (redisUrl) => {
  let runs = 0;
  const job = {
    name: "fails-once",
    queue: "sweeps" as const,
    async run() {
      runs += 1;
      if (runs === 1) throw new UnrecoverableError("broken on purpose");
    },
  };
  const { url: databaseUrl, db } = site.database;
  const jobs = await startJobs({
    ...{ redisUrl, databaseUrl, jobs: [job], concurrency: { sweeps: 1 } },
    onError: () => undefined,
  });
  try {
    await jobs.add([{ id: newId(), topic: "fails-once", payload: {} }]);
    const dead = async () => (await jobs.countJobs()).find(({ dead }) => dead > 0)?.deadJobs[0];
    await expect.poll(dead, { timeout: 5_000 }).toMatchObject({ reason: "broken on purpose" });
    const seen = await jobs.countJobs();
    for (const { queue, deadJobs } of seen) {
      await db.execute(raw`insert into queue_reports
        values (${queue}, 0, 0, 0, ${deadJobs.length}, ${JSON.stringify(deadJobs)}::jsonb)
        on conflict (queue) do update set dead_jobs = excluded.dead_jobs`);
    }
    const id = (await dead())?.id ?? "";
    const answer = await ask("POST", `/admin/queues/sweeps/dead-jobs/${id}/retry`).with(why);
    expect(answer.statusCode).toBe(202);
    const lines = await query(
      "delete from outbox where topic = 'retry-dead-job' returning id::text, topic, payload",
    );
    await jobs.add(lines);
    await expect.poll(() => runs, { timeout: 5_000 }).toBe(2);
    await expect.poll(dead, { timeout: 2_000 }).toBeUndefined();
  } finally {
    await jobs.close(1_000);
  }
});

test("an account that its owner closed counts as closed, and as nothing else", async () => {
  const user = await site.signedIn();
  const before = (await read("/admin/overview")).users;
  expect((await ask("DELETE", "/users/me", user).with()).statusCode).toBe(204);
  const after = (await read("/admin/overview")).users;
  expect([after.total, after.closed]).toEqual([before.total - 1, before.closed + 1]);
  const found = async (state: string) =>
    (await read(`/admin/users?state=${state}&search=${user.id}`)).total;
  expect(await Promise.all(["closed", "active", "unproven"].map(found))).toEqual([1, 0, 0]);
  const look = await ask("POST", `/admin/users/${user.id}/impersonation`).with(why);
  expect(look.statusCode).toBe(409);
});

test("everybody is told what they may do, so that nothing else is offered", async () => {
  const may = async (who: SignedInUser) => (await read("/users/me", who)).may;
  expect(await may(await site.signedIn())).toEqual(["read", "write", "begin", "security"]);
  expect(await may(await site.signedIn("support"))).not.toContain("operate");
  expect(await may(admin)).toContain("operate");
});

test("an announcement is behind everybody's bell", async () => {
  const user = await site.signedIn();
  const text = "The site restarts on Sunday.";
  await ask("POST", "/admin/announcements").with({ text, tone: "info", endsAt: null, ...why });
  expect((await read("/users/me/inbox", user)).items[0]).toMatchObject({ text, isRead: false });
});

test("a withdrawn invitation is in the log", async () => {
  const { invitation } = (await ask("POST", "/admin/invitations").with({})).json();
  await ask("DELETE", `/admin/invitations/${invitation.id}`).with();
  expect(await newest()).toMatchObject({ action: "invitation-withdrawn", targetId: invitation.id });
});

test("the site shows the logo and the words about backtests that its operator chose", async () => {
  const pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  expect((await site.inject({ url: "/api/v1/site/logo" })).statusCode).toBe(404);
  const svg = Buffer.from("<svg onload='alert(1)'/>").toString("base64");
  expect((await ask("PUT", "/admin/logo").with({ image: svg, ...why })).statusCode).toBe(422);
  expect((await ask("PUT", "/admin/logo").with({ image: pixel, ...why })).statusCode).toBe(204);
  expect(await newest()).toMatchObject({ action: "logo-changed", after: { hasPicture: true } });
  const logo = await site.inject({ url: "/api/v1/site/logo" });
  expect([logo.statusCode, logo.headers["content-type"]]).toEqual([200, "image/png"]);
  expect(logo.headers).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  });
  expect(logo.rawPayload.toString("base64")).toBe(pixel);
  const { version } = await read("/admin/settings");
  const values = { hypotheticalNotice: "Nothing here is a promise: it was made with hindsight." };
  await ask("PATCH", "/admin/settings").with({ version, values, ...why });
  await expect
    .poll(async () => read("/site"), { timeout: 3_000, interval: 200 })
    .toMatchObject({ ...values, logoVersion: 1 });
  await ask("PUT", "/admin/logo").with({ image: null, ...why });
  expect((await site.inject({ url: "/api/v1/site/logo" })).statusCode).toBe(404);
});

test("what was set, published and agreed to stays as it was, whoever writes to the database", async () => {
  const user = await site.signedIn();
  await query("insert into legal_texts (kind, version, text) values ('risk', 900, 'Old words.')");
  await query(
    "insert into legal_acceptances (user_id, kind, version, address) values ($1, 'risk', 900, '::1')",
    [user.id],
  );
  const changes = ["site_settings", "legal_texts", "legal_acceptances", "audit_log"].flatMap(
    (table) => [`delete from ${table}`, `truncate ${table}`],
  );
  const edits = ["update legal_texts set text = ''", "update legal_acceptances set version = 1"];
  for (const text of [...changes, ...edits]) {
    const asReplica = `set session_replication_role = replica; ${text}`;
    await expect(site.database.pool.query(asReplica), text).rejects.toThrow("only added to");
  }
  await query("update users set erase_at = now() where id = $1", [user.id]);
  await query("delete from legal_acceptances where user_id = $1", [user.id]);
});

test("the name that operators give the site is what apps, passkeys and the API's reference call it", async () => {
  const user = await site.signedIn();
  const { version } = await read("/admin/settings");
  const rename = (siteName: string) =>
    ask("PATCH", "/admin/settings").with({ version, values: { siteName }, ...why });
  for (const name of ["Acme\r\nBcc: x@example.com", "Ac\u2028me", "Ac\u0000me"])
    expect((await rename(name)).statusCode, name).toBe(400);
  expect((await rename("Acme Trade")).statusCode).toBe(200);
  const factor = (await ask("POST", "/users/me/totp", user).with()).json();
  expect(factor.address).toContain("otpauth://totp/Acme%20Trade:");
  const passkey = await ask("POST", "/users/me/passkeys/options", user).with();
  expect(passkey.json().rp.name).toBe("Acme Trade");
  expect((await read("/openapi.json")).info.title).toBe("Acme Trade API");
  expect((await ask("GET", "/docs").with()).body).toContain("<title>Acme Trade API</title>");
});

test("the checklist tells of outgoing addresses and backups what can be known", async () => {
  const { items } = await read("/admin/checklist");
  const found = (id: string) => items.find((one: { id: string }) => one.id === id);
  expect(found("outgoing")).toMatchObject({ state: "open" });
  expect(found("backup")).toMatchObject({ state: "note" });
  const archivedAt = "2026-11-22 20:00:00+00";
  const states = [
    { mode: "on", archivedAt: null, isFailing: false },
    { mode: "on", archivedAt, isFailing: true },
    { mode: "on", archivedAt, isFailing: false },
  ].map((archive) => backupItem(archive).state);
  expect(states).toEqual(["open", "open", "done"]);
});

test("where texts are published an account is made only by agreeing to their newest versions, which is recorded", async () => {
  const publish = async (kind: string) =>
    ask("POST", `/admin/legal/${kind}`).with({ text: "Words people agree to.", ...why });
  await publish("terms");
  await publish("privacy");
  const { version } = await read("/admin/settings");
  const values = { registration: "open" };
  await ask("PATCH", "/admin/settings").with({ version, values, ...why });
  const { items } = await read("/legal");
  const newest = items.map(({ kind, version }: { kind: string; version: number }) => ({
    kind,
    version,
  }));
  const register = (name: string, agreesTo?: object[]) =>
    site.inject({
      ...{ method: "POST", url: "/api/v1/auth/register" },
      headers: { "sec-fetch-site": "same-origin" },
      payload: { name, email: `${name}@example.com`, password: "several odd llamas", agreesTo },
    });
  const older = newest.map((one: { version: number }) => ({ ...one, version: one.version - 1 }));
  for (const wrong of [undefined, [], newest.slice(1), older])
    expect((await register("hasty", wrong)).json().code).toBe("agreement-needed");
  const made = await register("reader", newest);
  expect(made.statusCode, made.body).toBe(201);
  const reader = { ...admin, headers: { authorization: `Bearer ${made.json().accessToken}` } };
  const open = async () =>
    (await read("/users/me/legal", reader)).items.filter(
      ({ acceptedAt }: { acceptedAt: string | null }) => acceptedAt === null,
    );
  expect(await open()).toEqual([]);
  await publish("privacy");
  expect(await open()).toMatchObject([{ kind: "privacy" }]);
});

test("messages behind bells and in chats are listed by state, page by page, without what they say", async () => {
  const [linked, other] = [await site.signedIn(), await site.signedIn()];
  await query("delete from inbox_messages");
  await query("insert into telegram_links (user_id, chat_id, chat_name) values ($1, '1', 'x')", [
    linked.id,
  ]);
  const tell = (userId: string, columns = "", values = "") =>
    query(
      `insert into inbox_messages (id, user_id, kind, facts${columns})
       values (gen_random_uuid(), $1, 'announcement', '{"text": "hush"}'${values})`,
      [userId],
    );
  await tell(linked.id, ", passed_on_at", ", now()");
  await tell(linked.id);
  await tell(other.id, ", read_at", ", now()");
  const list = async (filter: string) => await read(`/admin/notifications?${filter}`);
  expect((await list("pageSize=2")).items).toHaveLength(2);
  expect((await list("pageSize=2&page=2")).items).toHaveLength(1);
  for (const chat of ["none", "waiting", "passed-on"])
    expect((await list(`chat=${chat}`)).items).toMatchObject([{ chat }]);
  const unread = await list("state=unread");
  expect([unread.total, JSON.stringify(unread).includes("hush")]).toEqual([2, false]);
  expect((await list("kind=test")).total).toBe(0);
});
