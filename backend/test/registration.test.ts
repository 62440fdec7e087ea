import { randomBytes } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInvitations } from "../src/accounts/invitations.ts";
import { siteOfFile, type TestApp, testApp } from "./support/app.ts";
import { elsewhere } from "./support/lone-connections.ts";
import { password, people } from "./support/people.ts";

const site = siteOfFile();

const { send, register, letters, lastLetter, prove, login } = people(site);
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
    expect((await send("PUT", "/users/me/email", { email: next }, user)).statusCode).toBe(202);
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
    const soon = await send("POST", "/users/me/email/link", undefined, user);
    expect([soon.statusCode, soon.json().code]).toEqual([429, "rate-limited"]);
    await site.database.db.execute(
      sql`update account_tokens set created_at = created_at - interval '61 seconds' where user_id = ${user.id}`,
    );
    expect((await send("POST", "/users/me/email/link", undefined, user)).statusCode).toBe(202);
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

  test("that ended a month ago no longer says to whom it went", async () => {
    const { headers } = await closedSite.signedIn("admin");
    const invite = (who: object) => ask("POST", "/admin/invitations", { ...who, days: 1 }, headers);
    const { id } = (await invite({ email: "long-ago@example.com" })).json().invitation;
    const { pool } = site.database;
    await pool.query(
      "update invitations set expires_at = now() - interval '31 days' where id = $1",
      [id],
    );
    await invite({});
    const { rows } = await pool.query("select email from invitations where id = $1", [id]);
    expect(rows).toEqual([{ email: null }]);
  });

  test("is made by nobody who loses the role at that moment", async () => {
    const admin = await closedSite.signedIn("admin");
    const needs = { sql: site.database.db, post: async () => undefined };
    const making = await site.database.db.transaction(async (transaction) => {
      await transaction.execute(sql`update users set role = 'support' where id = ${admin.id}`);
      const wish = { days: 1 };
      const make = () => createInvitations(needs).make({ ...admin, address: "::1" }, wish);
      const made = elsewhere(make);
      return { code: made.then(() => "made").catch(({ code }) => code) };
    });
    expect(await making.code).toBe("forbidden");
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

test("nobody's mailbox is filled by registering or by changing an address", async () => {
  const email = `${randomBytes(5).toString("hex")}@example.com`;
  const user = await register();
  const codes = { registered: [] as number[], changed: [] as number[] };
  for (let i = 0; i < 7; i++) {
    const name = randomBytes(6).toString("hex");
    const made = await send("POST", "/auth/register", { name, email, password });
    codes.registered.push(made.statusCode);
    const change = { email: `${i}-${email}` };
    codes.changed.push((await send("PUT", "/users/me/email", change, user)).statusCode);
  }
  // A stranger who uses the mails up keeps the owner of the address from nothing.
  expect(codes.registered).toEqual(Array(7).fill(201));
  const { rowCount } = await site.database.pool.query("select 1 from mails where recipient = $1", [
    email,
  ]);
  expect(rowCount).toBeLessThan(7);
  expect(codes.changed).toContain(429);
  // What strangers used up is not what whoever is signed in asks for.
  const owner = await register(email);
  await site.database.db.execute(
    sql`update account_tokens set created_at = created_at - interval '61 seconds' where user_id = ${owner.id}`,
  );
  expect((await send("POST", "/users/me/email/link", undefined, owner)).statusCode).toBe(202);
  expect(await letters(owner.id, "prove-address")).toMatchObject([{ to: email }]);
});

test("whoever changes to an address is not told that somebody else did", async () => {
  const wanted = `wanted-${Date.now()}@example.com`;
  const changed = async () => {
    const user = await register();
    const answer = await send("PUT", "/users/me/email", { email: wanted }, user);
    const soon = await send("POST", "/users/me/email/link", undefined, user);
    const { pendingEmail } = await security(user.token);
    return [answer.statusCode, answer.body, soon.statusCode, soon.json().code, pendingEmail];
  };
  const all: unknown[] = [];
  for (let i = 0; i < 7; i++) all.push(await changed());
  expect(all).toEqual(Array(7).fill([202, "null", 429, "rate-limited", wanted]));
  const { rowCount } = await site.database.pool.query("select 1 from mails where recipient = $1", [
    wanted,
  ]);
  expect(rowCount).toBeLessThan(7);
});

test("one address is asked once for its proof, of ten who ask at once, and ever more seldom", async () => {
  const user = await register();
  const olden = () =>
    site.database.db.execute(
      sql`update account_tokens set created_at = created_at - interval '61 seconds' where user_id = ${user.id}`,
    );
  const resend = async () =>
    (await send("POST", "/users/me/email/link", undefined, user)).statusCode;
  await olden();
  const codes = await Promise.all(Array.from({ length: 10 }, resend));
  expect(codes.filter((code) => code === 202)).toHaveLength(1);
  for (let i = 0; i < 8; i++) {
    await olden();
    codes.push(await resend());
  }
  expect((await letters(user.id, "prove-address")).length).toBeLessThan(8);
  // The link that went last opens, though another was asked for that did not go.
  await prove(user);
});
