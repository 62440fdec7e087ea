import { beforeAll, expect, test } from "vitest";
import { type SignedInUser, siteOfFile, testApp } from "../../test/support/app.ts";
import { publish, publishRevocation } from "./events.ts";

const site = siteOfFile();
let origin: string;
beforeAll(async () => {
  origin = await site.app.listen({ host: "127.0.0.1", port: 0 });
});

type Stream = { text(): string; ended: Promise<void>; close(): void };

async function listen(user: SignedInUser, headers: Record<string, string> = {}): Promise<Stream> {
  const stop = new AbortController();
  const answer = await fetch(`${origin}/api/v1/events`, {
    headers: { ...user.headers, ...headers },
    signal: stop.signal,
  });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([
    200,
    "text/event-stream; charset=utf-8",
  ]);
  let text = "";
  const ended = (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const part of answer.body ?? []) text += decoder.decode(part, { stream: true });
    } catch {
      // Closed by this side.
    }
  })();
  const stream = { text: () => text, ended, close: () => stop.abort() };
  await expect.poll(stream.text).toContain(": connected");
  return stream;
}

const event = (id: string, share?: number) => ({
  kind: "backtest" as const,
  id,
  ...(share === undefined ? {} : { share }),
});

test("the stream asks for a user", async () => {
  expect((await fetch(`${origin}/api/v1/events`)).status).toBe(401);
});

test("each user gets their own events and those for all, nobody else's", async () => {
  const [alice, bob] = [await site.signedIn(), await site.signedIn()];
  const streams = { alice: await listen(alice, { "last-event-id": "17" }), bob: await listen(bob) };
  const { db } = site.database;
  for (let i = 0; i < 50; i++) {
    await publish(db, alice.id, event(`alice-${i}`));
    await publish(db, bob.id, event(`bob-${i}`));
  }
  await publish(db, "all", { kind: "strategies", id: "everybody" });
  await expect.poll(() => streams.alice.text().includes("everybody")).toBe(true);
  await expect.poll(() => streams.bob.text().includes("everybody")).toBe(true);
  expect(streams.alice.text()).toContain('{"kind":"backtest","id":"alice-49"}');
  expect(streams.alice.text()).not.toContain("bob-");
  expect(streams.bob.text()).not.toContain("alice-");
  streams.alice.close();
  streams.bob.close();
});

test("a flood about one thing is told in batches, the last state always", async () => {
  const user = await site.signedIn();
  const stream = await listen(user);
  await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      publish(site.database.db, user.id, event("one", i / 200)),
    ),
  );
  await publish(site.database.db, user.id, event("one", 1));
  await expect.poll(stream.text).toContain('"share":1}');
  expect(stream.text().split("data:").length).toBeLessThan(60);
  stream.close();
});

test("an event of a transaction that fails is never told", async () => {
  const user = await site.signedIn();
  const stream = await listen(user);
  const failing = site.database.db.transaction(async (transaction) => {
    await publish(transaction, user.id, event("never"));
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  await publish(site.database.db, user.id, event("told"));
  await expect.poll(stream.text).toContain("told");
  expect(stream.text()).not.toContain("never");
  stream.close();
});

test("revoking the session ends its stream at once, and no other", async () => {
  const [one, other] = [await site.signedIn(), await site.signedIn()];
  const streams = [await listen(one), await listen(other)] as const;
  const begin = Date.now();
  await publishRevocation(site.database.db, { sessionId: one.sessionId });
  await streams[0].ended;
  expect(Date.now() - begin).toBeLessThan(1_000);
  await publish(site.database.db, other.id, event("still"));
  await expect.poll(streams[1].text).toContain("still");
  streams[1].close();
});

test("a broken connection to the database ends streams, and listening begins again", async () => {
  const user = await site.signedIn();
  const stream = await listen(user);
  await site.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'trading-events' and datname = current_database()",
  );
  await stream.ended;
  const again = await listen(user);
  await publish(site.database.db, user.id, event("after"));
  await expect.poll(again.text).toContain("after");
  again.close();
});

test("a user has at most 30 streams", async () => {
  const user = await site.signedIn();
  const streams = await Promise.all(Array.from({ length: 30 }, () => listen(user)));
  expect((await fetch(`${origin}/api/v1/events`, { headers: user.headers })).status).toBe(429);
  for (const stream of streams) stream.close();
});

test("closing the server ends streams instead of waiting for them", async () => {
  const own = await testApp({ database: site.database });
  const address = await own.app.listen({ host: "127.0.0.1", port: 0 });
  const user = await own.signedIn();
  const answer = await fetch(`${address}/api/v1/events`, { headers: user.headers });
  const begin = Date.now();
  await own.close();
  await answer.text();
  expect(Date.now() - begin).toBeLessThan(3_000);
});
