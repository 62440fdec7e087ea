import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Role } from "@trading/contracts/accounts";
import { createAccessTokens } from "../backend/src/accounts/access-token.ts";
import { createSessions } from "../backend/src/accounts/sessions.ts";
import { createAccountStore } from "../backend/src/accounts/store.ts";
import { loadConfig } from "../backend/src/config.ts";
import { createEnvelope, keysFromSecrets } from "../backend/src/platform/envelope.ts";
import { createLog } from "../backend/src/platform/log.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";
import { buildWeb } from "../backend/src/wiring.ts";
import { startDatabase } from "./support/database.ts";
import { until } from "./support/platform.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:tries`: asks ten thousand and a million times what tests ask a hundred times. Guesses at passwords
 * from one network and from a thousand, and by name and address in turn over days of a moved clock, sessions that are
 * continued by two at once, events of many users, sealed values, everybody signed out while many are active. `--only
 * guesses` runs one of them.
 */
const { values } = parseArgs({
  options: {
    only: { type: "string", default: "guesses,patience,races,events,seals,everybody" },
    guesses: { type: "string", default: "10000" },
    days: { type: "string", default: "2" },
    races: { type: "string", default: "1000" },
    events: { type: "string", default: "1000000" },
    seals: { type: "string", default: "1000000" },
  },
});

const stops = campaignStops();
const { dir, url } = await startDatabase(stops);
const jwtKey = randomBytes(48).toString("base64url");
const config = loadConfig(
  {
    DATABASE_URL: url,
    JWT_SECRET_KEY: jwtKey,
    API_ENCRYPTION_KEY: randomBytes(48).toString("base64url"),
    DATA_DIR: join(dir, "data"),
    RATE_LIMIT_PER_MINUTE: "1000000",
    LOG_LEVEL: "silent",
  },
  "web",
);
const database = openDatabase(url, { max: 4 });
stops.add("connection", database.close);
const log = createLog({ level: "silent", process: "web", secrets: [], write: () => undefined });
const web = await buildWeb(config, log);
stops.add("web", web.close);

const ask = (path: string, payload: object, from: string, cookie = "") =>
  web.app.inject({
    method: "POST",
    url: `/api/v1/auth/${path}`,
    remoteAddress: from,
    headers: { "sec-fetch-site": "same-origin", ...(cookie === "" ? {} : { cookie }) },
    payload,
  });

/** Does it `times` times, eight at once. */
async function many(times: number, once: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const hand = async () => {
    while (next < times) await once(next++);
  };
  await Promise.all(Array.from({ length: 8 }, hand));
}

function tell(isGood: boolean, words: string): boolean {
  console.log(`${isGood ? "✔" : "✖"} ${words}`);
  return isGood;
}

async function guesses(networks: number): Promise<boolean> {
  const name = `victim-${networks}`;
  const password = "a phrase that nobody guesses";
  await ask("register", { name, email: `${name}@example.com`, password }, "10.200.0.1");
  const answers = new Map<number, number>();
  const begin = Date.now();
  await many(Number(values.guesses), async (index) => {
    const network = index % networks;
    const from = `10.${network >> 8}.${network & 255}.7`;
    const guess = { identifier: name, password: `wrong guess ${index}` };
    const { statusCode } = await ask("login", guess, from);
    answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1);
  });
  const evaluated = answers.get(401) ?? 0;
  const isAllAnswered = evaluated + (answers.get(429) ?? 0) === Number(values.guesses);
  const seconds = ((Date.now() - begin) / 1_000).toFixed(0);
  return tell(
    evaluated <= 100 && isAllAnswered,
    `${values.guesses} guesses from ${networks} networks in ${seconds} s: ${evaluated} evaluated, the others told to wait`,
  );
}

/** One who has days: by name and by address in turn, as soon as each wait is over. */
async function patience(): Promise<boolean> {
  const name = "patient-victim";
  const email = `${name}@example.com`;
  const password = "a phrase that nobody guesses";
  await ask("register", { name, email, password }, "10.201.0.1");
  let asked = 0;
  const login = async (identifier: string, secret: string) => {
    asked += 1;
    const from = `10.${asked >> 8}.${asked & 255}.7`;
    return (await ask("login", { identifier, password: secret }, from)).statusCode;
  };
  const passBy = (seconds: number) =>
    database.pool.query(
      `update sign_in_throttles set blocked_until = blocked_until - make_interval(secs => $1),
         updated_at = updated_at - make_interval(secs => $1)`,
      [seconds],
    );
  const days = Number(values.days);
  for (let second = 0; second < days * 86_400; second += 450) {
    for (const identifier of [name, email]) await login(identifier, `wrong guess ${asked}`);
    await passBy(450);
  }
  const { rows } = await database.pool.query(
    "select failures from sign_in_throttles where key = 'passwords:' || (select id from users where name = $1)",
    [name],
  );
  const judged: number = rows[0]?.failures ?? 0;
  await passBy(900);
  const late = await login(name, password);
  return tell(
    judged <= 100 && late === 401,
    `${asked} guesses over ${days} days of a moved clock, by name and address in turn: ${judged} judged, and then the right one is not either`,
  );
}

const newUser = (role: Role = "user") => {
  const name = `user-${randomBytes(5).toString("hex")}`;
  const identity = { name, email: `${name}@example.com`, passwordHash: null, role };
  return createAccountStore(database.db).create(identity);
};
const here = { address: "127.0.0.1", device: "campaign" };

async function races(): Promise<boolean> {
  const sessions = createSessions(database.db);
  const user = await newUser();
  const used: string[] = [];
  let lockedOut = 0;
  // Each from a network of its own: how often one network may ask is not the question here.
  const from = (index: number) => `10.${index >> 8}.${index & 255}.1`;
  await many(Number(values.races), async (index) => {
    const { refreshToken } = await sessions.open(user, "link", here);
    const cookie = `__Host-refresh=${refreshToken}`;
    const answers = await Promise.all([0, 1].map(() => ask("refresh", {}, from(index), cookie)));
    if (answers.some(({ statusCode }) => statusCode !== 200)) lockedOut += 1;
    used.push(cookie);
  });
  await database.pool.query(
    "update refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null",
  );
  await many(used.length, async (index) => {
    await ask("refresh", {}, from(index), used[index]);
  });
  const { rows } = await database.pool.query(
    "select count(*)::int as living from sessions where user_id = $1 and revoked_at is null",
    [user.id],
  );
  return tell(
    lockedOut === 0 && rows[0].living === 0,
    `${values.races} races of two who continue one session: ${lockedOut} locked out; of sessions whose used token came again later, ${rows[0].living} live on`,
  );
}

/** Streams of a hundred users, while things of all of them change; each event is named after its owner. */
async function events(): Promise<boolean> {
  const origin = await web.app.listen({ host: "127.0.0.1", port: 0 });
  const tokens = createAccessTokens([jwtKey], Date.now);
  const stop = new AbortController();
  let [own, foreign] = [0, 0];
  const owners: string[] = [];
  for (let i = 0; i < 100; i++) {
    const user = await newUser();
    const { id: userId } = user;
    const { sessionId } = await createSessions(database.db).open(user, "link", here);
    const token = await tokens.make({ userId, sessionId, epoch: 0 });
    const answer = await fetch(`${origin}/api/v1/events`, {
      headers: { authorization: `Bearer ${token}` },
      signal: stop.signal,
    });
    owners.push(userId);
    const follow = async () => {
      const decoder = new TextDecoder();
      let rest = "";
      for await (const part of answer.body ?? []) {
        const lines = (rest + decoder.decode(part, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines.filter((one) => one.startsWith("data:")))
          line.includes(`"id":"${userId}/`) ? own++ : foreign++;
      }
    };
    void follow().catch(() => undefined);
  }
  const total = Number(values.events);
  const atOnce = 10_000;
  for (let sent = 0; sent < total; sent += atOnce) {
    await database.pool.query(
      `select pg_notify('platform_events', json_build_object('kind', 'event', 'audience', owner,
         'event', json_build_object('kind', 'backtest', 'id', owner || '/' || n))::text)
       from generate_series($1::int, $2::int) n, lateral (select ($3::text[])[1 + n % 100] as owner) o`,
      [sent, sent + atOnce - 1, owners],
    );
    await until(async () => own + foreign >= sent + atOnce, 60_000, "all events arrive");
  }
  stop.abort();
  return tell(
    foreign === 0 && own === total,
    `${total} events for ${owners.length} users: ${own} reached their owner, ${foreign} somebody else`,
  );
}

async function seals(): Promise<boolean> {
  const envelope = createEnvelope(keysFromSecrets(["k".repeat(40)]));
  const place = { table: "keys", rowId: "r", userId: "u", column: "secret" };
  const seen = new Set<string>();
  const total = Number(values.seals);
  for (let i = 0; i < total; i++) {
    const [, , wrapped = "", value = ""] = (await envelope.seal("x", place)).split(".");
    // Sixteen characters are the 96 bits of the initialisation vector; each value has two, under different keys.
    seen.add(`w${wrapped.slice(0, 16)}`).add(`v${value.slice(0, 16)}`);
  }
  const repeated = 2 * total - seen.size;
  return tell(repeated === 0, `${total} sealed values: ${repeated} vectors used twice`);
}

/** The operator ends the sessions of ten thousand people, of whom forty sign all others out as fast as they can. */
async function everybody(): Promise<boolean> {
  const tokens = createAccessTokens([jwtKey], Date.now);
  const signIn = async (role?: Role) => {
    const session = await createSessions(database.db).open(await newUser(role), "link", here);
    return { accessToken: await tokens.make(session), cookie: session.refreshToken };
  };
  let asked = 0;
  const end = async (method: "POST" | "DELETE", path: string, { accessToken, cookie }: Browser) => {
    asked += 1;
    const answer = await web.app.inject({
      ...{ method, url: `/api/v1${path}`, remoteAddress: `10.${asked >> 8}.${asked & 255}.7` },
      headers: {
        "sec-fetch-site": "same-origin",
        authorization: `Bearer ${accessToken}`,
        cookie: `__Host-refresh=${cookie}`,
      },
      ...(method === "POST" ? { payload: { reason: "a campaign" } } : {}),
    });
    return {
      status: answer.statusCode,
      accessToken: answer.json().accessToken,
      cookie: answer.cookies[0]?.value ?? "",
    };
  };
  await database.pool.query(`
    with crowd as (insert into users (id, name, name_key, email, email_key, role)
      select gen_random_uuid(), n, n, n, n, 'user' from (select 'crowd-' || generate_series(1, 10000)) as c (n) returning id)
    insert into sessions (id, user_id, epoch, method, device, network, expires_at)
      select gen_random_uuid(), id, 0, 'link', '', '', now() + interval '9 days' from crowd, generate_series(1, 3)`);
  const operator = await signIn("admin");
  const people = await Promise.all(Array.from({ length: 40 }, () => signIn()));
  const statuses = new Set<number>();
  const loops = people.map(async (one) => {
    for (let now = { ...one, status: 200 }; now.status === 200; statuses.add(now.status))
      now = await end("DELETE", "/users/me/sessions", now);
  });
  await new Promise((done) => setTimeout(done, 2_000));
  const [active, begin] = [asked, performance.now()];
  const { status } = await end("POST", "/admin/sign-out-everybody", operator);
  const seconds = ((performance.now() - begin) / 1_000).toFixed(2);
  await Promise.all(loops);
  return tell(
    status === 200 && Number(seconds) < 3 && ![...statuses].some((one) => one >= 500),
    `30,000 sessions of 10,000 people ended in ${seconds} s (${status}) while 40 signed all others out, ${active} times in 2 s before (${[...statuses]})`,
  );
}
type Browser = Readonly<{ accessToken: string; cookie: string }>;

const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  guesses: async () => (await guesses(1)) && (await guesses(1_000)),
  patience,
  races,
  events,
  seals,
  everybody,
};
for (const part of values.only.split(",")) if (!(await parts[part]?.())) process.exitCode = 1;
await stops.run();
