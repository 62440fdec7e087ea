import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestApp, testApp } from "../../test/support/app.ts";
import { type TestDatabase, testDatabase } from "../../test/support/database.ts";
import { createThrottle, delayAfter } from "./throttle.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const isLetIn = (name: string, address: string) =>
  createThrottle(database.db)
    .enter("sign-in", name, address)
    .then(
      () => true,
      () => false,
    );

test.each([
  [0, 0],
  [4, 0],
  [5, 1],
  [6, 2],
  [7, 4],
  [14, 512],
  [15, 900],
  [500, 900],
])("after %i failures one waits %i s", (failures, seconds) => {
  expect(delayAfter(failures)).toBe(seconds);
});

test("of a hundred guesses at once five are evaluated, from however many addresses", async () => {
  const guesses = Array.from({ length: 100 }, (_, i) => isLetIn("victim", `10.1.${i}.1`));
  expect((await Promise.all(guesses)).filter(Boolean)).toHaveLength(5);
});

test("no hour of guessing evaluates more than a few", async () => {
  let evaluated = 0;
  // Time passes by moving the rows back. Whoever is refused asks again after 10 s, and after 30 s once waits are long.
  for (let passed = 0, step = 10; passed < 3_600; passed += step) {
    if (await isLetIn("patient", `10.2.${passed % 250}.1`)) evaluated++;
    if (evaluated > 8) step = 30;
    await database.pool.query(
      "update sign_in_throttles set blocked_until = blocked_until - make_interval(secs => $1), updated_at = updated_at - make_interval(secs => $1)",
      [step],
    );
  }
  expect(evaluated).toBeLessThanOrEqual(20);
});

test("one network that tries many names is slowed down", async () => {
  const tries = Array.from({ length: 60 }, (_, i) => isLetIn(`name-${i}`, "10.3.0.77"));
  expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(20);
  expect(await isLetIn("somebody-else", "10.4.0.1")).toBe(true);
});

test("somebody who fails does not shut out the others of the network for long", async () => {
  const throttle = createThrottle(database.db);
  await Promise.all(Array.from({ length: 20 }, (_, i) => isLetIn(`made-up-${i}`, "10.7.0.77")));
  const moveOn = (seconds: number) =>
    database.pool.query(
      "update sign_in_throttles set updated_at = updated_at - make_interval(secs => $1) where key like 'network:10.7.%'",
      [seconds],
    );
  expect(await isLetIn("erin", "10.7.0.78")).toBe(false);
  await moveOn(4);
  for (const name of ["erin", "frank", "grace"]) {
    await throttle.enter("sign-in", name, "10.7.0.78");
    await throttle.leave("sign-in", name, "10.7.0.78");
  }
});

test("who was right starts anew, and case does not matter", async () => {
  const throttle = createThrottle(database.db);
  for (let i = 0; i < 12; i++) {
    await throttle.enter("sign-in", i % 2 ? "Carol" : "cArOL", "10.5.0.1");
    await throttle.leave("sign-in", "carol", "10.5.0.1");
  }
  expect(await isLetIn("carol", "10.5.0.1")).toBe(true);
});

test("what is typed at sign-in reaches no other count", async () => {
  const throttle = createThrottle(database.db);
  for (const purpose of ["sign-in", "confirm", "device", "mails-to-users", "account", "nobody"])
    for (let i = 0; i < 8; i++) await isLetIn(`${purpose}:heidi@example.com`, `10.9.${i}.1`);
  expect(await isLetIn("heidi@example.com", "10.9.20.1")).toBe(true);
  await throttle.enter("confirm", "heidi@example.com", "10.9.21.1");
  await throttle.slowMails("to-users", "heidi@example.com");
  await throttle.slowMails("to-newcomers", "heidi@example.com");
  await throttle.slowMails("of", "heidi@example.com");
});

test("mails come ever more seldom: a few at once, then a few in a day", async () => {
  const throttle = createThrottle(database.db);
  let sent = 0;
  // A minute passes between two tries, for two days.
  for (let minute = 0; minute < 2_880; minute += sent > 15 ? 30 : 1) {
    sent += await throttle.slowMails("to-users", "ivan@example.com").then(
      () => 1,
      () => 0,
    );
    await database.pool.query(
      "update sign_in_throttles set blocked_until = blocked_until - make_interval(mins => $1), updated_at = updated_at - make_interval(mins => $1) where key like 'mails-to-users:%'",
      [sent > 15 ? 30 : 1],
    );
  }
  expect(sent).toBeLessThan(30);
});

test("of passwords for one account a hundred in a row are judged, whatever time passes", async () => {
  const throttle = createThrottle(database.db);
  const userId = "5b1c7a80-0000-4000-8000-000000000001";
  const tries = Array.from({ length: 150 }, () =>
    throttle.countPassword({ kind: "account", userId }),
  );
  expect((await Promise.all(tries)).filter((tried) => tried !== null)).toHaveLength(100);
  await database.pool.query(
    "update sign_in_throttles set updated_at = now() - interval '1 year' where key like 'passwords:%'",
  );
  await isLetIn("anybody", "10.9.30.1");
  expect(await throttle.countPassword({ kind: "account", userId })).toBeNull();
  expect(await throttle.countPassword({ kind: "known-device", userId, device: "x" })).toBe(1);
  await throttle.forgivePasswords(userId);
  expect(await throttle.countPassword({ kind: "account", userId })).toBe(1);
});

test("failures are forgotten after a day", async () => {
  for (let i = 0; i < 5; i++) await isLetIn("dave", `10.6.${i}.1`);
  expect(await isLetIn("dave", "10.6.9.1")).toBe(false);
  await database.pool.query(
    "update sign_in_throttles set blocked_until = now() - interval '1 day', updated_at = now() - interval '25 hours'",
  );
  for (let i = 0; i < 4; i++) expect(await isLetIn("dave", `10.7.${i}.1`)).toBe(true);
});

test("rows that count nothing any more go by themselves", async () => {
  await database.pool.query(
    "insert into sign_in_throttles (key, failures, updated_at) select 'old:' || n, 1, now() - interval '2 days' from generate_series(1, 120) n",
  );
  for (let i = 0; i < 3; i++) await isLetIn(`tidy-${i}`, `10.8.${i}.1`);
  const { rowCount } = await database.pool.query(
    "select 1 from sign_in_throttles where key like 'old:%'",
  );
  expect(rowCount).toBe(0);
});

test("a restart forgives nothing, and the answer says how long to wait", async () => {
  const login = (site: TestApp) =>
    site.inject({
      method: "POST",
      url: "/api/v1/auth/login",
      payload: { identifier: "nobody", password: "wrong" },
    });
  const before = await testApp({ database });
  for (let i = 0; i < 5; i++) expect((await login(before)).json().code).toBe("wrong-credentials");
  await before.close();
  // However long the restart takes.
  await database.pool.query(
    "update sign_in_throttles set blocked_until = blocked_until + interval '1 minute' where blocked_until > '-infinity'",
  );
  const after = await testApp({ database });
  const answer = await login(after);
  expect(answer.json()).toMatchObject({
    status: 429,
    code: "rate-limited",
    retryAfter: expect.any(Number),
  });
  expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  await after.close();
});
