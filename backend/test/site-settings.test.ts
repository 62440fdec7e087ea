import { setTimeout as pause } from "node:timers/promises";
import { beforeAll, expect, test } from "vitest";
import { backupItem } from "../src/admin/setup.ts";
import { createSite } from "../src/admin/site.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { operators, why } from "./support/operator.ts";

const site = siteOfFile();
let admin: SignedInUser;
beforeAll(async () => {
  admin = await site.signedIn("admin");
});

const { ask, newest, query, read } = operators(site, () => admin);

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
    const actor = { ...admin, address: "::1" };
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

test("an announcement is behind everybody's bell", async () => {
  const user = await site.signedIn();
  const text = "The site restarts on Sunday.";
  await ask("POST", "/admin/announcements").with({ text, tone: "info", endsAt: null, ...why });
  expect((await read("/users/me/inbox", user)).items[0]).toMatchObject({ text, isRead: false });
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
  for (const name of ["Acme\r\nBcc: x@example.com", "Ac\u2028me", "Ac\u0000me", "Ac\u202eme"])
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
