import type { ChildProcess } from "node:child_process";
import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { createPost, secretPlace } from "../src/mail/post.ts";
import { createEnvelope, keysFromSecrets } from "../src/platform/envelope.ts";
import { newId } from "../src/platform/ids.ts";
import { createLog } from "../src/platform/log.ts";
import { countByKey, onOldKeys, requireKnownKeys, sealedColumns } from "../src/sealed-columns.ts";
import { buildWeb } from "../src/wiring.ts";
import { type SignedInUser, siteOfFile } from "./support/app.ts";
import { startProgram } from "./support/command-line.ts";

const oldKey = "the-old-key-of-the-rotation-tests-0001";
const newKey = "the-new-key-of-the-rotation-tests-0002";
const envelopeOf = (...keys: string[]) => createEnvelope(keysFromSecrets(keys));

const site = siteOfFile({ env: { API_ENCRYPTION_KEY: `${newKey},${oldKey}` } });
let user: SignedInUser;
beforeAll(async () => {
  user = await site.signedIn();
});

function rotate(): ChildProcess {
  const env = {
    DATABASE_URL: site.database.url,
    API_ENCRYPTION_KEY: `${newKey},${oldKey}`,
    DATA_DIR: site.config.dataDir,
  };
  return startProgram("cli.ts", ["keys", "rotate", "--json"], env, ["ignore", "pipe", "pipe"]);
}
const ended = (child: ChildProcess): Promise<string> =>
  new Promise((done) => {
    let output = "";
    child.stdout?.on("data", (chunk) => {
      output += chunk;
    });
    child.stderr?.on("data", (chunk) => {
      output += chunk;
    });
    child.on("close", () => done(output));
  });
const left = async () =>
  onOldKeys(await countByKey(site.database.db), envelopeOf(newKey).currentKey);

test("every column that is said to be sealed is there, with an id and an owner", async () => {
  for (const { table, column } of sealedColumns) {
    const { rows } = await site.database.pool.query(
      "select column_name from information_schema.columns where table_name = $1",
      [table],
    );
    const names = rows.map((row) => row.column_name);
    expect(names).toEqual(expect.arrayContaining(["id", "user_id", column]));
  }
});

/** Hundreds of kills: `npm run campaign:rotation`. */
test("killed again and again under load, a rotation loses nothing and comes to its end", {
  timeout: 180_000,
}, async () => {
  const post = createPost(envelopeOf(oldKey));
  const write = (times: number) =>
    site.database.db.transaction(async (transaction) => {
      for (let i = 0; i < times; i++) {
        await post(transaction, {
          kind: "reset-password",
          userId: user.id,
          recipient: "x@example.com",
          link: { token: `token-${newId()}`, endsAt: new Date(Date.now() + 1e9) },
        });
      }
    });
  await write(1_000);
  for (let kill = 0; kill < 3; kill++) {
    const child = rotate();
    const end = ended(child);
    const before = await left();
    while (child.exitCode === null && (await left()) === before) await pause(5);
    child.kill("SIGKILL");
    await end;
    await write(20);
  }
  expect(await left()).toBeGreaterThan(0);
  const answer = JSON.parse(await ended(rotate()));
  expect(answer).toMatchObject({ key: envelopeOf(newKey).currentKey, left: 0 });
  const { rows } = await site.database.pool.query("select id, secret from mails");
  const withoutOld = envelopeOf(newKey);
  for (const { id, secret } of rows)
    expect(await withoutOld.open(secret, secretPlace(id, user.id))).toMatch(/^token-/);
  expect(rows).toHaveLength(1_060);
  await requireKnownKeys(site.database.db, withoutOld);
});

test("a value that does not open is named and left, and all others come under the new key", async () => {
  const post = createPost(envelopeOf(oldKey));
  const write = async () => {
    const link = { token: `token-${newId()}`, endsAt: new Date(Date.now() + 1e9) };
    const wish = { kind: "reset-password", userId: user.id, recipient: "x@example.com", link };
    await site.database.db.transaction((transaction) => post(transaction, wish as never));
    const { rows } = await site.database.pool.query(
      "select id, secret from mails order by id desc limit 1",
    );
    return rows[0] as { id: string; secret: string };
  };
  const [broken, whole] = [await write(), await write()];
  const altered = broken.secret.slice(0, -3) + (broken.secret.endsWith("AAA") ? "BBB" : "AAA");
  await site.database.pool.query("update mails set secret = $1 where id = $2", [
    altered,
    broken.id,
  ]);
  const child = rotate();
  const output = await ended(child);
  expect(child.exitCode).toBe(1);
  expect(JSON.parse(output.slice(0, output.indexOf("\n}\n") + 3))).toMatchObject({
    ...{ rotated: 1, left: 1 },
    unreadable: [{ table: "mails", column: "secret", id: broken.id }],
  });
  expect(output).toContain("1 of the stored secrets cannot be opened");
  for (const secret of [...altered.split(".").slice(2), whole.secret])
    expect(output).not.toContain(secret);
  const log = await site.database.pool.query(
    "select action, after from audit_log order by id desc limit 2",
  );
  expect(log.rows).toMatchObject([
    { action: "keys-rotated", after: { rotated: 1, left: 1, unreadable: 1 } },
    { action: "key-rotation-begun" },
  ]);
});

test("with a key missing neither web nor worker starts", async () => {
  await expect(requireKnownKeys(site.database.db, envelopeOf(oldKey))).rejects.toThrow(
    /add the old key to its end/,
  );
  const config = { ...site.config, apiEncryptionKeys: [oldKey] };
  const log = createLog({ level: "silent", process: "web", secrets: [], write: () => undefined });
  await expect(buildWeb(config, log)).rejects.toThrow(/API_ENCRYPTION_KEY does not hold/);
  await site.database.db.execute(sql`delete from mails`);
});

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
