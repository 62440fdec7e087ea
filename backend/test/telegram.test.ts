import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createSessions } from "../src/accounts/sessions.ts";
import { createEnvelope, keysFromSecrets } from "../src/platform/envelope.ts";
import type { Job } from "../src/platform/jobs.ts";
import { telegramJobs } from "../src/telegram-wiring.ts";
import { type SignedInUser, type TestApp, testApp, testEncryptionKey } from "./support/app.ts";

const token = "123456:a-token-of-a-bot-for-tests-only";

/** As much of the Bot API as we use: keeps updates until they are confirmed, and what the bot says. */
function botServer() {
  const said: { chat: string; text: string }[] = [];
  let updates: { update_id: number; message: object }[] = [];
  let next = 100;
  let failure: { error_code: number; parameters?: object } | null = null;
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await text(request)) || "{}");
    const method = request.url?.replace(`/bot${token}/`, "");
    const answer = (result: object) => response.end(JSON.stringify({ ok: true, result }));
    if (method === "getMe") return answer({ username: "trading_test_bot" });
    if (method === "getUpdates") {
      updates = updates.filter(({ update_id }) => update_id >= body.offset);
      return answer(updates);
    }
    if (failure !== null)
      return response.end(JSON.stringify({ ok: false, description: "no", ...failure }));
    said.push({ chat: String(body.chat_id), text: body.text });
    return answer({});
  });
  return {
    server,
    said,
    fail: (how: typeof failure) => {
      failure = how;
    },
    hear(chat: number, words: string, type = "private") {
      updates.push({
        update_id: next++,
        message: { chat: { id: chat, type, username: `chat${chat}` }, text: words },
      });
    },
  };
}

const bot = botServer();
let site: TestApp;
let job: Job;
beforeAll(async () => {
  await new Promise<void>((done) => bot.server.listen(0, "127.0.0.1", done));
  const apiUrl = `http://127.0.0.1:${(bot.server.address() as AddressInfo).port}`;
  site = await testApp({ env: { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_URL: apiUrl } });
  const [made] = telegramJobs({
    telegram: site.config.telegram,
    sql: site.database.db,
    envelope: createEnvelope(keysFromSecrets([testEncryptionKey])),
    onError: (error) => {
      throw error;
    },
  });
  if (made === undefined) throw new Error("no job");
  job = made;
});
afterAll(async () => {
  bot.server.close();
  await site.close();
});
beforeEach(() => bot.said.splice(0));

const serve = () => job.run({}, AbortSignal.timeout(5_000));
const ask = (user: SignedInUser, method: "GET" | "POST" | "DELETE", path = "telegram") =>
  site.inject({
    ...{ method, url: `/api/v1/users/me/${path}` },
    headers: { "sec-fetch-site": "same-origin", ...user.headers },
  });
const hear = async (chat: number, words: string, type?: string) => {
  bot.hear(chat, words, type);
  await serve();
  return bot.said.filter((one) => one.chat === String(chat)).map((one) => one.text);
};

async function linked(chat: number) {
  const user = await site.signedIn();
  const { code } = (await ask(user, "POST")).json();
  await hear(chat, `/start ${code}`);
  bot.said.splice(0);
  return { user, code };
}

test("a code links one chat once, and only a private one", async () => {
  await serve();
  const user = await site.signedIn();
  const { code, link } = (await ask(user, "POST")).json();
  expect(link).toBe(`https://t.me/trading_test_bot?start=${code}`);
  expect(await hear(1, `/start ${code}`, "group")).toEqual([]);
  expect((await hear(1, `/start ${code}`))[0]).toMatch(/is linked/);
  expect((await ask(user, "GET")).json()).toMatchObject({ isOffered: true, linkedAs: "chat1" });
  expect((await hear(2, `/start ${code}`)).at(-1)).toMatch(/was used/);
  expect((await hear(2, "/stop")).at(-1)).toMatch(/linked to no account/);
  const { rows } = await site.database.pool.query("select c::text as line from telegram_codes c");
  expect(JSON.stringify(rows)).not.toContain(code);
  await site.database.pool.query("update telegram_links set linked_at = now()");
});

test("a code ends with all sessions of its owner", async () => {
  const user = await site.signedIn();
  const { code } = (await ask(user, "POST")).json();
  await createSessions(site.database.db).endAll(user.id, "test");
  expect((await hear(3, `/start ${code}`)).at(-1)).toMatch(/was used/);
});

test("what happened is passed on once, to its owner's chat, and later when Telegram cannot", async () => {
  const { user } = await linked(11);
  await linked(12);
  await serve();
  bot.said.splice(0);
  const happen = () =>
    site.database.pool.query(
      "insert into inbox_messages (id, user_id, kind, facts) values (gen_random_uuid(), $1, 'new-device', $2)",
      [user.id, { device: "curl", origin: "10.0.0.1" }],
    );
  await happen();
  await serve();
  await serve();
  expect(bot.said).toEqual([
    { chat: "11", text: expect.stringMatching(/^Signed in on a new device\n\n.*curl, from 10/s) },
  ]);
  bot.fail({ error_code: 429, parameters: { retry_after: 60 } });
  await happen();
  await serve();
  bot.fail(null);
  await serve();
  expect(bot.said).toHaveLength(1);
  await site.database.pool.query("update telegram_links set next_try_at = now()");
  await serve();
  expect(bot.said).toHaveLength(2);
});

test("a chat looks and ends, and its owner unlinks it on the site or in the chat", async () => {
  const { user } = await linked(21);
  expect((await hear(21, "/status")).at(-1)).toBe("Backtests: 0 running, 0 waiting.");
  expect((await hear(21, "/stop")).at(-1)).toBe("0 cancelled.");
  expect((await hear(21, "/anything else")).at(-1)).toContain("/signout");
  expect((await ask(user, "DELETE")).statusCode).toBe(204);
  const { items } = (await ask(user, "GET", "inbox")).json();
  expect(items[0].title).toBe("Your Telegram chat is no longer linked");
  expect((await hear(21, "/status")).at(-1)).toMatch(/linked to no account/);
  const other = await linked(22);
  await hear(22, "/signout");
  await expect.poll(async () => (await ask(other.user, "GET")).statusCode).toBe(401);
  expect((await hear(22, "/unlink")).at(-1)).toMatch(/no longer linked/);
  expect((await hear(22, "/status")).at(-1)).toMatch(/linked to no account/);
});

test("who blocked the bot is unlinked and finds that in the inbox", async () => {
  const { user } = await linked(31);
  await site.database.pool.query(
    "insert into inbox_messages (id, user_id, kind, facts) values (gen_random_uuid(), $1, 'password-changed', '{}')",
    [user.id],
  );
  bot.fail({ error_code: 403 });
  await serve();
  bot.fail(null);
  expect((await ask(user, "GET")).json().linkedAs).toBeNull();
  const { items } = (await ask(user, "GET", "inbox")).json();
  expect(items[0].title).toBe("Your Telegram chat is no longer linked");
});

test("security.txt says where to report, where the operator said so", async () => {
  const contact = "mailto:security@example.com";
  const own = await testApp({ env: { SECURITY_CONTACT: contact }, database: site.database });
  const answer = await own.inject({ url: "/.well-known/security.txt" });
  expect([answer.statusCode, answer.body]).toEqual([
    200,
    expect.stringMatching(/^Contact: mailto:security@example.com\nExpires: 20\d\d-/),
  ]);
  await own.close();
  expect((await site.inject({ url: "/.well-known/security.txt" })).statusCode).toBe(404);
});
