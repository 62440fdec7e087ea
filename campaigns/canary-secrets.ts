import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { stepAt, totpCode } from "../backend/src/accounts/totp.ts";
import { rootDir } from "../backend/src/config.ts";
import { secretPlace } from "../backend/src/mail/post.ts";
import { freePort } from "../backend/src/platform/embedded-postgres.ts";
import { createEnvelope, keysFromSecrets } from "../backend/src/platform/envelope.ts";
import { secretFilter } from "../backend/src/platform/log.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";
import { startDatabase } from "./support/database.ts";
import { pause } from "./support/platform.ts";
import { startExchange, startMailServer } from "./support/repeating-servers.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:canaries`: sends secrets that cannot be mistaken through every flow that takes one, also through
 * broken requests, a mail server that repeats what it was told, killed connections, statements that fail as on a full
 * disk, and killed processes; then looks for them, plain and as URL, JSON, hex and base64, in what processes wrote, every answer, every table, every file of the
 * database and of the data directory, and all of Redis.
 */
const { values } = parseArgs({ options: { redis: { type: "boolean", default: false } } });
const canary = (name: string): string => `canary-${name}-${randomBytes(24).toString("hex")}`;

const stops = campaignStops();
const { dir, url } = await startDatabase(stops);
const database = openDatabase(url, { max: 2 });
stops.add("connection", database.close);
const redis = values.redis ? await startRedis() : null;
const mailServer = await startMailServer();
stops.add("mail server", () => void mailServer.close());
const exchange = await startExchange();
stops.add("exchange", exchange.close);

/** What is looked for, by its name. Where an answer may hold it, it says so at its request. */
const secrets = new Map<string, string>();
const secret = (name: string, value = canary(name)): string => {
  secrets.set(name, value);
  return value;
};
/** Addresses may stand in tables of people and mails; not in output and queues. */
const addresses = new Map<string, string>();
const port = await freePort();
const encryptionKey = secret("encryption-key");
const environment = {
  PATH: process.env.PATH,
  DATABASE_URL: url,
  JWT_SECRET_KEY: secret("jwt-key"),
  API_ENCRYPTION_KEY: encryptionKey,
  SMTP_HOST: "localhost",
  SMTP_PORT: String(mailServer.port),
  SMTP_USER: "mailer",
  SMTP_PASSWORD: secret("smtp-password"),
  EMAILS_FROM_EMAIL: "site@example.com",
  SIMULATOR_URL: exchange.url,
  SIMULATOR_TOKEN: secret("simulator-token"),
  COINBASE_COMMERCE_API_KEY: secret("payment-key"),
  ...(redis === null ? {} : { REDIS_URL: redis.url }),
  DATA_DIR: join(dir, "data"),
  PORT: String(port),
  LOG_LEVEL: "trace",
};

let written = "";
const processes: ChildProcess[] = [];
stops.add("processes", () => {
  for (const child of processes) child.kill("SIGKILL");
});
async function start(
  program: "web" | "worker",
  changes: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(rootDir, `backend/src/${program}.ts`)], {
    env: { ...environment, ...changes },
    cwd: rootDir,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  processes.push(child);
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (text) => {
      written += text;
    });
  await new Promise<void>((done, fail) => {
    child.once("message", () => done());
    child.once("exit", (code) => fail(new Error(`${program} ended with ${code}:\n${written}`)));
  });
  return child;
}

let answers = "";
type Answer = Readonly<{ status: number; body: Record<string, unknown>; cookie: string }>;
type Asked = Readonly<{
  token?: string;
  cookie?: string;
  body?: unknown;
  /** The answer is where the secret is shown; it is not looked through. */
  isShown?: boolean;
}>;

async function ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { token, cookie, body, isShown = false } = asked;
  const response = await fetch(`http://localhost:${port}/api/v1${path}`, {
    method,
    headers: {
      "sec-fetch-site": "same-origin",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cookie === undefined ? {} : { cookie }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!isShown) answers += `${response.status} ${text}\n`;
  const json = text.startsWith("{") ? JSON.parse(text) : {};
  return {
    status: response.status,
    body: json,
    cookie: (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "",
  };
}

/** The token of the newest mail's link, as only its reader may know it. */
async function mailedToken(name: string, userId: string, kind: string): Promise<string> {
  const query =
    "select id, secret from mails where user_id = $1 and kind = $2 and secret is not null";
  for (let tries = 0; tries < 100; tries++) {
    const { rows } = await database.pool.query(query, [userId, kind]);
    if (rows.length > 0) {
      const envelope = createEnvelope(keysFromSecrets([encryptionKey]));
      return secret(name, await envelope.open(rows[0].secret, secretPlace(rows[0].id, userId)));
    }
    await pause(100);
  }
  throw new Error(`no mail of kind ${kind}:\n${answers}`);
}

async function wholeLife(): Promise<void> {
  const name = `canary${Date.now()}`;
  const email = `${name}@example.com`;
  const password = secret("password");
  const shown = { isShown: true };
  await ask("POST", "/auth/register", { body: { name, email, password }, ...shown });
  const signIn = async (named: string, body: object): Promise<Answer> => {
    const answer = await ask("POST", "/auth/login", {
      body: { identifier: name, ...body },
      ...shown,
    });
    if (answer.status !== 200) throw new Error(`signing in: ${JSON.stringify(answer.body)}`);
    secret(`${named} access token`, String(answer.body.accessToken));
    secret(`${named} refresh cookie`, answer.cookie.split("=")[1] ?? "");
    return answer;
  };
  const first = await signIn("first", { password });
  const me = await ask("GET", "/users/me", { token: String(first.body.accessToken) });
  const userId = String(me.body.id);
  const proof = await mailedToken("proof link", userId, "prove-address");
  await ask("POST", "/auth/prove-address", { body: { token: proof } });
  await ask("POST", "/auth/refresh", { cookie: first.cookie, ...shown });
  await ask("POST", "/auth/forgot", { body: { identifier: name } });
  const reset = await mailedToken("reset link", userId, "reset-password");
  const renewed = secret("new password");
  await ask("POST", "/auth/reset", { body: { token: reset, password: renewed } });
  const second = await signIn("second", { password: renewed });
  const before = { token: String(second.body.accessToken), cookie: second.cookie };
  const factor = await ask("POST", "/users/me/totp", { ...before, ...shown });
  const totp = secret("totp secret", String(factor.body.secret));
  const code = totpCode(totp, stepAt(Date.now()));
  const recovery = await ask("PUT", "/users/me/totp", {
    ...{ ...before, body: { code }, ...shown },
  });
  if (recovery.status !== 200) throw new Error(`a factor: ${JSON.stringify(recovery.body)}`);
  secret("cookie of the stronger session", recovery.cookie.split("=")[1] ?? "");
  const token = secret("token of the stronger session", String(recovery.body.accessToken));
  const now = { token, cookie: recovery.cookie };
  for (const [index, one] of ((recovery.body.codes ?? []) as string[]).entries())
    secret(`recovery code ${index + 1}`, one);
  const made = { name: "program", scopes: ["read"] };
  const program = await ask("POST", "/users/me/tokens", { ...now, body: made, ...shown });
  if (program.status !== 201) throw new Error(`a token: ${JSON.stringify(program.body)}`);
  await ask("GET", "/backtests", { token: secret("api token", String(program.body.token)) });
  await ask("GET", "/users/me/tokens", now);
  await ask("GET", "/users/me/export", now);
  await ask("GET", "/users/me/security", now);
  await exchangeKeys(now);
  const third = secret("third password");
  const change = { current: renewed, password: third };
  const changed = await ask("PUT", "/users/me/password", {
    ...{ ...now, body: change, isShown: true },
  });
  if (changed.status !== 200) throw new Error(`a password: ${JSON.stringify(changed.body)}`);
  await brokenRequests(name, secret("last access token", String(changed.body.accessToken)), third);
}

/** Keys that are taken, replaced and refused, by an exchange that repeats what it was asked. */
async function exchangeKeys(browser: Pick<Asked, "token" | "cookie">): Promise<void> {
  const key = (name: string) => ({
    apiKey: secret(`${name}-exchange-key`),
    secret: secret(`${name}-exchange-secret`),
  });
  const wish = { exchange: "simulator", label: "Main" };
  const made = await ask("POST", "/exchange-accounts", {
    ...browser,
    body: { ...wish, ...key("first") },
  });
  if (made.status !== 201) throw new Error(`an exchange account: ${JSON.stringify(made.body)}`);
  const { id } = made.body.account as { id: string };
  await ask("PUT", `/exchange-accounts/${id}/key`, { ...browser, body: key("second") });
  await ask("POST", `/exchange-accounts/${id}/reading`, browser);
  await ask("GET", "/exchange-accounts", browser);
  await ask("GET", "/users/me/export", browser);
  for (const how of ["refuses", "breaks", "withdraws"] as const) {
    exchange.behave(how);
    await ask("POST", "/exchange-accounts", { ...browser, body: { ...wish, ...key(how) } });
    await ask("POST", `/exchange-accounts/${id}/reading`, browser);
  }
  const { apiKey, secret: text } = key("misplaced");
  await ask("POST", "/exchange-accounts", { ...browser, body: { ...wish, [apiKey]: text } });
  await ask("POST", "/exchange-accounts", {
    ...browser,
    body: { ...wish, apiKey: [apiKey], secret: { text } },
  });
}

/** The same secrets where nobody expects them. */
async function brokenRequests(identifier: string, token: string, password: string): Promise<void> {
  await ask("POST", "/auth/login", {
    body: `{"identifier":"${identifier}","password":"${password}"`,
  });
  await ask("POST", "/auth/login", { body: { identifier: password, password: { of: password } } });
  await ask("POST", "/auth/login", { body: { identifier, password, extra: password } });
  await ask("POST", "/auth/login", { body: { identifier, password, [password]: 1 } });
  const layout = { [password]: "wide" };
  await ask("PATCH", "/users/me/settings", { token, body: { layout, [password]: { of: 1 } } });
  await ask("POST", "/auth/register", { body: { name: password, email: password, password } });
  await ask("GET", `/series/${password}?password=${password}`, { token });
  await ask("PUT", "/users/me/password", { token, body: { current: [password], password: 5 } });
  await ask("GET", `/users/me?token=${token}`, { token: `${token}x` });
  await ask("POST", "/auth/refresh", { cookie: `__Host-refresh=${password}` });
  await ask("POST", "/auth/reset", { body: { token: password, password } });
}

/** Cuts every connection to the database while requests with secrets are on their way. */
async function cutDatabase(): Promise<void> {
  const password = secret("password while cut");
  for (let round = 0; round < 5; round++) {
    const asking = Array.from({ length: 8 }, () =>
      ask("POST", "/auth/login", { body: { identifier: "nobody", password } }).catch(() => null),
    );
    await pause(20);
    await database.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()",
    );
    await Promise.all(asking);
  }
}

/** Lets statements of a kind fail as on a full disk while something is done. */
async function whileFailing(tables: readonly string[], act: () => Promise<unknown>): Promise<void> {
  const each = async (statement: (table: string) => string) => {
    for (const table of tables) await database.pool.query(statement(table));
  };
  await each(
    (table) =>
      `create trigger canary before insert or update on ${table} for each row execute function canary_disk_full()`,
  );
  await act();
  await each((table) => `drop trigger canary on ${table}`);
}

/** Statements that carry secrets fail in the web process, and in a worker that keeps mails to be looked at. */
async function failStatements(): Promise<void> {
  await database.pool.query(`create function canary_disk_full() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: no space left on device' using errcode = '53100'; end $$`);
  const made = (name: string) => {
    const email = `${canary(name)}@example.com`.slice(-100);
    addresses.set(name, email);
    return { name: `canary${name}${Date.now()}`, email, password: secret(`password of ${name}`) };
  };
  const owner = made("owner");
  const shown = { isShown: true };
  const entered = await ask("POST", "/auth/register", { body: owner, ...shown });
  if (entered.status !== 201) throw new Error(`registering: ${JSON.stringify(entered.body)}`);
  const token = String(entered.body.accessToken);
  const me = await ask("GET", "/users/me", { token, ...shown });
  // Links that set a password go to proven addresses only.
  await database.pool.query("update users set email_proven_at = now() where id = $1", [me.body.id]);
  await whileFailing(["users"], () => ask("POST", "/auth/register", { body: made("guest") }));
  await whileFailing(["totp_factors"], () => ask("POST", "/users/me/totp", { token }));
  await whileFailing(["passkey_challenges"], async () => {
    await ask("POST", "/auth/passkey/options");
    await ask("POST", "/users/me/passkeys/options", { token });
  });
  const { name: identifier, password } = owner;
  await whileFailing(["sessions"], () =>
    ask("POST", "/auth/login", { body: { identifier, password } }),
  );
  await whileFailing(["account_tokens"], async () => {
    await ask("POST", "/auth/forgot", { body: { identifier } });
    await pause(9_000); // Three tries, and the next report of dead jobs.
  });
  // While one is open and new, no other is sent.
  await database.pool.query("update account_tokens set used_at = now() where used_at is null");
  await whileFailing(["caught_mails"], async () => {
    await ask("POST", "/auth/forgot", { body: { identifier } });
    await mailedToken("link of a mail that cannot be kept", String(me.body.id), "reset-password");
    await pause(9_000);
  });
}

type Place = Readonly<{ name: string; text: string }>;

async function places(): Promise<Place[]> {
  const found: Place[] = [
    { name: "output of web and worker", text: written },
    { name: "answers", text: answers },
  ];
  const tables = await database.pool.query(
    "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')",
  );
  for (const { name } of tables.rows) {
    const { rows } = await database.pool.query(`select t::text as line from ${name} t`);
    found.push({ name: `table ${name}`, text: rows.map(({ line }) => line).join("\n") });
  }
  await redis?.save();
  await database.pool.query("checkpoint");
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    found.push({ name: file.slice(dir.length + 1), text: readFileSync(file, "latin1") });
  }
  return found;
}

/** A Redis whose files are written as they are; they lie where files are looked through. */
async function startRedis() {
  const redisPort = await freePort();
  const args = ["--port", String(redisPort), "--dir", dir, "--rdbcompression", "no"];
  const child = spawn("redis-server", [...args, "--appendonly", "yes"], { stdio: "ignore" });
  stops.add("Redis", () => void child.kill("SIGKILL"));
  const say = (line: string): Promise<string> =>
    new Promise((done, fail) => {
      const socket = connect(redisPort, "127.0.0.1", () => socket.write(`${line}\r\n`));
      socket.once("error", fail);
      socket.once("data", (data) => {
        socket.destroy();
        done(data.toString());
      });
    });
  for (let tries = 0; tries < 100; tries++) {
    if ((await say("PING").catch(() => "")).startsWith("+PONG")) break;
    await pause(100);
  }
  return {
    url: `redis://127.0.0.1:${redisPort}/0`,
    save: () => say("SAVE"),
  };
}

await start("web");
const worker = await start("worker");
await wholeLife();
await pause(3_000); // Mails are tried and refused.
await cutDatabase();
worker.kill("SIGKILL");
// From here on mails are kept to be looked at, as development does; what was written so far is not among them.
await database.pool.query("delete from mails");
const other = await start("worker", { SMTP_HOST: "" });
await pause(2_000);
await failStatements();
// Crash output: what a process says that is ended by a signal in the midst of work.
for (const child of [other, processes[0]]) child?.kill("SIGABRT");
await pause(500);
const searched = await places();
const leaks: string[] = [];
for (const [name, value] of secrets) {
  const clean = secretFilter([value]);
  for (const place of searched)
    if (clean(place.text) !== place.text) leaks.push(`${name} in ${place.name}`);
}
const told = searched.filter(({ name }) => /^output|bullmq|queue_reports|\.aof|\.rdb/.test(name));
for (const { name: place, text } of told) {
  if (/params: |\$argon2id\$/.test(text)) leaks.push(`bound values in ${place}`);
  for (const [name, email] of addresses)
    if (text.includes(email)) leaks.push(`address of ${name} in ${place}`);
}
const failures = written.split("could not extend file").length - 1;
if (failures < 8)
  leaks.push(`only ${failures} statements failed: the campaign does not do what it says`);
const isGood = leaks.length === 0;
for (const leak of leaks) console.log(`✖ ${leak}`);
const bytes = searched.reduce((sum, { text }) => sum + text.length, 0);
console.log(
  `${isGood ? "✔" : "✖"} ${secrets.size} secrets, ${failures} failed statements: looked for in ${searched.length} places (${Math.round(bytes / 1e6)} MB, queues in ${redis === null ? "PostgreSQL" : "Redis"}): found in ${leaks.length}`,
);
await stops.run();
process.exitCode = isGood ? 0 : 1;
