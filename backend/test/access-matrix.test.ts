import { randomUUID } from "node:crypto";
import { type ApiScope, apiScopes } from "@trading/contracts/api-tokens";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { createAccessTokens } from "../src/accounts/access-token.ts";
import { users } from "../src/accounts/schema.ts";
import { createSessions } from "../src/accounts/sessions.ts";
import { newId } from "../src/platform/ids.ts";
import {
  bodies,
  browserOnly,
  confirmedOnly,
  idsTaken,
  may,
  open,
  operated,
  owned,
  shared,
} from "./support/access-tables.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { type Operation, operationsOf, type Schema } from "./support/operations.ts";
import { apiTokensOf, type Kind, makeThings } from "./support/owned-things.ts";

/**
 * Who may do what, asked of every operation that the OpenAPI document lists. An operation whose parameters are not
 * classified in the access tables fails the build.
 */

const site = siteOfFile();
let operations: Operation[];
let shapes: Readonly<Record<string, Schema>>;
let owner: SignedInUser;
let stranger: SignedInUser;
let ids: Record<Kind, string>;

beforeAll(async () => {
  [owner, stranger] = [await site.signedIn(), await site.signedIn()];
  ids = await makeThings(site, owner);
  const document = (await site.inject({ url: "/api/v1/openapi.json" })).json();
  shapes = document.components.schemas;
  operations = operationsOf(document.paths);
});

const kindOf = ({ path }: Operation): Kind | undefined =>
  Object.entries(owned).find(([prefix]) => path.startsWith(prefix))?.[1];
const isShared = ({ path }: Operation): boolean => shared.some((prefix) => path.startsWith(prefix));
const isOwned = (operation: Operation): boolean => kindOf(operation) !== undefined;

/** Operations that answered, and what an answer lacked that every answer has. */
const answered = new Set<string>();
const bare = new Set<string>();

let networks = 0;
/** Each from a network of its own: none asks too often. */
async function send({ method, path, name }: Operation, id: string, headers: object) {
  networks += 1;
  const answer = await site.inject({
    method,
    remoteAddress: `10.${networks >> 8}.${networks & 255}.1`,
    url: `/api/v1${path
      .replace(/\{[^}]+\}/, id)
      .replace("{by}", id)
      .replaceAll(/\{[^}]+\}/g, "x")}`,
    headers: { "sec-fetch-site": "same-origin", ...headers },
    ...(bodies[name] ? { payload: bodies[name] } : {}),
  });
  answered.add(name);
  for (const header of securityHeaders)
    if (answer.headers[header] === undefined) bare.add(`${name}: ${header}`);
  return answer;
}
const securityHeaders = [
  "content-security-policy",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
];
type Answer = Awaited<ReturnType<typeof send>>;

const withoutRequestId = (answer: Answer): object => {
  const { requestId: _, ...rest } = answer.json();
  return rest;
};

test("every operation is classified", () => {
  expect(operations.length).toBeGreaterThan(35);
  const withParameters = operations.filter(({ path }) => path.includes("{"));
  const unknown = withParameters.filter(
    (operation) =>
      !isOwned(operation) && !isShared(operation) && !operation.path.startsWith(operated),
  );
  expect(unknown.map(({ name }) => name)).toEqual([]);
  const names = operations.map(({ name }) => name);
  const public_ = operations.filter(({ permission }) => permission === "public");
  expect(public_.map(({ name }) => name).sort()).toEqual([...open].sort());
  const byOperators = operations.filter(({ path }) => path.startsWith(operated));
  expect(
    byOperators.filter(({ permission }) => !["oversee", "operate"].includes(permission)),
  ).toEqual([]);
  const permissions = new Set(operations.map(({ permission }) => permission));
  expect([...permissions].filter((one) => !may.admin?.includes(one))).toEqual([]);
  for (const name of [...open, ...confirmedOnly, ...browserOnly, ...Object.keys(bodies)])
    expect(names).toContain(name);
  for (const prefix of [...shared, ...Object.keys(owned)]) {
    expect(
      operations.some(({ path }) => path.startsWith(prefix)),
      prefix,
    ).toBe(true);
  }
});

test("without a token nothing answers but what is open", async () => {
  for (const operation of operations.filter(({ name }) => !open.includes(name))) {
    for (const headers of [
      {},
      { authorization: "Bearer a.b.c" },
      { authorization: "Basic eDp5" },
    ]) {
      const answer = await send(operation, newId(), headers);
      expect([operation.name, answer.statusCode, answer.json().code]).toEqual([
        operation.name,
        401,
        "not-signed-in",
      ]);
    }
  }
});

test("who is signed out, expired or suspended is a stranger everywhere", async () => {
  const { pool, db } = site.database;
  const signedOut = await site.signedIn();
  await createSessions(db).end(signedOut.sessionId, "signed-out");
  const suspended = await site.signedIn("admin");
  await pool.query("update users set suspended_at = now() where id = $1", [suspended.id]);
  const ended = await site.signedIn();
  await pool.query("update sessions set expires_at = now() where id = $1", [ended.sessionId]);
  const { id: userId, sessionId } = await site.signedIn();
  const anHourAgo = createAccessTokens([site.config.jwtSecretKey], () => Date.now() - 3_600_000);
  const stale = await anHourAgo.make({ userId, sessionId, epoch: 0 });
  const expired = { headers: { authorization: `Bearer ${stale}` } };
  const [late, outcast] = [await site.signedIn(), await site.signedIn("admin")];
  const [expiredToken, suspendedToken] = [
    await tokenOf(late, apiScopes),
    await tokenOf(outcast, apiScopes),
  ];
  await pool.query("update api_tokens set expires_at = now() where user_id = $1", [late.id]);
  await pool.query("update users set suspended_at = now() where id = $1", [outcast.id]);
  const askers = { signedOut, suspended, ended, expired, expiredToken, suspendedToken };
  for (const operation of operations.filter(({ name }) => !open.includes(name))) {
    for (const [who, { headers }] of Object.entries(askers)) {
      const { statusCode } = await send(operation, newId(), headers);
      expect([operation.name, who, statusCode]).toEqual([operation.name, who, 401]);
    }
  }
});

/** A program's token, made while its owner was an admin. */
async function tokenOf(owner: SignedInUser, scopes: readonly ApiScope[]) {
  const { db } = site.database;
  const [{ role } = {}] = await db.select().from(users).where(eq(users.id, owner.id));
  await db.update(users).set({ role: "admin" }).where(eq(users.id, owner.id));
  const wish = { name: "x", scopes, networks: [], days: 1 };
  const { token } = await apiTokensOf(db).make(owner, wish);
  await db.update(users).set({ role }).where(eq(users.id, owner.id));
  return { headers: { authorization: `Bearer ${token}` } };
}

test("what changes anything is refused to a page of another site, whoever is signed in", async () => {
  const pages = [
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
    { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
    { origin: "null", "sec-fetch-site": "none" },
  ];
  for (const operation of operations.filter(({ method }) => method !== "GET")) {
    for (const page of pages) {
      const id = ids[kindOf(operation) ?? "task"];
      const answer = await send(operation, id, { ...owner.headers, ...page });
      expect([operation.name, answer.statusCode, answer.json().code]).toEqual([
        operation.name,
        403,
        "foreign-origin",
      ]);
    }
  }
});

test("what a role or a token may not do is refused before anything is read of it", async () => {
  const askers = {
    user: stranger,
    support: await site.signedIn("support"),
    looker: await site.lookingAt(owner, await site.signedIn("admin")),
    "read token": await tokenOf(await site.signedIn("admin"), ["read"]),
    "trade token": await tokenOf(await site.signedIn("admin"), ["trade"]),
    "admin token": await tokenOf(await site.signedIn("admin"), ["admin"]),
    "all of a former admin": await tokenOf(await site.signedIn(), apiScopes),
  };
  let refused = 0;
  for (const operation of operations) {
    for (const [who, { headers }] of Object.entries(askers)) {
      if (may[who]?.includes(operation.permission)) continue;
      refused += 1;
      for (const id of [ids[kindOf(operation) ?? "task"], newId(), owner.id]) {
        const answer = await send(operation, id, headers);
        expect([operation.name, who, answer.statusCode, answer.json().code]).toEqual([
          operation.name,
          who,
          403,
          "forbidden",
        ]);
      }
    }
  }
  expect(refused).toBeGreaterThan(30);
});

test("the owner finds their own things, so that a refusal below means what it says", async () => {
  for (const operation of operations.filter(({ method }) => method === "GET").filter(isOwned)) {
    const answer = await send(operation, ids[kindOf(operation) ?? "task"], owner.headers);
    expect([operation.name, answer.statusCode], answer.body.slice(0, 300)).toEqual([
      operation.name,
      200,
    ]);
  }
});

test("somebody else's id is answered exactly like one that never was, to users of every role", async () => {
  const askers = [stranger, await site.signedIn("support"), await site.signedIn("admin")];
  for (const operation of operations.filter(isOwned)) {
    for (const { headers } of askers) {
      const foreign = await send(operation, ids[kindOf(operation) ?? "task"], headers);
      const missing = await send(operation, randomUUID(), headers);
      expect([operation.name, foreign.statusCode]).toEqual([operation.name, 404]);
      expect(withoutRequestId(foreign), operation.name).toEqual(withoutRequestId(missing));
    }
  }
});

test("an operator who names what is not there is told so, and nothing happens", async () => {
  const admin = await site.signedIn("admin");
  const named = operations.filter(({ path }) => path.startsWith(operated) && /Id\}/.test(path));
  expect(named.length).toBeGreaterThan(9);
  for (const operation of named) {
    const { statusCode } = await send(operation, newId(), admin.headers);
    expect([operation.name, statusCode]).toEqual([operation.name, 404]);
  }
  const { rows } = await site.database.pool.query("select count(*)::int as n from audit_log");
  expect(rows).toEqual([{ n: 0 }]);
});

test("an id that is no id is the asker's mistake, never ours", async () => {
  for (const operation of operations.filter(isOwned)) {
    for (const id of ["1", "..%2f..%2fetc", "%27%20or%20true--", "null", "0".repeat(150)]) {
      const answer = await send(operation, id, owner.headers);
      expect([operation.name, id, answer.statusCode >= 400 && answer.statusCode < 500]).toEqual([
        operation.name,
        id,
        true,
      ]);
    }
  }
});

test("no list shows anything of somebody else", async () => {
  for (const operation of operations.filter(
    ({ method, path }) => method === "GET" && !path.includes("{"),
  )) {
    if (open.includes(operation.name) || operation.path === "/events") continue;
    const answer = await send(operation, "", stranger.headers);
    expect(answer.statusCode, `${operation.name} ${answer.body}`).toBeLessThan(500);
    for (const id of [...Object.values(ids), owner.id])
      expect(answer.body, operation.name).not.toContain(id);
  }
});

const resolved = (schema: Schema): Schema =>
  schema.$ref === undefined ? schema : (shapes[schema.$ref.split("/").at(-1) ?? ""] ?? {});

/** Where a schema takes an id: by its format, or by its name. */
function idsIn(given: Schema, where: string): string[] {
  const schema = resolved(given);
  const isId = schema.type === "string" && (schema.format === "uuid" || /ids?$/i.test(where));
  const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const fields = Object.entries(schema.properties ?? {});
  return [
    ...(isId ? [where] : []),
    ...parts.flatMap((part) => idsIn(part, where)),
    ...fields.flatMap(([name, field]) => idsIn(field, where === "" ? name : `${where}.${name}`)),
    ...(schema.items === undefined ? [] : idsIn(schema.items, `${where}[]`)),
  ];
}

test("every id in a query or a body is classified", () => {
  const found = operations.flatMap(({ name, body, query }) => [
    ...(body === undefined ? [] : idsIn(body, "")).map((where) => `${name} ${where}`),
    ...Object.entries(query).flatMap(([key, schema]) =>
      idsIn(schema, key).map((where) => `${name} ${where}`),
    ),
  ]);
  expect([...new Set(found)].sort()).toEqual(Object.keys(idsTaken).sort());
  for (const [place, kind] of Object.entries(idsTaken))
    if (kind === "operated") expect(place).toMatch(/^GET \/admin\//);
});

test("ids of somebody else in queries and bodies are answered like ones that never were", async () => {
  const own = await makeThings(site, stranger);
  const candles = { kind: "series", seriesId: own.series };
  const order = { strategy: "matrix", version: "0".repeat(64), timeframe: "1h" };
  /** The request with the id at the place, and the stranger's own things everywhere else. */
  const requests: Readonly<Record<string, (id: string) => { url: string; payload?: object }>> = {
    "POST /backtests candles.seriesId": (seriesId) => ({
      ...{ url: "/backtests", payload: { ...order, candles: { kind: "series", seriesId } } },
    }),
    "POST /backtests candles.others[].seriesId": (seriesId) => ({
      ...{
        url: "/backtests",
        payload: { ...order, candles: { ...candles, others: [{ kind: "series", seriesId }] } },
      },
    }),
    "GET /backtests/compare ?ids": (id) => ({
      url: `/backtests/compare?ids=${own.backtest},${id}`,
    }),
    "POST /comparisons backtestIds[]": (id) => ({
      ...{ url: "/comparisons", payload: { title: "x", backtestIds: [own.backtest, id] } },
    }),
  };
  for (const [place, kind] of Object.entries(idsTaken)) {
    if (kind === "operated" || kind === "remembered" || kind === "signed") continue;
    const request = requests[place];
    if (request === undefined) throw new Error(`${place} lacks a request that reaches its id`);
    const method = place.startsWith("POST") ? ("POST" as const) : ("GET" as const);
    const ask = ({ url, payload }: { url: string; payload?: object }) =>
      site.inject({
        ...{ method, url: `/api/v1${url}`, headers: stranger.headers },
        ...(payload === undefined ? {} : { payload }),
      });
    const foreign = await ask(request(ids[kind]));
    const never = await ask(request(newId()));
    expect([place, foreign.statusCode], foreign.body).toEqual([place, 404]);
    expect(withoutRequestId(foreign), place).toEqual(withoutRequestId(never));
  }
});

/** What nobody may set through a body: whose a thing is, what a user may do, what the platform found out itself. */
const foreignFields = {
  ...{
    id: "x",
    userId: "x",
    ownerId: "x",
    role: "admin",
    isAdmin: true,
    epoch: 9,
    scopes: ["admin"],
  },
  ...{
    suspendedAt: null,
    emailProvenAt: "2020-01-01",
    passwordHash: "x",
    credentials: "x",
    permissions: { withdraw: true },
    state: "works",
    status: "done",
    impersonatorId: null,
  },
};

test("no body takes a field that is not in its schema, at any depth", async () => {
  const looseIn = (given: Schema, where: string): string[] => {
    const schema = resolved(given);
    const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
    const fields = Object.entries(schema.properties ?? {});
    const isLoose = schema.properties !== undefined && schema.additionalProperties !== false;
    return [
      ...(isLoose ? [where] : []),
      ...parts.flatMap((part) => looseIn(part, where)),
      ...fields.flatMap(([name, field]) => looseIn(field, `${where}.${name}`)),
      ...(schema.items === undefined ? [] : looseIn(schema.items, `${where}[]`)),
    ];
  };
  const withBody = operations.filter(({ body }) => body !== undefined);
  expect(withBody.length).toBeGreaterThan(15);
  expect(withBody.flatMap(({ body = {}, name }) => looseIn(body, name))).toEqual([]);

  const admin = await site.signedIn("admin");
  for (const operation of withBody) {
    const allowed = resolved(operation.body ?? {}).properties ?? {};
    const extra = Object.entries(foreignFields).filter(([name]) => !(name in allowed));
    const payload = { ...bodies[operation.name], ...Object.fromEntries(extra) };
    const answer = await site.inject({
      method: operation.method,
      url: `/api/v1${operation.path.replace("{kind}", "terms").replaceAll(/\{[^}]+\}/g, newId())}`,
      headers: { "sec-fetch-site": "same-origin", ...admin.headers },
      payload,
    });
    const { code } = answer.json();
    expect([operation.name, answer.statusCode, code], answer.body).toEqual([
      operation.name,
      400,
      "validation-failed",
    ]);
  }
  const { rows } = await site.database.pool.query("select role, epoch from users where id = $1", [
    admin.id,
  ]);
  expect(rows).toEqual([{ role: "admin", epoch: 0 }]);
});

const isDangerous = ({ name, path, method }: Operation): boolean =>
  confirmedOnly.includes(name) || (path.startsWith(operated) && method !== "GET");

test("what is dangerous wants password or code once more, in a session that is not fresh", async () => {
  const { headers, sessionId } = await site.signedIn("admin");
  await site.database.pool.query(
    "update sessions set confirmed_at = now() - interval '11 minutes' where id = $1",
    [sessionId],
  );
  for (const operation of operations.filter(isDangerous)) {
    const answer = await send(operation, newId(), headers);
    expect([operation.name, answer.statusCode, answer.json().code]).toEqual([
      operation.name,
      403,
      "confirmation-needed",
    ]);
  }
});

test("what is dangerous, or lasts, is for the browser that is signed in, not for a copied token", async () => {
  const [admin, other] = [await site.signedIn("admin"), await site.signedIn("admin")];
  const cookies = ["", "__Host-refresh=made-up", other.cookie];
  for (const operation of operations) {
    if (!isDangerous(operation) && !browserOnly.includes(operation.name)) continue;
    for (const cookie of cookies) {
      const answer = await send(operation, newId(), { ...admin.bearer, cookie });
      const { statusCode } = answer;
      expect([operation.name, statusCode, answer.json().code]).toEqual([
        operation.name,
        403,
        "browser-needed",
      ]);
      expect(answer.headers["set-cookie"]).toBeUndefined();
    }
  }
});

test("every answer of every operation carries the security headers", () => {
  expect(operations.filter(({ name }) => !answered.has(name) && !open.includes(name))).toEqual([]);
  expect([...bare]).toEqual([]);
});

test("after all of this the owner's things are still there", async () => {
  for (const operation of operations.filter(
    ({ method, path }) => method === "GET" && path.endsWith("}"),
  )) {
    const kind = kindOf(operation);
    if (kind === undefined) continue;
    expect((await send(operation, ids[kind], owner.headers)).statusCode, operation.name).toBe(200);
  }
});
