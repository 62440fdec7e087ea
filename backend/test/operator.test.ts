import type { AuditEntry } from "@trading/contracts/audit";
import { runSettings } from "@trading/contracts/run-settings";
import { UnrecoverableError } from "bullmq";
import { sql as raw, type SQL } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { newToken, tokenHash } from "../src/accounts/one-time-token.ts";
import { createPasswords } from "../src/accounts/passwords.ts";
import { createSetup } from "../src/admin/setup.ts";
import { createBacktestQueue } from "../src/backtests/queue.ts";
import { createBacktestStore, type NewBacktest } from "../src/backtests/store.ts";
import { createTaskQueue } from "../src/market-data/task-queue.ts";
import { createTaskStore } from "../src/market-data/task-store.ts";
import { newId } from "../src/platform/ids.ts";
import { startJobs } from "../src/platform/jobs.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";
import { operators, why } from "./support/operator.ts";
import { browserOf } from "./support/people.ts";

const site = siteOfFile();
let admin: SignedInUser;
beforeAll(async () => {
  admin = await site.signedIn("admin");
});

const { ask, newest, query, read } = operators(site, () => admin);

const held = (id: string) => raw`select from users where id = ${id} for no key update nowait`;

/** The answer to what waits for somebody active, who then reaches for more: who waits must hold none of it. */
async function meeting<Answer>(first: SQL, deed: () => Promise<Answer>, ...more: SQL[]) {
  const { answer } = await site.database.db.transaction(async (transaction) => {
    await transaction.execute(first);
    const sent = deed();
    await expect.poll(site.database.waiting, { interval: 3, timeout: 2_000 }).toBe(1);
    for (const one of more) await transaction.execute(one);
    return { answer: sent };
  });
  return answer;
}

const waitingBacktest: NewBacktest = {
  ...{ title: "Tried", strategy: "s", strategyTitle: "Tried", version: "v", parameters: {} },
  ...{ candles: { kind: "series", seriesId: newId() }, symbol: "BTC/USDT", exchange: null },
  ...{ source: "synthetic", quote: "USDT", timeframe: "1h", fromAt: null, toAt: null },
  settings: runSettings.parse({ capital: 1, makerFee: 0, takerFee: 0 }),
  expectedFingerprint: null,
};

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

  const { id } = await site.signedIn("admin");
  const leaves = raw`update users set role = 'user' where id = ${id}`;
  const last = await meeting(leaves, () =>
    ask("PUT", `${own}/role`).with({ role: "user", ...why }),
  );
  expect(last.statusCode).toBe(409);
});

test("operators who act on each other wait in one order, and those who wait for a user hold no operator", async () => {
  const [user, other] = [await site.signedIn(), await site.signedIn("admin")];
  const verify = (by: SignedInUser, of: SignedInUser) => () =>
    ask("POST", `/admin/users/${of.id}/verification`, by).with(why);
  const answers = [
    await meeting(held(user.id), verify(admin, user), held(admin.id)),
    await meeting(held(admin.id), verify(admin, other), held(other.id)),
    await meeting(held(admin.id), verify(other, admin), held(other.id)),
  ];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204]);
});

test("nobody reads who is an operator while somebody becomes one", async () => {
  const [user, other] = [await site.signedIn(), await site.signedIn()];
  const { db, waiting } = site.database;
  const sent = await db.transaction(async (transaction) => {
    await transaction.execute(held(user.id));
    const deeds = [ask("PUT", `/admin/users/${user.id}/role`).with({ role: "admin", ...why })];
    await expect.poll(waiting, { interval: 3 }).toBe(1);
    deeds.push(ask("POST", `/admin/users/${other.id}/verification`).with(why));
    await expect.poll(waiting, { interval: 3 }).toBe(2);
    return { deeds };
  });
  const answers = await Promise.all(sent.deeds);
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204]);
  await ask("PUT", `/admin/users/${user.id}/role`).with({ role: "user", ...why });
});

test("whose role, address or country an operator touched is told so", async () => {
  const user = await site.signedIn();
  const url = `/admin/users/${user.id}`;
  await ask("PUT", "/users/me/country", user).with({ country: "DE" });
  await ask("POST", `${url}/verification`).with(why);
  await ask("POST", `${url}/country-question`).with(why);
  await ask("PUT", `${url}/role`).with({ role: "support", ...why });
  const told = await query(
    "select kind, recipient is not null as by_mail, facts from mails where user_id = $1 order by id",
    [user.id],
  );
  expect(told).toMatchObject([
    { kind: "address-vouched-for", by_mail: true },
    { kind: "country-asked", by_mail: true },
    { kind: "role-changed", by_mail: true, facts: { before: "user", after: "support", ...why } },
  ]);
  const items = (await read("/users/me/inbox", user)).items.map(
    ({ title }: { title: string }) => title,
  );
  expect(items).toContain("Your country was told");
});

test("whoever saves a list about people stands in the log", async () => {
  for (const [file, target] of [
    ["exchange-accounts.csv?search=x", "exchange accounts"],
    ["audit.csv", "audit log"],
  ]) {
    expect((await ask("GET", `/admin/${file}`).with()).statusCode).toBe(200);
    expect(await newest()).toMatchObject({ action: "list-saved", target, actorId: admin.id });
  }
});

test("whoever opens an account stands in the log, once an hour", async () => {
  const [user, other] = [await site.signedIn(), await site.signedIn("support")];
  const url = `/admin/users/${user.id}`;
  await Promise.all([read(url), read(url), read(url, other)]);
  const { items } = await read(`/admin/audit?action=user-opened&targetId=${user.id}`);
  expect(items.map(({ actorId }: AuditEntry) => actorId).sort()).toEqual(
    [admin.id, other.id].sort(),
  );
  expect(items[0].target).toBe(user.name);
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

test("when keys may be known, one action ends every session but the one that asks", async () => {
  const [user, other] = [await site.signedIn(), await site.signedIn("support")];
  const copy = newToken();
  await query("insert into refresh_tokens (hash, session_id) values ($1, $2)", [
    tokenHash(copy),
    admin.sessionId,
  ]);
  const path = "/admin/sign-out-everybody";
  const before = admin;
  const itsSessions = raw`select from sessions where user_id = ${user.id} for update nowait`;
  const everybody = () => ask("POST", path).with(why);
  const answer = await meeting(held(user.id), everybody, itsSessions, held(admin.id));
  const { sessions } = answer.json();
  admin = { ...admin, epoch: 1, ...browserOf(answer) };
  const left = await query(
    "select hash from refresh_tokens where session_id = $1 and withdrawn_at is null",
    [admin.sessionId],
  );
  expect(left).toEqual([{ hash: tokenHash(admin.headers.cookie?.split("=")[1] ?? "") }]);
  expect(sessions).toBeGreaterThan(2);
  for (const one of [user, other, before]) {
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
    await expect.poll(dead).toMatchObject({ reason: "broken on purpose" });
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
    await expect.poll(() => runs).toBe(2);
    await expect.poll(dead).toBeUndefined();
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
