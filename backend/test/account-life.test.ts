import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import { eraseAccounts } from "../src/accounts/erase-accounts.job.ts";
import { createSessions } from "../src/accounts/sessions.ts";
import { siteOfFile } from "./support/app.ts";
import { another, browserOf, cookieOf, deviceOf, password, people } from "./support/people.ts";

const site = siteOfFile();

const { send, register, letters, lastLetter, prove, login, refresh, inbox } = people(site);
const chrome = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36";

describe("sessions", () => {
  test("are listed with device and address, and ended one by one or all others at once", async () => {
    const user = await register();
    for (const device of [chrome, chrome]) await login(user.name, password, undefined, device);
    const list = async () =>
      (await send("GET", "/users/me/sessions", undefined, user)).json().items;
    const sessions = await list();
    expect(sessions).toHaveLength(3);
    expect(sessions.filter((one: { isCurrent: boolean }) => one.isCurrent)).toMatchObject([
      { device: "Firefox on Linux", address: expect.stringMatching(/^10\./), method: "register" },
    ]);
    const { id } = sessions.find((one: { isCurrent: boolean }) => !one.isCurrent);
    const end = () => send("DELETE", `/users/me/sessions/${id}`, undefined, user);
    expect([(await end()).statusCode, (await end()).statusCode]).toEqual([204, 404]);
    expect(await list()).toHaveLength(2);
    const ended = await send("DELETE", "/users/me/sessions", undefined, user);
    Object.assign(user, browserOf(ended));
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

test("a name is changed by who confirmed, unless it is somebody's, and that is told", async () => {
  const [one, other] = [await register(), await register()];
  const rename = (name: string) => send("PATCH", "/users/me", { name }, one);
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

describe("an account", () => {
  const erase = () => eraseAccounts({ sql: site.database.db }).run({}, AbortSignal.timeout(5_000));

  test("is exported whole and without secrets, once its owner confirmed", async () => {
    const [user, other] = [await register(), await register()];
    const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
    const answer = await send("GET", "/users/me/export", undefined, user);
    expect(answer.headers["content-disposition"]).toContain("attachment");
    const { data } = answer.json();
    expect(data.users).toMatchObject([{ id: user.id, name: user.name }]);
    expect(data.sessions).toHaveLength(1);
    expect(Object.keys(data)).toEqual(expect.arrayContaining(["backtests", "series", "mails"]));
    for (const hidden of [secret, other.id, "password_hash", "argon2", '"hash"'])
      expect(answer.body).not.toContain(hidden);
  });

  test("of much data is exported once at a time, and however slowly some take theirs, others get theirs", async () => {
    const [user, slow, other] = [await register(), await register(), await register()];
    for (const { id } of [user, slow])
      await site.database.pool.query(
        "insert into inbox_messages (id, user_id, kind, facts) select gen_random_uuid(), $1, 'announcement', jsonb_build_object('text', repeat('x', 10000)) from generate_series(1, 1501)",
        [id],
      );
    const { hostname, port } = new URL(await site.app.listen({ port: 0, host: "127.0.0.1" }));
    const ask = ({ headers } = user) =>
      fetch(`http://${hostname}:${port}/api/v1/users/me/export`, {
        // Packed, all of it would fit into the buffers on the way.
        headers: { ...headers, "accept-encoding": "identity" },
      });
    const first = await ask();
    const reader = first.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeLessThan(1_000_000);
    const slower = await ask(slow);
    expect(await (await ask(other)).json()).toMatchObject({ data: { users: [{ id: other.id }] } });
    const held =
      "select 1 from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()";
    expect((await site.database.pool.query(held)).rowCount).toBe(0);
    await slower.body?.cancel();
    const second = await ask();
    expect([second.status, await second.json()]).toMatchObject([429, { code: "rate-limited" }]);
    expect((await send("GET", "/site")).statusCode).toBe(200);
    await reader?.cancel();
    await expect
      .poll(async () => (await ask()).json())
      .toMatchObject({ data: { users: [{ id: user.id }] } });
    const { data } = (await send("GET", "/users/me/export", undefined, user)).json();
    expect(data.inbox_messages).toHaveLength(1_501);

    const under = (await ask(slow)).body?.getReader();
    await createSessions(site.database.db).endAll(slow.id, "suspended");
    const taken = async (): Promise<void> => {
      for (let isDone = false; !isDone; await pause(20))
        isDone = (await under?.read())?.done ?? true;
    };
    await expect(taken()).rejects.toThrow("terminated");
  });

  test("that its owner closed lets nobody in, comes back by the link, and is erased without it", async () => {
    const [kept, gone] = [await register(), await register()];
    await prove(kept);
    await prove(gone);
    expect((await login(gone.name, another)).json().code).toBe("wrong-credentials");
    for (const user of [kept, gone])
      expect((await send("DELETE", "/users/me", undefined, user)).statusCode).toBe(204);
    expect((await login(kept.name)).json().code).toBe("wrong-credentials");
    await expect
      .poll(async () => (await send("GET", "/users/me", undefined, kept)).statusCode)
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
    expect(await tablesWith(gone.id)).toEqual([]);
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
    await send("POST", "/users/me/inbox/read", undefined, other);
    expect((await inbox(user.token)).unread).toBe(1);
    await send("POST", "/users/me/inbox/read", undefined, user);
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
  const { secret } = (await send("POST", "/users/me/totp", undefined, user)).json();
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
