import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { rootDir } from "../backend/src/config.ts";
import { freePort } from "../backend/src/platform/embedded-postgres.ts";
import { startDatabase } from "./support/database.ts";
import { pause } from "./support/platform.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:sign-ins -- --seconds 20`: 50 people, each from a network of their own, sign in at once, again and
 * again, while another one asks who they are ten times a second: hashing passwords must not hold up anybody else.
 */
const { values } = parseArgs({
  options: {
    parallel: { type: "string", default: "50" },
    seconds: { type: "string", default: "20" },
  },
});
const p99Max = 200;

const stops = campaignStops();
const { dir, url } = await startDatabase(stops);
const port = await freePort();
const web = spawn(process.execPath, [join(rootDir, "backend/src/web.ts")], {
  env: {
    PATH: process.env.PATH,
    DATABASE_URL: url,
    JWT_SECRET_KEY: randomBytes(48).toString("base64url"),
    API_ENCRYPTION_KEY: randomBytes(48).toString("base64url"),
    DATA_DIR: join(dir, "data"),
    PORT: String(port),
    RATE_LIMIT_PER_MINUTE: "1000000",
    LOG_LEVEL: "error",
  },
  stdio: ["ignore", 2, 2, "ipc"],
});
stops.add("web", async () => {
  web.kill("SIGTERM");
  if (web.exitCode === null) await new Promise((done) => web.once("exit", done));
});
await new Promise((done) => web.once("message", done));

type Asked = Readonly<{ body?: object; token?: string; from?: string }>;

/** Asks as a proxy on this machine does, which says for whom. */
async function ask(path: string, { body, token, from = "10.0.0.1" }: Asked): Promise<Response> {
  return fetch(`http://localhost:${port}/api/v1${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "sec-fetch-site": "same-origin",
      "x-forwarded-for": from,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const password = "a phrase that nobody guesses";
type Person = Readonly<{ name: string; from: string; token: string }>;

async function register(index: number): Promise<Person> {
  const [name, from] = [`person-${index}`, `10.9.${index}.1`];
  const body = { name, email: `${name}@example.com`, password };
  const answer = await ask("/auth/register", { body, from });
  if (!answer.ok) throw new Error(`registering ${name}: ${await answer.text()}`);
  const { accessToken } = (await answer.json()) as { accessToken: string };
  return { name, from, token: accessToken };
}

const { token } = await register(0);
const people: Person[] = [];
for (let i = 1; i <= Number(values.parallel); i++) people.push(await register(i));
/** How long each answer takes until then, in ms, from the shortest. */
async function watch(end: number): Promise<readonly number[]> {
  const times: number[] = [];
  while (Date.now() < end) {
    const start = performance.now();
    const answer = await ask("/users/me", { token });
    await answer.text();
    if (answer.status !== 200) throw new Error(`who am I: ${answer.status}`);
    times.push(performance.now() - start);
    await pause(100);
  }
  return times.sort((a, b) => a - b);
}
const told = (times: readonly number[]): string =>
  `p50 ${at(times, 0.5).toFixed(0)} ms, p99 ${at(times, 0.99).toFixed(0)} ms of ${times.length}`;
const at = (times: readonly number[], share: number): number =>
  times[Math.floor(times.length * share)] ?? 0;

const lastsMs = Number(values.seconds) * 1_000;
const before = await watch(Date.now() + lastsMs / 4);
const end = Date.now() + lastsMs;
const signIns = new Map<number, number>();
const signingIn = people.map(async ({ name, from }) => {
  while (Date.now() < end) {
    const body = { identifier: name, password };
    const answer = await ask("/auth/login", { body, from });
    await answer.body?.cancel();
    signIns.set(answer.status, (signIns.get(answer.status) ?? 0) + 1);
    if (!answer.ok) await pause(200);
  }
});
const during = await watch(end);
await Promise.all(signingIn);
const isGood = at(during, 0.99) < p99Max;
const answered = [...signIns].map(([status, count]) => `${count} × ${status}`).join(", ");
console.log(
  `${isGood ? "✔" : "✖"} ${values.parallel} sign-ins at once (${answered}): who am I ${told(during)}; before, ${told(before)}; load ${loadavg()[0]?.toFixed(0)}`,
);
await stops.run();
process.exitCode = isGood ? 0 : 1;
