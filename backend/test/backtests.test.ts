import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BacktestDetail, BacktestView } from "@trading/contracts/backtests";
import type { Fill } from "@trading/contracts/fills";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SignedInUser, type TestApp, testApp } from "./support/app.ts";
import { commandLine } from "./support/command-line.ts";
import { testDatabase, testRedisUrl } from "./support/database.ts";
import { testSeries } from "./support/series.ts";
import { strategySource, trading } from "./support/strategy-files.ts";
import { type TestWorker, testWorker } from "./support/worker.ts";

const redisUrl = testRedisUrl("backtests");
const backends = [
  { backend: "PostgreSQL", env: {} },
  ...(redisUrl === "" ? [] : [{ backend: "Redis", env: { REDIS_URL: redisUrl } }]),
];

describe.each(backends)("backtests, queued by $backend", ({ backend, env }) => {
  let app: TestApp;
  let worker: TestWorker;
  let strategiesDir = "";
  let seriesId = "";
  let user: SignedInUser;

  beforeAll(async () => {
    const database = await testDatabase();
    app = await testApp({ database, env });
    strategiesDir = await mkdtemp(join(tmpdir(), "strategies-"));
    await writeFile(join(strategiesDir, "tried.ts"), trading);
    const endless = strategySource("for (;;);", "", "endless");
    await writeFile(join(strategiesDir, "endless.ts"), endless);
    const failing = strategySource('throw new Error("<b>out of luck</b>");', "", "failing");
    await writeFile(join(strategiesDir, "failing.ts"), failing);
    worker = await testWorker(database, {
      ...env,
      STRATEGIES_DIR: strategiesDir,
      BACKTEST_SLOTS: "1",
    });
    seriesId = await testSeries(database);
    user = await app.signedIn();
  });
  afterAll(async () => {
    await worker.close();
    await app.close();
    await app.database.close();
    await rm(strategiesDir, { recursive: true });
  });

  const ask = async (payload: object, by = user) =>
    app.inject({ method: "POST", url: "/api/v1/backtests", headers: by.headers, payload });
  const wanted = (changed: object = {}) => ({
    strategy: "tried",
    candles: { kind: "series", seriesId },
    timeframe: "1h",
    ...changed,
  });
  const get = async (path: string, by = user) =>
    app.inject({ url: `/api/v1/${path}`, headers: by.headers });
  const ended = async (id: string): Promise<BacktestDetail> => {
    await expect
      .poll(async () => (await get(`backtests/${id}`)).json().status, {
        timeout: 30_000,
        interval: 50,
      })
      .toMatch(/done|failed|cancelled/);
    return (await get(`backtests/${id}`)).json();
  };
  const run = async (changed: object = {}) => {
    const answer = await ask(wanted(changed));
    expect(answer.statusCode).toBe(202);
    return ended(answer.json<BacktestView>().id);
  };

  let usualRun: Promise<BacktestDetail> | undefined;
  /** One for all who only read it. */
  const usual = (): Promise<BacktestDetail> => {
    usualRun ??= run();
    return usualRun;
  };

  test("a backtest is run in a host and its result stored, the same every time", async () => {
    const first = await usual();
    expect(first).toMatchObject({ status: "done", problem: null, strategyTitle: "Tried tried" });
    expect(first.result).toMatchObject({ data: { rows: 500, source: "synthetic", gaps: 0 } });
    expect(first.result?.fingerprint).toBe(first.fingerprint);
    expect(first.summary?.closedTrades).toBeGreaterThan(20);
    const again = await run({ expectedFingerprint: first.fingerprint });
    expect(again).toMatchObject({ fingerprint: first.fingerprint, fingerprintAgrees: true });
    const other = await run({ parameters: { fast: 6 }, expectedFingerprint: first.fingerprint });
    expect(other.fingerprintAgrees).toBe(false);
  });

  test("a strategy that throws ends the backtest with its own words", async () => {
    const failed = await run({ strategy: "failing" });
    expect(failed).toMatchObject({ status: "failed", result: null });
    expect(failed.problem).toMatchObject({
      code: "strategy-failed",
      detail: expect.stringContaining("out of luck"),
    });
    expect((await get(`backtests/${failed.id}/report.html`)).statusCode).toBe(409);
  });

  test("a running backtest is cancelled within a second or two, a queued one at once", async () => {
    const running = (await ask(wanted({ strategy: "endless" }))).json<BacktestView>();
    await expect
      .poll(async () => (await get(`backtests/${running.id}`)).json().status)
      .toBe("running");
    // The one slot of this user is taken.
    const queued = (await ask(wanted())).json<BacktestView>();
    expect(queued.queuePosition).toBe(1);
    for (const { id } of [queued, running]) {
      const answer = await app.inject({
        method: "POST",
        url: `/api/v1/backtests/${id}/cancel`,
        headers: user.headers,
      });
      expect(answer.json()).toMatchObject({ status: "cancelled" });
    }
    // The slot is free again: the host was killed.
    expect((await run()).status).toBe("done");
  });

  test("another user's backtest starts although one fills the queue", async () => {
    const other = await app.signedIn();
    const blocking = (await ask(wanted({ strategy: "endless" }))).json<BacktestView>();
    const many = await Promise.all(Array.from({ length: 4 }, () => ask(wanted())));
    const theirs = (await ask(wanted(), other)).json<BacktestView>();
    await expect
      .poll(async () => (await get(`backtests/${theirs.id}`, other)).json().status, {
        timeout: 30_000,
      })
      .toBe("done");
    // In the order of asking it would have been the last.
    expect((await get(`backtests/${many.at(-1)?.json().id}`)).json().status).toBe("queued");
    const url = `/api/v1/backtests/${blocking.id}`;
    expect((await app.inject({ method: "DELETE", url, headers: user.headers })).statusCode).toBe(
      204,
    );
    expect((await ended(many.at(-1)?.json().id)).status).toBe("done");
  });

  // Once: what carries the jobs has no part in it.
  if (backend === "PostgreSQL")
    describe("what was found", () => {
      test("a coarser timeframe and a range use candles made from the stored ones", async () => {
        const result = await run({
          timeframe: "4h",
          from: "2023-11-16T00:00:00.000Z",
          to: "2023-11-20T00:00:00.000Z",
        });
        expect(result.result?.data).toMatchObject({
          rows: 24,
          first: "2023-11-16T00:00:00.000Z",
          last: "2023-11-19T20:00:00.000Z",
        });
      });

      test("trades are paged, sorted and taken along as CSV, JSON and report", async () => {
        const { id, result } = await usual();
        const page = await get(`backtests/${id}/trades?sort=pnl&order=desc&pageSize=3&page=2`);
        expect(page.json().items).toHaveLength(3);
        expect(page.json().total).toBe(result?.trades);
        const csv = await get(`backtests/${id}/trades.csv`);
        expect(csv.headers["content-disposition"]).toMatch(/^attachment/);
        expect(csv.body.split("\r\n")).toHaveLength((result?.trades ?? 0) + 2);
        const json = await get(`backtests/${id}/result.json`);
        expect(json.json()).toMatchObject({
          backtest: { id },
          result: { fingerprint: result?.fingerprint },
        });
        expect(json.json().trades).toHaveLength(result?.trades ?? 0);
        expect(json.json().fills).toHaveLength(result?.metrics["fills"] ?? 0);
        const ofSecond = (await get(`backtests/${id}/fills?trade=2`)).json().items;
        expect(ofSecond.map((one: Fill) => [one.side, one.enters, one.leaves])).toEqual([
          ["buy", 2, null],
          ["sell", null, 2],
        ]);
        const fills = await get(`backtests/${id}/fills.csv`);
        expect(fills.body.split("\r\n")).toHaveLength((result?.metrics["fills"] ?? 0) + 2);
        const report = await get(`backtests/${id}/report.html`);
        expect(report.headers["content-disposition"]).toMatch(/^attachment/);
        expect(report.headers["content-type"]).toMatch(/^text\/html/);
        expect(report.body).toContain("Content-Security-Policy");
        expect(report.body).not.toContain("<script");
      });

      test("a result is held against a fresh run of the same candles, and its costs are explained", async () => {
        const first = await usual();
        const { waterfall, reasons } = first.result?.explanation ?? {};
        expect(reasons).toEqual({});
        expect(waterfall?.net).toBeCloseTo(first.result?.metrics.netProfit ?? Number.NaN, 6);
        const asked = await app.inject({
          method: "POST",
          url: `/api/v1/backtests/${first.id}/verify`,
          headers: user.headers,
        });
        expect(asked.statusCode).toBe(202);
        const again = await ended(asked.json().id);
        expect(again).toMatchObject({
          fingerprintAgrees: true,
          title: expect.stringMatching(/^Verification of/),
        });
        const { verdict, before, now } = (
          await get(`backtests/${first.id}/verification/${again.id}`)
        ).json();
        expect(verdict).toBe("same");
        expect(now).toEqual(before);
        const { stdout } = await commandLine(["fingerprint", "verify", first.id], {
          DATABASE_URL: app.database.url,
        });
        expect(stdout).toMatch(/^Same/);
        const changed = await run({ settings: { takerFee: 0.002 } });
        const other = await get(`backtests/${first.id}/verification/${changed.id}`);
        expect(other.json().verdict).toBe("inputs-changed");
      });

      test("further markets share the wallet, as perpetuals with funding where that is asked for", async () => {
        const other = await testSeries(app.database, { rows: 300, symbol: "ETH/USDT" });
        const funding = { kind: "constant", rate: 0.0002, everyHours: 8 };
        const { title, problem, result, id } = await run({
          candles: { kind: "series", seriesId, others: [{ kind: "series", seriesId: other }] },
          settings: {
            perpetual: { leverage: 2, funding },
            limits: { positionsMax: 2 },
            policyRange: true,
          },
        });
        expect(problem).toBeNull();
        expect(title).toBe("Tried tried on BTC/USDT and 1 more, 1h");
        expect(result?.markets?.map(({ symbol, rows }) => [symbol, rows])).toEqual([
          ["BTC/USDT", 500],
          ["ETH/USDT", 300],
        ]);
        expect(result?.funding?.payments).toBeGreaterThan(0);
        expect(result?.rejectedOrders["beyond-funds"]).toBeGreaterThan(0);
        const { waterfall } = result?.explanation ?? {};
        expect(waterfall?.net).toBeCloseTo(result?.metrics.netProfit ?? Number.NaN, 6);
        expect(waterfall?.steps.find(({ kind }) => kind === "funding")?.amount).toBeLessThan(0);
        expect(result?.policyRange?.runs.map(({ policy }) => policy)).toEqual([
          "pessimistic",
          "path",
        ]);
        const [trade] = (await get(`backtests/${id}/trades`)).json().items;
        expect(trade.market).toMatch(/^(BTC|ETH)\/USDT$/);
        expect(trade.liquidationDistance).toBeGreaterThan(0);
      });

      test("repeat changes what is named and keeps the rest", async () => {
        const first = await run({ title: "Mine", settings: { capital: 500 } });
        const answer = await app.inject({
          method: "POST",
          url: `/api/v1/backtests/${first.id}/repeat`,
          headers: user.headers,
          payload: { parameters: { fast: 7 }, settings: { slippageBps: 5 } },
        });
        expect(answer.json()).toMatchObject({
          title: "Mine",
          parameters: { fast: 7 },
          settings: { capital: 500, slippageBps: 5, takerFee: 0.001 },
        });
        const byOperator = await app.inject({
          method: "POST",
          url: `/api/v1/admin/backtests/${first.id}/repeat`,
          headers: { "sec-fetch-site": "same-origin", ...(await app.signedIn("admin")).headers },
          payload: { reason: "a test" },
        });
        expect(byOperator.statusCode, byOperator.body).toBe(202);
        expect((await get("backtests?pageSize=1")).json().items[0].title).toBe("Mine");
      });

      test("an upload of another user cannot be used", async () => {
        const other = await app.signedIn();
        const theirs = await testSeries(app.database, { ownerId: other.id });
        const answer = await ask(wanted({ candles: { kind: "series", seriesId: theirs } }));
        expect(answer.statusCode).toBe(404);
      });

      test("two backtests are compared, saved under a name and taken away", async () => {
        const [a, b] = [await usual(), await run({ parameters: { fast: 9 } })];
        const compared = await get(`backtests/compare?ids=${a.id},${b.id}`);
        expect(compared.json().items.map((one: BacktestView) => one.id)).toEqual([a.id, b.id]);
        const saved = await app.inject({
          method: "POST",
          url: "/api/v1/comparisons",
          headers: user.headers,
          payload: { title: "Both", backtestIds: [a.id, b.id] },
        });
        expect(saved.statusCode).toBe(201);
        expect((await get("comparisons")).json().items).toMatchObject([{ title: "Both" }]);
        const url = `/api/v1/comparisons/${saved.json().id}`;
        expect(
          (await app.inject({ method: "DELETE", url, headers: user.headers })).statusCode,
        ).toBe(204);
        expect((await get("comparisons")).json().items).toEqual([]);
      });

      test("a backtest from before a setting has it as usual", async () => {
        const { id } = await usual();
        await app.database.pool.query(
          "update backtests set settings = settings - 'fillPolicy' - 'latencyMs' where id = $1",
          [id],
        );
        const answer = await get(`backtests/${id}`);
        expect(answer.json().settings).toMatchObject({ fillPolicy: "pessimistic", latencyMs: 0 });
        expect((await get("backtests")).statusCode).toBe(200);
      });
    });

  test("nothing unexpected was logged", () => {
    expect(worker.logged.filter((line) => !line.includes("out of luck"))).toEqual([]);
    expect(app.logged).toEqual([]);
  });
});
