import type { Redis } from "ioredis";
import { expect, test } from "vitest";
import { createOwnCounts, sharedRateStore } from "./rate-store.ts";

test("while Redis does not answer requests are still counted, and the change is told once each way", async () => {
  let isAway = false;
  let shared = 0;
  const redis = {
    eval: async () => (isAway ? Promise.reject(new Error("away")) : [++shared, 60_000]),
  } as unknown as Redis;
  const told: boolean[] = [];
  const Store = sharedRateStore({ redis, onChange: (isShared) => told.push(isShared) });
  const store = new Store({});
  const count = () =>
    new Promise<number | undefined>((done) =>
      store.incr("network", (_error, counted) => done(counted?.current), 60_000, 3),
    );
  expect([await count(), await count()]).toEqual([1, 2]);
  isAway = true;
  expect([await count(), await count(), await count()]).toEqual([1, 2, 3]);
  isAway = false;
  expect(await count()).toBe(3);
  expect(told).toEqual([false, true]);
});

test("a window ends, and what was counted first is forgotten first", () => {
  let now = 0;
  const count = createOwnCounts(() => now);
  expect(count("a", 1_000)).toEqual({ current: 1, ttl: 1_000 });
  now = 400;
  expect(count("a", 1_000)).toEqual({ current: 2, ttl: 600 });
  now = 1_000;
  expect(count("a", 1_000).current).toBe(1);
  for (let i = 0; i < 10_000; i++) count(`other ${i}`, 1_000);
  expect(count("a", 1_000).current).toBe(1);
});
