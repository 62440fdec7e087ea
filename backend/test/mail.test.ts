import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createMailQueue } from "../src/mail/mail-queue.ts";
import { createPost, type Letter } from "../src/mail/post.ts";
import { createEnvelope, keysFromSecrets } from "../src/platform/envelope.ts";
import { addToOutbox } from "../src/platform/outbox.ts";
import { type SignedInUser, type TestApp, testApp, testEncryptionKey } from "./support/app.ts";
import { testRedisUrl } from "./support/database.ts";
import { type TestWorker, testWorker } from "./support/worker.ts";

type Behaviour = "takes" | "refuses" | "greylists" | "hangs-up";
type MailServer = Readonly<{
  port: number;
  taken: string[];
  tries(): number;
  behave(behaviour: Behaviour): void;
  close(): Promise<void>;
}>;

/** A mail server that speaks as much SMTP as we need, and fails as it is told. */
async function startMailServer(): Promise<MailServer> {
  const taken: string[] = [];
  let behaviour: Behaviour = "takes";
  let tries = 0;
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    socket.on("close", () => open.delete(socket)).on("error", () => undefined);
    let data: string | null = null;
    let rest = "";
    const say = (line: string) => socket.write(`${line}\r\n`);
    const answer = (line: string) => {
      if (/^(EHLO|HELO)/i.test(line)) return say("250 test");
      if (/^MAIL/i.test(line)) tries += 1;
      if (/^MAIL/i.test(line) && behaviour === "hangs-up") return socket.destroy();
      if (/^RCPT/i.test(line) && behaviour === "refuses") return say("550 no such user");
      if (/^RCPT/i.test(line) && behaviour === "greylists") return say("451 later");
      if (/^DATA/i.test(line)) {
        data = "";
        return say("354 go on");
      }
      if (/^QUIT/i.test(line)) return socket.end("221 bye\r\n");
      return say("250 ok");
    };
    say("220 test");
    socket.on("data", (chunk) => {
      const lines = (rest + chunk.toString()).split("\r\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (data === null) answer(line);
        else if (line !== ".") data += `${line}\r\n`;
        else {
          taken.push(data);
          data = null;
          say("250 taken");
        }
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    tries: () => tries,
    behave: (next) => {
      behaviour = next;
    },
    close: () =>
      new Promise((closed) => {
        for (const socket of open) socket.destroy();
        server.close(() => closed());
      }),
  };
}

let site: TestApp;
let user: SignedInUser;
let server: MailServer;
let worker: TestWorker | null = null;
const post = createPost(createEnvelope(keysFromSecrets([testEncryptionKey])));

beforeAll(async () => {
  site = await testApp();
  user = await site.signedIn();
  server = await startMailServer();
});
afterEach(async () => {
  await worker?.close();
  worker = null;
  server.taken.splice(0);
  server.behave("takes");
  await site.database.db.execute(sql`delete from mails`);
});
afterAll(async () => {
  await server.close();
  await site.close();
});

const smtp = () => ({
  SMTP_HOST: "127.0.0.1",
  SMTP_PORT: String(server.port),
  EMAILS_FROM_EMAIL: "platform@example.com",
  EMAILS_FROM_NAME: 'Trading "Desk"\r\nBcc: all@example.com',
});
const send = (letter: Partial<Letter> = {}) =>
  post(site.database.db, {
    kind: "reset-password",
    userId: user.id,
    recipient: "reader@example.com",
    facts: { name: "Reader" },
    link: { token: "TOKEN-that-opens", endsAt: new Date(Date.now() + 60_000) },
    ...letter,
  });
const rows = async () =>
  (await site.database.pool.query("select * from mails order by created_at")).rows;
const becomes = (state: string) =>
  expect
    .poll(async () => (await rows()).map((row) => row.state), { timeout: 30_000, interval: 50 })
    .toEqual([state]);
const dueNow = async () => {
  await site.database.db.execute(sql`update mails set next_attempt_at = now()`);
  await addToOutbox(site.database.db, "send-mails", {});
};

const backends = [
  { backend: "PostgreSQL", url: null },
  ...(testRedisUrl("mail") === "" ? [] : [{ backend: "Redis", url: testRedisUrl("mail") }]),
];

describe.each(backends)("mails carried by $backend", ({ url }) => {
  const start = async (env = smtp() as Record<string, string>) => {
    const redis: Record<string, string> = url === null ? {} : { REDIS_URL: url };
    worker = await testWorker(site.database, { WORKER_QUEUES: "mail", ...redis, ...env });
  };

  test("a mail is sent once, with its link, and the secret is gone afterwards", async () => {
    await send();
    expect(JSON.stringify(await rows())).not.toContain("TOKEN");
    const jobs = await site.database.pool.query("select payload from outbox");
    expect(jobs.rows).toEqual([{ payload: {} }]);
    await start();
    await becomes("sent");
    expect(server.taken).toHaveLength(1);
    const [mail = ""] = server.taken;
    expect(mail).toContain("http://localhost:8000/#/reset/TOKEN-that-opens");
    expect(mail).toMatch(/^To: reader@example.com\r$/m);
    expect(mail).toContain((await rows())[0].id);
    expect((await rows())[0].secret).toBeNull();
  });

  test("a server that is away, hangs up or asks to wait is tried again", async () => {
    server.behave("hangs-up");
    await start();
    await send();
    await expect.poll(async () => (await rows())[0]?.last_error).toBeTruthy();
    server.behave("greylists");
    await dueNow();
    await expect.poll(async () => (await rows())[0]?.last_error).toMatch(/451/);
    expect((await rows())[0].state).toBe("queued");
    server.behave("takes");
    await dueNow();
    await becomes("sent");
    expect(server.taken).toHaveLength(1);
  });

  test("a reader who does not exist makes a dead letter, which can be sent again", async () => {
    server.behave("refuses");
    await start();
    await send({ kind: "password-changed", link: undefined as never });
    await becomes("dead");
    expect((await rows())[0].last_error).toMatch(/550/);
    server.behave("takes");
    expect(await createMailQueue(site.database.db).revive(null)).toBe(1);
    await becomes("sent");
  });
});

test("a mail whose link has ended is not sent, nor revived", async () => {
  await send({ link: { token: "late", endsAt: new Date(Date.now() - 1) } });
  worker = await testWorker(site.database, { WORKER_QUEUES: "mail", ...smtp() });
  await becomes("dead");
  expect(server.taken).toEqual([]);
  expect(await createMailQueue(site.database.db).revive(null)).toBe(0);
});

test("after the last try a mail is dead, and nothing of its secret stays", async () => {
  server.behave("greylists");
  await send();
  await site.database.db.execute(sql`update mails set attempts = 9`);
  worker = await testWorker(site.database, { WORKER_QUEUES: "mail", ...smtp() });
  await becomes("dead");
  expect((await rows())[0]).toMatchObject({ secret: null, attempts: 10 });
});

test("two workers never send one mail twice", { timeout: 30_000 }, async () => {
  for (let i = 0; i < 40; i++) await send({ facts: { name: `Reader ${i}` } });
  const env = { WORKER_QUEUES: "mail", ...smtp() };
  const other = await testWorker(site.database, env);
  worker = await testWorker(site.database, env);
  await expect.poll(async () => (await rows()).every(({ state }) => state === "sent")).toBe(true);
  await other.close();
  const names = server.taken.map((mail) => /Message-ID: (\S+)/i.exec(mail)?.[1]);
  expect([names.length, new Set(names).size]).toEqual([40, 40]);
});

test("a rolled back transaction sends nothing", async () => {
  await site.database.db
    .transaction(async (transaction) => {
      await post(transaction, { kind: "password-changed", userId: user.id, recipient: "x@y.z" });
      throw new Error("no");
    })
    .catch(() => undefined);
  expect(await rows()).toEqual([]);
});

test("development without a mail server keeps mails for operators to read", async () => {
  await send();
  worker = await testWorker(site.database, { WORKER_QUEUES: "mail" });
  await becomes("sent");
  const admin = await site.signedIn("admin");
  const answer = await site.inject({ url: "/api/v1/mailbox", headers: admin.headers });
  expect(answer.json().items).toMatchObject([
    { kind: "reset-password", recipient: "reader@example.com", text: /reset\/TOKEN-that-opens/ },
  ]);
  expect((await site.inject({ url: "/api/v1/mailbox", headers: user.headers })).statusCode).toBe(
    403,
  );
});

test("with a mail server there is no mailbox", async () => {
  const sending = await testApp({ env: smtp(), database: site.database });
  const { headers } = await sending.signedIn("admin");
  expect((await sending.inject({ url: "/api/v1/mailbox", headers })).statusCode).toBe(404);
  expect((await sending.inject({ url: "/api/v1/site" })).json().mail).toBe("sent");
  await sending.close();
});
