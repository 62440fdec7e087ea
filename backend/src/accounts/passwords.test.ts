import { expect, test } from "vitest";
import { createPasswords, hashPassword, limited } from "./passwords.ts";

test("a password is right in any Unicode form, and only that password", async () => {
  const passwords = createPasswords();
  const stored = await hashPassword("Müller und Söhne");
  expect(await passwords.verify(stored, "Müller und Söhne".normalize("NFD"))).toBe(true);
  expect(await passwords.verify(stored, "Muller und Sohne")).toBe(false);
});

test("where there is no hash the same work is done, and nothing is right", async () => {
  const passwords = createPasswords();
  const stored = await hashPassword("something or other");
  expect(await passwords.verify(null, "nobody has this password")).toBe(false);
  const time = async (against: string | null) => {
    const begin = performance.now();
    for (let i = 0; i < 8; i++) await passwords.verify(against, "wrong");
    return performance.now() - begin;
  };
  const [known, unknown] = [await time(stored), await time(null)];
  expect(unknown / known).toBeGreaterThan(0.2);
  expect(unknown / known).toBeLessThan(5);
});

test("whoever signs in waits for one new password at most", { timeout: 30_000 }, async () => {
  const passwords = createPasswords();
  const stored = await passwords.hash("a sentence to remember");
  const done: string[] = [];
  const flood = Array.from({ length: 12 }, (_, n) =>
    passwords.hash(`junk ${n}`).then(() => done.push("new")),
  );
  await passwords.verify(stored, "a sentence to remember").then(() => done.push("sign-in"));
  await Promise.all(flood);
  // It stands behind none of them in line; how far they get beside it is up to the machine.
  expect(done.indexOf("sign-in")).toBeLessThan(flood.length / 2);
});

test("at most two run at once, the rest wait in order, and too many are turned away", async () => {
  const inTurn = limited(2, 5);
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const work = (n: number) =>
    inTurn(async () => {
      most = Math.max(most, ++running);
      await new Promise((next) => setImmediate(next));
      running--;
      done.push(n);
    });
  const seven = Array.from({ length: 7 }, (_, n) => work(n));
  await expect(work(99)).rejects.toMatchObject({ code: "rate-limited" });
  await Promise.all(seven);
  expect(most).toBe(2);
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6]);
  await expect(inTurn(() => Promise.reject(new Error("x")))).rejects.toThrow("x");
  expect(await inTurn(async () => "still works")).toBe("still works");
});
