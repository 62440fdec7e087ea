import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { newId } from "../src/platform/ids.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { testSeries } from "./support/series.ts";

const site = siteOfFile();
let admin: SignedInUser;
let user: SignedInUser;
const why = { reason: "a test wants it" };

beforeAll(async () => {
  admin = await site.signedIn("admin");
  user = await site.signedIn();
});

type Asking = SignedInUser["headers"] | null;
async function ask(
  method: "GET" | "POST" | "PUT" | "PATCH",
  url: string,
  who: Asking = null,
  body?: object,
) {
  const headers = { "sec-fetch-site": "same-origin", ...who };
  const payload = body === undefined ? {} : { payload: body };
  const answer = await site.inject({ method, url: `/api/v1${url}`, headers, ...payload });
  return { status: answer.statusCode, body: answer.body === "" ? null : answer.json() };
}
const admins = () => admin.headers;
const users = () => user.headers;
const query = async (text: string, values: unknown[] = []) =>
  (await site.database.pool.query(text, values)).rows;

const residence = async (who: Asking) => (await ask("GET", "/users/me", who)).body.residence;
const begin = async (who: Asking) =>
  (await ask("POST", "/downloads", who, { exchange: "none" })).body.code;
async function set(values: object) {
  const { version } = (await ask("GET", "/admin/settings", admins())).body;
  const change = { version, values, ...why };
  expect((await ask("PATCH", "/admin/settings", admins(), change)).status).toBe(200);
}
const register = (name: string, country?: string) =>
  ask("POST", "/auth/register", null, {
    ...{ name, email: `${name}@example.com`, password: "a long enough password" },
    ...(country === undefined ? {} : { country }),
  });

test("nobody is asked for their country unless the operator wants it", async () => {
  expect((await register("anna")).status).toBe(201);
  expect(await residence(users())).toEqual({ country: null, saidAt: null, state: "open" });
  expect(await begin(users())).toBe("validation-failed");
  expect(
    (
      await ask("PATCH", "/admin/settings", admins(), {
        version: 0,
        values: { blockedCountries: ["XX"] },
        ...why,
      })
    ).status,
  ).toBe(400);
});

test("where one is blocked, whoever makes an account says theirs, and gets none from there", async () => {
  await set({ blockedCountries: ["KP", "IR"] });
  await expect
    .poll(async () => (await ask("GET", "/site")).body.asksCountry, { timeout: 2_000 })
    .toBe(true);
  expect((await register("berta")).body.code).toBe("country-needed");
  expect((await register("berta", "KP")).body).toMatchObject({
    code: "country-blocked",
    status: 403,
  });
  expect((await register("berta", "kp")).body.code).toBe("validation-failed");
  expect(await query("select 1 from users where name = 'berta'")).toEqual([]);
  const made = await register("berta", "DE");
  const me = await residence({ authorization: `Bearer ${made.body.accessToken}` });
  expect(me).toMatchObject({ country: "DE", state: "open" });
  const [line] = (await ask("GET", "/admin/audit?action=country-said", admins())).body.items;
  expect(line).toMatchObject({ actorName: "berta", target: "berta", after: { country: "DE" } });
});

test("an account that was there begins nothing until it has said it, once", async () => {
  expect(await residence(users())).toMatchObject({ country: null, state: "asked" });
  expect(await begin(users())).toBe("country-needed");
  expect((await ask("GET", "/backtests", users())).status).toBe(200);
  expect((await ask("PUT", "/users/me/country", users(), { country: "Atlantis" })).status).toBe(
    400,
  );
  const said = await ask("PUT", "/users/me/country", users(), { country: "FR" });
  expect(said.body.residence).toMatchObject({ country: "FR", state: "open" });
  expect(await begin(users())).toBe("validation-failed");
  const again = await ask("PUT", "/users/me/country", users(), { country: "KP" });
  expect(again).toMatchObject({ status: 409, body: { code: "conflict" } });
  const exported = (await ask("GET", "/users/me/export", users())).body.data.users[0];
  expect(exported).toMatchObject({ country: "FR", country_said_at: expect.any(String) });
});

test("where a country becomes blocked, its accounts read, export and begin nothing", async () => {
  await set({ blockedCountries: ["FR"] });
  expect(await begin(users())).toBe("country-blocked");
  const account = `/exchange-accounts/${newId()}`;
  for (const [method, url] of [
    ["POST", "/exchange-accounts"],
    ["PUT", `${account}/key`],
    ["POST", `${account}/reading`],
  ] as const)
    expect((await ask(method, url, users(), {})).body.code, url).toBe("country-blocked");
  expect((await ask("GET", "/exchange-accounts", users())).status).toBe(200);
  expect(await residence(users())).toMatchObject({ country: "FR", state: "blocked" });
  expect((await ask("GET", "/users/me/export", users())).status).toBe(200);
});

test("the operator sees what was said and when, and may ask anew; the log keeps both", async () => {
  const person = async () => (await ask("GET", `/admin/users/${user.id}`, admins())).body;
  expect(await person()).toMatchObject({ country: "FR", countrySaidAt: expect.any(String) });
  const url = `/admin/users/${user.id}/country-question`;
  expect((await ask("POST", url, users(), why)).status).toBe(403);
  expect((await ask("POST", url, admins(), why)).status).toBe(204);
  expect(await person()).toMatchObject({ country: null, countrySaidAt: null });
  expect(await begin(users())).toBe("country-needed");
  const [line] = (await ask("GET", "/admin/audit?action=country-asked", admins())).body.items;
  expect(line).toMatchObject({ before: { country: "FR" }, after: { country: null }, ...why });
  await set({ blockedCountries: [], asksCountry: true });
  expect(await residence(users())).toMatchObject({ state: "asked" });
  await set({ asksCountry: false });
  expect(await residence(users())).toMatchObject({ state: "open" });
});

test("uploads and data tasks belong to accounts that are there, and go with them", async () => {
  const [owner, nobody] = [await site.signedIn(), newId()];
  const seriesId = await testSeries(site.database, { ownerId: owner.id });
  const addTask = (id: string) =>
    query(
      "insert into data_tasks (id, user_id, kind, title, request, step) values ($1, $2, 'import', 'x', '{}', 'x')",
      [newId(), id],
    );
  await addTask(owner.id);
  await expect(addTask(nobody)).rejects.toThrow("foreign key");
  await expect(testSeries(site.database, { ownerId: nobody })).rejects.toThrow();
  // As older versions left it, before the migration.
  await query("alter table data_tasks drop constraint data_tasks_user_id_users_id_fk");
  await query("alter table series drop constraint series_owner_id_users_id_fk");
  await addTask(nobody);
  await testSeries(site.database, { ownerId: nobody });
  const file = join(import.meta.dirname, "../migrations/0015_residence.sql");
  const steps = readFileSync(file, "utf8").split("--> statement-breakpoint");
  for (const step of steps.filter((one) => !one.includes('ALTER TABLE "users"'))) await query(step);
  expect(await query("select 1 from series where owner_id = $1", [nobody])).toEqual([]);
  expect(await query("select 1 from data_tasks where user_id = $1", [nobody])).toEqual([]);
  expect(await query("select id from series where owner_id = $1", [owner.id])).toHaveLength(1);
  await query("delete from users where id = $1", [owner.id]);
  expect(await query("select 1 from data_tasks where user_id = $1", [owner.id])).toEqual([]);
  expect(await query("select 1 from candle_chunks where series_id = $1", [seriesId])).toEqual([]);
});
