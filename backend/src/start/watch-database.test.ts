import { expect, test } from "vitest";
import { watchDatabase } from "./watch-database.ts";

test("a database that ends is started again, and every new reason is told once", async () => {
  const said: string[] = [];
  let isRunning = false;
  const answers = ["no memory", "no memory", ""];
  const watch = watchDatabase({
    isRunning: () => isRunning,
    async restart() {
      const problem = answers.shift();
      if (problem !== "") throw new Error(problem);
      isRunning = true;
    },
    onTrouble: (sentence) => said.push(sentence),
    everyMs: 5,
  });
  await expect.poll(() => said.at(-1)).toBe("the database runs again.");
  await watch.close();
  expect(said).toEqual([
    "the database ended, starting it again in 0.25 s.",
    "the database does not start: no memory",
    "the database runs again.",
  ]);
});

test("a database that is stopped on purpose stays stopped", async () => {
  let restarts = 0;
  const watch = watchDatabase({
    isRunning: () => false,
    restart: async () => void restarts++,
    onTrouble: () => undefined,
    everyMs: 5,
  });
  await watch.close();
  expect(restarts).toBe(0);
});
