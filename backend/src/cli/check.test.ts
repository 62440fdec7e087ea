import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "../../test/support/command-line.ts";
import { strategySource } from "../../test/support/strategy-files.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cli-"));
});
afterAll(() => rm(dir, { recursive: true }));

const check = (...args: string[]) =>
  commandLine(["check", ...args], { DATA_DIR: join(dir, "data") });

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

test("several perpetuals in one wallet are checked after as many moments as asked for", async () => {
  const wallet = ["dual-momentum", "--also", "generated:ETH/USDT", "--from", "2025-10-01"];
  const terms = ["--leverage", "2", "--margin", "cross", "--funding", "0.0001", "--moments", "3"];
  const { code, stdout } = await check(...wallet, ...terms, "--json");
  expect(code).toBe(0);
  const found = JSON.parse(stdout);
  expect(found).toMatchObject({ markets: ["BTC/USDT", "ETH/USDT"], runs: { future: 3 } });
  expect(found.decisions).toBeGreaterThan(10);
  expect(found.findings.filter((one: { severity: string }) => one.severity === "failure")).toEqual(
    [],
  );
});

test("a strategy that decides nothing was not checked: exit code 1", async () => {
  const file = join(dir, "silent.ts");
  await writeFile(file, strategySource(""));
  const { code, stderr } = await check(file);
  expect(code).toBe(1);
  expect(stderr).toMatch(/decided nothing/);
});
