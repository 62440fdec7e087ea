import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createAccountStore } from "../backend/src/accounts/store.ts";
import { rootDir } from "../backend/src/config.ts";
import { createPost, secretPlace } from "../backend/src/mail/post.ts";
import { createEnvelope, keysFromSecrets } from "../backend/src/platform/envelope.ts";
import { newId } from "../backend/src/platform/ids.ts";
import { openDatabase } from "../backend/src/platform/postgres.ts";
import { countByKey, onOldKeys } from "../backend/src/sealed-columns.ts";
import { startDatabase } from "./support/database.ts";
import { pause, seeded } from "./support/platform.ts";
import { campaignStops } from "./support/stops.ts";

/**
 * `npm run campaign:rotation -- --kills 100`: kills `trading keys rotate` at random moments of its work, while new
 * secrets are sealed with the old key, from one key to the next and on; nothing may become unreadable.
 */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "100" },
    secrets: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
  },
});
const kills = Number(values.kills);
const random = seeded(Number(values.seed));

const stops = campaignStops();
const { dir, url } = await startDatabase(stops);
const database = openDatabase(url, { max: 3 });
stops.add("connection", database.close);
const name = `user-${newId().slice(-12)}`;
const identity = { name, email: `${name}@example.com`, passwordHash: null, role: "user" } as const;
const { id: userId } = await createAccountStore(database.db).create(identity);

const keyOf = (number: number): string =>
  `the-key-number-${String(number).padStart(4, "0")}-of-the-campaign`;
const envelopeOf = (...keys: string[]) => createEnvelope(keysFromSecrets(keys));

/** Seals so many secrets with a key, as a web process does that has not been restarted yet. */
async function seal(key: string, times: number): Promise<void> {
  const post = createPost(envelopeOf(key));
  const endsAt = new Date(Date.now() + 1e9);
  await database.db.transaction(async (transaction) => {
    for (let index = 0; index < times; index++) {
      const link = { token: `token-${newId()}`, endsAt };
      const recipient = "x@example.com";
      await post(transaction, { kind: "reset-password", userId, recipient, link });
    }
  });
}

const rotate = (...keys: string[]): ChildProcess =>
  spawn(process.execPath, ["backend/src/cli.ts", "keys", "rotate", "--json"], {
    cwd: rootDir,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: url,
      API_ENCRYPTION_KEY: keys.join(","),
      DATA_DIR: join(dir, "data"),
    },
    stdio: ["ignore", "ignore", 2],
  });
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.once("close", done));
const leftFor = async (key: string): Promise<number> =>
  onOldKeys(await countByKey(database.db), envelopeOf(key).currentKey);

/** Kills a rotation a random while after it has moved its first value. True when it was killed at work. */
async function killOnce(next: string, present: string): Promise<boolean> {
  const before = await leftFor(next);
  const child = rotate(next, present);
  const end = ended(child);
  while (child.exitCode === null && (await leftFor(next)) === before) await pause(2);
  await pause(random() * 60);
  child.kill("SIGKILL");
  return (await end) === null;
}

/** How many stored secrets do not open with a key alone. */
async function unreadable(key: string): Promise<number> {
  const envelope = envelopeOf(key);
  const { rows } = await database.pool.query("select id, secret from mails");
  let bad = 0;
  for (const { id, secret } of rows) {
    const opened = await envelope.open(secret, secretPlace(id, userId)).catch(() => "");
    if (!opened.startsWith("token-")) bad += 1;
  }
  return bad;
}

let killed = 0;
let rotations = 0;
let bad = 0;
let left = 0;
await seal(keyOf(0), Number(values.secrets));
while (killed < kills) {
  const [present, next] = [keyOf(rotations), keyOf(rotations + 1)];
  for (let tries = 0; tries < 5 && killed < kills; tries++) {
    if (await killOnce(next, present)) killed += 1;
    await seal(present, 20);
  }
  await ended(rotate(next, present));
  left += await leftFor(next);
  bad += await unreadable(next);
  rotations += 1;
}
const { rowCount } = await database.pool.query("select 1 from mails");
const isGood = bad === 0 && left === 0;
console.log(
  `${isGood ? "✔" : "✖"} ${killed} kills in ${rotations} rotations of up to ${rowCount} secrets: ${bad} unreadable, ${left} left on an old key (seed ${values.seed})`,
);
await stops.run();
process.exitCode = isGood ? 0 : 1;
