import { mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type TestApp, testApp } from "../../test/support/app.ts";
import { strategySource } from "../../test/support/strategy-files.ts";
import { createStrategyHost, defaultHostLimits, type StrategyHost } from "./host-client.ts";
import { scanStrategies, watchStrategies } from "./registry.ts";
import { createStrategyStore, type StrategyStore } from "./store.ts";

let app: TestApp;
let store: StrategyStore;
let host: StrategyHost;
let directory = "";
let changes = 0;

beforeAll(async () => {
  app = await testApp();
  store = createStrategyStore(app.database.db);
  host = createStrategyHost({ ...defaultHostLimits, describeMs: 1_000 });
});
afterAll(async () => {
  host.close();
  await app.close();
});
beforeEach(async () => {
  if (directory !== "") await rm(directory, { recursive: true });
  directory = await mkdtemp(join(tmpdir(), "registry-"));
  changes = 0;
});

const needs = () => ({
  directory,
  shipped: false,
  store,
  host,
  async onChange() {
    changes += 1;
  },
  onError(error: unknown) {
    throw error;
  },
});
const write = (file: string, source: string) => writeFile(join(directory, file), source);
const scan = () => scanStrategies(needs());

test("files become strategies with a frozen version; a second look changes nothing", async () => {
  await write("a.ts", strategySource("", "", "first"));
  await write("a.test.ts", "this is no strategy");
  await write("notes.md", "neither is this");
  await scan();
  await scan();
  const { items, refused } = await store.list();
  expect(items).toMatchObject([{ name: "first", problem: null, shipped: false }]);
  expect(refused).toEqual([]);
  expect(changes).toBe(1);
});

test("a file that breaks keeps its last good version and tells what is wrong", async () => {
  await write("a.ts", strategySource("", "", "first"));
  await scan();
  const [before] = (await store.list()).items;
  await write("a.ts", strategySource("Date.now();", "", "first"));
  await scan();
  const [after] = (await store.list()).items;
  expect(after).toMatchObject({
    version: before?.version,
    problem: { file: "a.ts", line: 16, message: expect.stringMatching(/`Date`/) },
  });
  await write("a.ts", strategySource("", "", "first"));
  await scan();
  expect((await store.list()).items).toMatchObject([{ version: before?.version, problem: null }]);
});

test("files that never were strategies are listed with file, line and reason", async () => {
  await write("broken.ts", "export default {");
  await write("other.ts", "export default 3;");
  await write("range.ts", strategySource("").replace("default: 5", "default: 500"));
  await scan();
  const { items, refused } = await store.list();
  expect(items).toEqual([]);
  expect(refused).toMatchObject([
    { file: "broken.ts", line: 1 },
    { file: "other.ts", message: expect.stringMatching(/not a strategy/) },
    { file: "range.ts", message: expect.stringMatching(/fast/) },
  ]);
});

test("a name is taken once", async () => {
  await write("a.ts", strategySource("", "", "same"));
  await write("b.ts", strategySource("context.cancelAll();", "", "same"));
  await scan();
  const { items, refused } = await store.list();
  expect(items).toHaveLength(1);
  expect(refused).toMatchObject([
    { file: "b.ts", line: 5, message: 'The name "same" is taken by a.ts. Choose another.' },
  ]);
});

test("a removed file is no longer listed, but its versions can still be run", async () => {
  await write("a.ts", strategySource("", "", "gone"));
  await scan();
  const [{ version = "" } = {}] = (await store.list()).items;
  await unlink(join(directory, "a.ts"));
  await scan();
  expect((await store.list()).items).toEqual([]);
  expect(await store.findVersion("gone", version)).toMatchObject({ name: "gone" });
});

test("a file that never ends keeps neither readiness nor the other files waiting, and is tried once", async () => {
  const source = strategySource("", "", "first");
  await write("a-loop.ts", strategySource("", "for (;;);", "endless"));
  await write("b.ts", source);
  const asked: string[] = [];
  const counting: StrategyHost = {
    ...host,
    describe(code) {
      asked.push(code.includes('"endless"') ? "endless" : "other");
      return host.describe(code);
    },
  };
  const watching = watchStrategies({ ...needs(), host: counting });
  await watching.ready;
  expect(await store.list()).toEqual({ items: [], refused: [] });
  await expect.poll(async () => (await store.list()).items.length).toBe(1);
  await watching.close();
  await scanStrategies({ ...needs(), host: counting });
  expect(asked).toEqual(["endless", "other"]);
  expect(await store.list()).toMatchObject({
    items: [{ name: "first", problem: null }],
    refused: [{ file: "a-loop.ts", message: expect.stringMatching(/loop without end/) }],
  });
});

test("a host that cannot be had leaves its file for the next look", async () => {
  await write("a.ts", strategySource("", "", "first"));
  const broken = { ...host, describe: () => Promise.reject(new Error("no host")) };
  const errors: unknown[] = [];
  await scanStrategies({ ...needs(), host: broken, onError: (error) => errors.push(error) });
  expect(errors).toHaveLength(1);
  await scan();
  expect((await store.list()).items).toMatchObject([{ name: "first", problem: null }]);
});

test("a change of a file is seen without asking", async () => {
  await write("a.ts", strategySource("", "", "first"));
  const watching = watchStrategies(needs());
  await watching.ready;
  await write("a.ts", strategySource("context.cancelAll();", "", "second"));
  await expect.poll(async () => (await store.list()).items[0]?.name).toBe("second");
  await watching.close();
});

test("routes list, read, and give script and source; only to those who are signed in", async () => {
  const source = strategySource("", "", "read");
  await write("a.ts", source);
  await scan();
  const { headers } = await app.signedIn();
  const get = (path: string, as = headers as Record<string, string>) =>
    app.inject({ url: `/api/v1/strategies${path}`, headers: as });
  const list = (await get("")).json();
  const { version } = list.items[0];
  expect(list.items[0].parameters.fast).toMatchObject({ kind: "integer", min: 1, max: 50 });
  expect((await get("/read")).json()).toMatchObject({ name: "read", version });
  const frozen = (await get(`/read/versions/${version}`)).json();
  expect(frozen).toMatchObject({ name: "read", version, parameters: list.items[0].parameters });
  const script = (await get(`/read/versions/${version}/script`)).json();
  expect(script).toMatchObject({ name: "read", code: expect.stringContaining("defineStrategy") });
  expect((await get(`/read/versions/${version}/source`)).json()).toMatchObject({ source });
  expect((await get("/nope")).statusCode).toBe(404);
  expect((await get(`/other/versions/${version}/script`)).statusCode).toBe(404);
  expect((await get("", {})).statusCode).toBe(401);
});
