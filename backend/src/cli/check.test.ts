import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { strategySource } from "../../test/support/strategy-files.ts";

const root = join(import.meta.dirname, "../../..");
let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cli-"));
});
afterAll(() => rm(dir, { recursive: true }));

type Ended = { code: number; stdout: string; stderr: string };

const check = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const all = [join(root, "backend/src/cli.ts"), "check", ...args];
    const env = { PATH: "/usr/bin:/bin", DATA_DIR: join(dir, "data") };
    execFile(process.execPath, all, { env, cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });

test("a memory that outlives the run is found, with candle, market and order", async () => {
  const file = join(dir, "remembering.ts");
  const source = strategySource(
    `const next = seen[context.index + 1];
    seen[context.index] = context.close;
    if (next !== undefined && next > context.close) context.market({ side: "buy", share: 0.1 });
    else if (context.index % 50 === 0) context.exit();`,
    "const seen: number[] = [];",
  );
  await writeFile(file, source);
  const { code, stdout } = await check(file, "--json");
  expect(code).toBe(3);
  const [finding] = JSON.parse(stdout).findings;
  expect(finding).toMatchObject({
    kind: "repeat",
    severity: "failure",
    market: "BTC/USDT",
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    didOtherwise: "market buy",
  });
});

test("a strategy that decides nothing was not checked: exit code 1", async () => {
  const file = join(dir, "silent.ts");
  await writeFile(file, strategySource(""));
  const { code, stderr } = await check(file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/decided nothing/);
});
