import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../backend/src/config.ts";
import { createLog } from "../backend/src/platform/log.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";
import { buildWeb } from "../backend/src/wiring.ts";
import { startDatabase } from "./support/database.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:enumeration -- --tries 2000`: can somebody tell from an answer, or from how long it took, whether
 * an account is there? Asks by turns about accounts that are and that are not. An area under the curve of 0.5 means
 * that time says nothing. Says early how long it will take; `--only sign-in` asks one of the three questions.
 */
const { values } = parseArgs({
  options: {
    tries: { type: "string", default: "2000" },
    only: { type: "string", default: "sign-in,forgot,register" },
  },
});
const tries = Number(values.tries);
/** After so many it is told how long the rest will take. */
const triesOfEstimate = 25;

const stops = campaignStops();
const { dir, url } = await startDatabase(stops);
const config = loadConfig(
  {
    DATABASE_URL: url,
    JWT_SECRET_KEY: randomBytes(48).toString("base64url"),
    API_ENCRYPTION_KEY: randomBytes(48).toString("base64url"),
    DATA_DIR: join(dir, "data"),
    RATE_LIMIT_PER_MINUTE: "1000000",
    LOG_LEVEL: "silent",
  },
  "web",
);
const database = openDatabase(url, { max: 1 });
stops.add("connection", database.close);
const log = createLog({ level: "silent", process: "web", secrets: [], write: () => undefined });
const web = await buildWeb(config, log);
stops.add("web", web.close);

type Answer = Readonly<{ ms: number; said: string }>;
let network = 0;

/** Each from another network: what is slowed down by network would only add noise. */
async function ask(path: string, payload: object): Promise<Answer> {
  network += 1;
  const start = performance.now();
  const answer = await web.app.inject({
    method: "POST",
    url: `/api/v1/auth/${path}`,
    remoteAddress: `10.${(network >> 8) & 255}.${network & 255}.7`,
    headers: { "sec-fetch-site": "same-origin" },
    payload,
  });
  const ms = performance.now() - start;
  const body = answer.body.replace(/"(requestId|accessToken)":"[^"]+"/g, "");
  return { ms, said: `${answer.statusCode} ${body}` };
}

const word = () => randomBytes(8).toString("hex");
const password = "correct horse battery";

async function makeAccount(): Promise<string> {
  const name = word();
  await ask("register", { name, email: `${name}@example.com`, password });
  await database.pool.query("update users set email_proven_at = now() where name = $1", [name]);
  return name;
}

/** How often a time of the first list is longer than one of the second. */
function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const one of first)
    for (const other of second) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (first.length * second.length);
}
/** How far apart two means of these lists are by chance alone, in 95 of 100 cases at most. */
const chance = (...lists: (readonly number[])[]) =>
  2 *
  Math.sqrt(
    lists.reduce((sum, list) => {
      const middle = mean(list);
      return sum + mean(list.map((one) => (one - middle) ** 2)) / list.length;
    }, 0),
  );
const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length;

async function compare(
  what: string,
  question: (name: string) => Promise<Answer>,
): Promise<boolean> {
  const there: number[] = [];
  const absent: number[] = [];
  const said = new Set<string>();
  const began = performance.now();
  for (let i = 0; i < tries; i++) {
    if (i === triesOfEstimate) {
      const minutes = ((performance.now() - began) / i / 60_000) * (tries - i);
      console.error(`${what}: about ${minutes.toFixed(1)} minutes to go`);
    }
    const name = await makeAccount();
    const order = i % 2 === 0 ? [name, word()] : [word(), name];
    for (const one of order) {
      const { ms, said: words } = await question(one);
      (one === name ? there : absent).push(ms);
      said.add(words);
    }
  }
  const area = areaUnderCurve(there, absent);
  const apart = Math.abs(mean(there) - mean(absent));
  const byChance = chance(there, absent);
  const isGood = said.size === 1 && area >= 0.45 && area <= 0.55 && apart <= 5 + byChance;
  console.log(
    `${isGood ? "✔" : "✖"} ${what}: ${said.size} kind of answer, area ${area.toFixed(3)}, means ${apart.toFixed(2)} ms apart (±${byChance.toFixed(2)} by chance), ${tries} each`,
  );
  return isGood;
}

const questions: Readonly<Record<string, (name: string) => Promise<Answer>>> = {
  "sign-in": (identifier) => ask("login", { identifier, password: "wrong password" }),
  forgot: (identifier) => ask("forgot", { identifier }),
  register: (name) => ask("register", { name: word(), email: `${name}@example.com`, password }),
};
for (const what of values.only.split(",")) {
  const question = questions[what];
  if (question === undefined) throw new Error(`there is no question "${what}"`);
  if (!(await compare(what, question))) process.exitCode = 1;
}
await stops.run();
