import { randomUUID } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { type ApiScope, apiScopes } from "@trading/contracts/api-tokens";
import { runSettings } from "@trading/contracts/run-settings";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAccessTokens } from "../src/accounts/access-token.ts";
import { createApiTokens } from "../src/accounts/api-tokens.ts";
import { passkeys } from "../src/accounts/schema.ts";
import { createSessions } from "../src/accounts/sessions.ts";
import type { User } from "../src/accounts/store.ts";
import { createAccountStore } from "../src/accounts/store.ts";
import { backtestResults, backtests, comparisons } from "../src/backtests/schema.ts";
import { exchangeAccounts } from "../src/exchange-accounts/schema.ts";
import { columnsFromRows } from "../src/market-data/columns.ts";
import { importCandles } from "../src/market-data/series-store.ts";
import { createTaskStore } from "../src/market-data/task-store.ts";
import { newId } from "../src/platform/ids.ts";
import type { Sql } from "../src/platform/postgres.ts";
import { strategyVersions } from "../src/strategies/schema.ts";
import { type SignedInUser, type TestApp, testApp } from "./support/app.ts";

/**
 * Who may do what, asked of every operation that the OpenAPI document lists. An operation whose parameters are not
 * classified below fails the build.
 */

type Kind =
  | "series"
  | "task"
  | "backtest"
  | "comparison"
  | "session"
  | "passkey"
  | "token"
  | "account";

/** Ids that belong to somebody, by the path they stand in. */
const owned: Readonly<Record<string, Kind>> = {
  "/series/{seriesId}": "series",
  "/data-tasks/{taskId}": "task",
  "/backtests/{backtestId}": "backtest",
  "/comparisons/{comparisonId}": "comparison",
  "/users/me/sessions/{sessionId}": "session",
  "/users/me/passkeys/{passkeyId}": "passkey",
  "/users/me/tokens/{tokenId}": "token",
  "/exchange-accounts/{accountId}": "account",
};
/** Names of what everybody who is signed in may read: strategies of the installation, markets of exchanges. */
const shared = ["/strategies/{name}", "/exchanges/{exchange}", "/legal/{kind}"];
/** Ids below it are named by operators, and by nobody else. */
const operated = "/admin/";
/** What anybody may ask. */
const open = [
  "POST /auth/register",
  "POST /auth/login",
  "POST /auth/link",
  "POST /auth/forgot",
  "POST /auth/reset",
  "POST /auth/prove-address",
  "POST /auth/invitation",
  "POST /auth/passkey/options",
  "POST /auth/passkey",
  "POST /auth/keep-account",
  "POST /auth/refresh",
  "POST /auth/logout",
  "GET /health",
  "GET /ready",
  "GET /site",
  "GET /site/logo",
  "GET /legal",
  "GET /legal/{kind}",
  "POST /setup",
];
/** Said a second time, so that a slip in the table is seen: what each kind of asker may do. */
const may: Readonly<Record<string, readonly string[]>> = {
  user: ["public", "read", "write", "begin", "security"],
  support: ["public", "read", "write", "begin", "security", "oversee"],
  admin: ["public", "read", "write", "begin", "security", "oversee", "operate"],
  looker: ["public", "read"],
  "read token": ["public", "read"],
  "trade token": ["public", "read", "write", "begin"],
  "admin token": ["public", "oversee"],
  "all of a former admin": ["public", "read", "write", "begin"],
};
/** What a session must confirm first, when it was opened a while ago. */
const confirmedOnly = [
  "PUT /users/me/email",
  "PUT /users/me/password",
  "POST /users/me/totp",
  "PUT /users/me/totp",
  "DELETE /users/me/totp",
  "POST /users/me/recovery-codes",
  "POST /users/me/tokens",
  "GET /users/me/export",
  "POST /users/me/telegram",
  "PATCH /users/me",
  "POST /examples",
  "DELETE /users/me",
  "POST /users/me/passkeys/options",
  "POST /users/me/passkeys",
  "DELETE /users/me/passkeys/{passkeyId}",
  "POST /exchange-accounts",
  "PUT /exchange-accounts/{accountId}/key",
  "DELETE /exchange-accounts/{accountId}",
];

/**
 * Every id that the document takes in a query or a body, found by looking. Ids of a kind belong to somebody; `operated`
 * ones are for operators only, `remembered` ones are kept as they are and looked up by nobody, `signed` ones name what
 * a signature shows.
 */
const idsTaken: Readonly<Record<string, Kind | "operated" | "remembered" | "signed">> = {
  "PATCH /users/me/settings workbench.seriesId": "remembered",
  "PATCH /users/me/settings workbench.others[].seriesId": "remembered",
  "POST /users/me/confirmation passkey.id": "signed",
  "POST /auth/passkey credential.id": "signed",
  "POST /users/me/passkeys credential.id": "signed",
  "GET /admin/backtests ?userId": "operated",
  "GET /admin/audit ?actorId": "operated",
  "GET /admin/audit ?targetId": "operated",
  "GET /admin/audit.csv ?actorId": "operated",
  "GET /admin/audit.csv ?targetId": "operated",
  "POST /backtests candles.seriesId": "series",
  "POST /backtests candles.others[].seriesId": "series",
  "GET /backtests/compare ?ids": "backtest",
  "POST /comparisons backtestIds[]": "backtest",
};

const someKey = { apiKey: "x".repeat(64), secret: "y".repeat(64) };
/** Bodies that pass validation, where an operation wants one. */
const bodies: Readonly<Record<string, object>> = {
  "POST /backtests/{backtestId}/repeat": {},
  "POST /examples": {},
  "PATCH /users/me": { name: "another-name" },
  "POST /admin/invitations": {},
  ...Object.fromEntries(
    [
      "POST /admin/users/{userId}/verification",
      "POST /admin/users/{userId}/sign-out",
      "POST /admin/users/{userId}/country-question",
      "POST /admin/users/{userId}/impersonation",
      "POST /admin/backtests/{backtestId}/stop",
      "POST /admin/backtests/{backtestId}/repeat",
      "POST /admin/queues/{queue}/dead-jobs/{jobId}/retry",
      "POST /admin/mails/{mailId}/resend",
      "POST /admin/key-leak",
    ].map((name) => [name, { reason: "to see" }]),
  ),
  "PUT /admin/users/{userId}/suspension": { isSuspended: true, reason: "to see" },
  "PUT /admin/users/{userId}/role": { role: "user", reason: "to see" },
  "PUT /users/me/email": { email: "other@example.com" },
  "PUT /users/me/password": { current: null, password: "a long enough password" },
  "PUT /users/me/totp": { code: "123456" },
  "POST /users/me/tokens": { name: "x", scopes: ["read"] },
  "POST /exchange-accounts": { exchange: "binance", label: "x", ...someKey },
  "PATCH /exchange-accounts/{accountId}": { label: "x" },
  "PUT /exchange-accounts/{accountId}/key": someKey,
  "POST /users/me/passkeys": {
    name: "x",
    credential: {
      id: "x",
      response: { clientDataJSON: "x", attestationObject: "x" },
    },
  },
  "PATCH /users/me/passkeys/{passkeyId}": { name: "x" },
};

type Schema = Readonly<{
  $ref?: string;
  type?: string;
  format?: string;
  properties?: Readonly<Record<string, Schema>>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  allOf?: readonly Schema[];
}>;
type Described = Readonly<{
  "x-permission"?: string;
  parameters?: readonly Readonly<{ in: string; name: string; schema: Schema }>[];
  requestBody?: { content: Readonly<Record<string, { schema: Schema }>> };
}>;
type Operation = Readonly<{
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  name: string;
  permission: string;
  /** Of the JSON body, where it has one. */
  body: Schema | undefined;
  query: Readonly<Record<string, Schema>>;
}>;

let site: TestApp;
let operations: Operation[];
let shapes: Readonly<Record<string, Schema>>;
let owner: SignedInUser;
let stranger: SignedInUser;
let ids: Record<Kind, string>;

beforeAll(async () => {
  site = await testApp();
  [owner, stranger] = [await site.signedIn(), await site.signedIn()];
  ids = await makeThings(site, owner);
  const document = (await site.inject({ url: "/api/v1/openapi.json" })).json();
  shapes = document.components.schemas;
  operations = Object.entries(document.paths as Record<string, Record<string, Described>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([one, described]) => {
        const method = one.toUpperCase() as Operation["method"];
        const short = path.replace("/api/v1", "");
        return {
          method,
          path: short,
          name: `${method} ${short}`,
          permission: described["x-permission"] ?? "none",
          body: described.requestBody?.content["application/json"]?.schema,
          query: Object.fromEntries(
            (described.parameters ?? [])
              .filter((parameter) => parameter.in === "query")
              .map(({ name, schema }) => [`?${name}`, schema]),
          ),
        };
      }),
  );
});
afterAll(() => site.close());

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
  for (const name of [...open, ...confirmedOnly, ...Object.keys(bodies)])
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
async function tokenOf({ id }: SignedInUser, scopes: readonly ApiScope[]) {
  const maker = { id, role: "admin", emailProvenAt: null } as User;
  const wish = { name: "x", scopes, networks: [], days: 1 };
  const { token } = await apiTokensOf(site.database.db).make(maker, wish);
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

test("what is dangerous wants password or code once more, in a session that is not fresh", async () => {
  const { headers, sessionId } = await site.signedIn("admin");
  await site.database.pool.query(
    "update sessions set confirmed_at = now() - interval '11 minutes' where id = $1",
    [sessionId],
  );
  const dangerous = ({ name, path, method }: Operation) =>
    confirmedOnly.includes(name) || (path.startsWith(operated) && method !== "GET");
  for (const operation of operations.filter(dangerous)) {
    const answer = await send(operation, newId(), headers);
    expect([operation.name, answer.statusCode, answer.json().code]).toEqual([
      operation.name,
      403,
      "confirmation-needed",
    ]);
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

const apiTokensOf = (db: Sql) => createApiTokens({ sql: db, post: async () => undefined });

/** One of everything that has an owner. */
async function makeThings(
  { database }: TestApp,
  { id: userId }: SignedInUser,
): Promise<Record<Kind, string>> {
  const { db } = database;
  const version = "0".repeat(64);
  const manifest = {
    name: "matrix",
    title: "Matrix",
    description: "",
    category: "test",
    risk: "low" as const,
    timeframes: [],
    parameters: {},
    documentation: "",
  };
  await db
    .insert(strategyVersions)
    .values({ version, name: "matrix", code: "", map: "", source: "", manifest })
    .onConflictDoNothing();
  const candles = columnsFromRows(
    Array.from({ length: 48 }, (_, i) => [1.7e12 - (1.7e12 % 3.6e6) + i * 3.6e6, 1, 2, 1, 2, 5]),
  );
  const identity = {
    source: "upload" as const,
    ownerId: userId,
    symbol: "BTC/USDT",
    base: "BTC",
    quote: "USDT",
    timeframe: "1h" as const,
  };
  const { seriesId } = await importCandles(database, identity, candles, 0, 1e9);
  const task = await createTaskStore({ database }).add(userId, "import", {
    kind: "import",
    request: { symbol: "BTC/USDT", badLines: "refuse", fileName: "x.csv", bytes: 1 },
  });
  const backtestId = newId();
  await db.insert(backtests).values({
    ...{
      id: backtestId,
      userId,
      title: "Private title",
      status: "done",
      strategy: "matrix",
      strategyTitle: "Matrix",
      version,
    },
    ...{
      parameters: {},
      candles: { kind: "series", seriesId },
      symbol: "BTC/USDT",
      source: "upload",
      quote: "USDT",
      timeframe: "1h",
    },
    settings: runSettings.parse({ capital: 10_000, makerFee: 0, takerFee: 0 }),
  });
  await db
    .insert(backtestResults)
    .values({ backtestId, result: resultOf(seriesId), trades: zstdCompressSync("[]") });
  const comparisonId = newId();
  await db
    .insert(comparisons)
    .values({ id: comparisonId, userId, title: "Private", backtestIds: [backtestId, backtestId] });
  const owner = await createAccountStore(db).find(userId);
  if (owner === null) throw new Error("nobody is there");
  const { sessionId } = await createSessions(db).open(owner, "link", {
    address: "127.0.0.1",
    device: "test",
  });
  const passkeyId = newId();
  await db.insert(passkeys).values({
    ...{ id: passkeyId, userId, name: "x", isSynced: false, counter: 0 },
    ...{ credentialId: passkeyId, publicKey: "x" },
  });
  const { apiToken } = await apiTokensOf(db).make(
    { id: userId, role: "user", emailProvenAt: null } as User,
    { name: "x", scopes: ["read"], networks: [], days: 1 },
  );
  const accountId = newId();
  await db.insert(exchangeAccounts).values({
    ...{ id: accountId, userId, exchange: "binance", label: "x", keyMark: "x", keyEnd: "xxxx" },
    ...{ state: "works", permissions: mayRead },
  });
  return {
    ...{ passkey: passkeyId, token: apiToken.id, account: accountId },
    ...{ series: seriesId, task: task.id, backtest: backtestId, comparison: comparisonId },
    session: sessionId,
  };
}

const mayRead = {
  ...{ read: true, spot: false, futures: false, withdraw: false },
  ...{ isIpRestricted: true, tradingEndsAt: null },
};

const resultOf = (seriesId: string) => ({
  ...{
    fingerprint: "f",
    engineVersion: "1",
    metrics: {},
    metricReasons: {},
    benchmark: {},
    trades: 0,
    tradesTouchingGaps: 0,
  },
  ...{ rejectedOrders: {}, ambiguousCandles: 0, warmup: 0, elapsedMs: 1 },
  curve: { time: [], equity: [], drawdown: [], benchmark: [] },
  data: {
    ...{
      seriesId,
      source: "upload" as const,
      exchange: null,
      symbol: "BTC/USDT",
      base: "BTC",
      quote: "USDT",
      timeframe: "1h" as const,
    },
    ...{
      rows: 48,
      first: "2023-11-14T00:00:00.000Z",
      last: "2023-11-16T00:00:00.000Z",
      gaps: 0,
      missing: 0,
      impossible: 0,
      jumps: 0,
      revision: "r",
    },
  },
});
