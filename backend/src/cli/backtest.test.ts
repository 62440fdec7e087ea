import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "../../test/support/command-line.ts";
import { strategySource, wanderingCandles } from "../../test/support/strategy-files.ts";

const root = join(import.meta.dirname, "../../..");
let dir = "";
let candles = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cli-"));
  candles = join(dir, "BTCUSDT-1h.csv");
  const { time, open, high, low, close, volume } = wanderingCandles(300);
  const rows = Array.from(time, (ms, i) =>
    [ms, open[i], high[i], low[i], close[i], volume[i]].join(","),
  );
  const repeated = [...rows, rows.at(-1)];
  await writeFile(candles, `time,open,high,low,close,volume\n${repeated.join("\n")}\n`);
});
afterAll(() => rm(dir, { recursive: true }));

/** The real command, without any server or database. */
const backtest = (...args: string[]) =>
  commandLine(["backtest", ...args], { DATA_DIR: join(dir, "data") });

test("a file and a shipped strategy give one JSON document, the same every time", async () => {
  const args = ["--strategy", "sma-crossover", "--candles", candles, "--param", "fast=5"];
  const all = [...args, "--param", "slow=20", "--json"];
  const [first, second] = await Promise.all([backtest(...all), backtest(...all)]);
  expect(first).toMatchObject({ code: 0, stderr: "" });
  const document = JSON.parse(first.stdout);
  expect(document).toMatchObject({
    strategy: "sma-crossover",
    parameters: { fast: 5, slow: 20 },
    data: { rows: 300, gaps: 0, missing: 0, duplicates: 1, timeframe: "1h" },
  });
  expect(document.trades.length).toBeGreaterThan(2);
  expect(document.trades[0]).toMatchObject({ side: "long", exitReason: "signal" });
  expect(document.metrics.closedTrades).toBeGreaterThan(2);
  expect(JSON.parse(second.stdout).fingerprint).toBe(document.fingerprint);
});

test("leverage makes perpetuals of several markets: funding, its holes and liquidations are told", async () => {
  const funding = join(dir, "funding.csv");
  const start = Date.parse("2023-11-16T00:00:00Z");
  const rows = [0, 1, 4].map((i) => `${start + i * 28_800_000 + 3},0.0001,100`);
  await writeFile(funding, `calc_time,last_funding_rate,mark_price\n${rows.join("\n")}\n`);
  const source = "if (context.index === 3) context.market({ side: 'buy', share: 0.1 });";
  const file = join(dir, "lent.ts");
  await writeFile(file, strategySource(source));
  const all = ["--strategy", file, "--candles", candles, "--leverage", "3", "--json"];
  const also = join(dir, "ETHUSDT-1h.csv");
  await copyFile(candles, also);
  const { code, stdout } = await backtest(
    ...all,
    ...["--funding", funding, "--also", also, "--explain", "--policy-range"],
    ...["--positions-max", "2", "--exposure-max", "2.5"],
  );
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document.settings.limits).toEqual({ positionsMax: 2, exposureMax: 2.5 });
  expect(document.settings.perpetual).toMatchObject({ leverage: 3, marginMode: "isolated" });
  expect(document.funding).toMatchObject({ payments: 6 });
  expect(document.funding.missing).toBeGreaterThan(2);
  expect(document.funding.total).toBeLessThan(0);
  const { steps, net } = document.explanation.waterfall;
  expect(net).toBeCloseTo(document.metrics.netProfit, 6);
  expect(steps.find(({ kind }: { kind: string }) => kind === "funding").amount).toBeLessThan(0);
  expect(document.policyRange.runs).toHaveLength(2);
  expect(document.trades[0].liquidationPrice).toBeLessThan(document.trades[0].entryPrice);
  expect(document.otherMarkets).toMatchObject([{ symbol: "ETH/USDT", rows: 300 }]);
  expect(new Set(document.trades.map((trade: { market: string }) => trade.market))).toEqual(
    new Set(["BTC/USDT", "ETH/USDT"]),
  );
  const refused = await backtest(...all, "--leverage", "60");
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stdout).toMatch(/leverage 60 is above the 50/);
});

test("fees apart and rules of the market are taken; the curve and trades at gaps are told", async () => {
  const file = join(dir, "ruled.ts");
  await writeFile(
    file,
    strategySource(`if (context.index === 3) context.market({ side: "buy", quantity: 1.2345 });
      if (context.index === 5) context.limit({ side: "sell", price: context.close, quantity: 0.1 });
      if (context.index === 7) context.market({ side: "buy", quantity: 0.1 });`),
  );
  const all = ["--strategy", file, "--candles", candles, "--json"];
  const fees = ["--fee", "0.003", "--maker-fee", "0.001"];
  const rules = ["--tick", "0.5", "--lot", "0.1", "--notional-min", "50"];
  const { code, stdout } = await backtest(...all, ...fees, ...rules);
  expect(code).toBe(0);
  const document = JSON.parse(stdout);
  expect(document.settings).toMatchObject({ makerFee: 0.001, takerFee: 0.003 });
  expect(document.data.rules).toEqual({ tick: 0.5, lot: 0.1, notionalMin: 50 });
  expect(document.trades[0].quantity).toBeCloseTo(1.2, 9);
  expect(document.rejectedOrders["below-minimum"]).toBeGreaterThan(0);
  expect(document.tradesTouchingGaps).toBe(0);
  expect(document.curve.equity.length).toBe(document.curve.time.length);
  expect(document.curve.equity.length).toBeGreaterThan(100);
  const refused = await backtest(...all, "--lot", "-1");
  expect(refused).toMatchObject({ code: 2 });
});

test("a preset brings its parameters and its contract; what is given besides wins", async () => {
  const asked = ["--strategy", "macd-forecast", "--candles", candles, "--json"];
  const original = await backtest(...asked, "--preset", "original", "--param", "stake=50");
  expect(original.code).toBe(0);
  expect(JSON.parse(original.stdout)).toMatchObject({
    parameters: { allowShort: true, stake: 50 },
    settings: { perpetual: { leverage: 10 } },
  });
  const unknown = await backtest(...asked, "--preset", "Mine");
  expect(unknown).toMatchObject({ code: 2 });
  expect(unknown.stdout).toMatch(/there are Spot 1×, Original/);
});

test("a strategy file, a range and a coarser timeframe are taken; people get a table", async () => {
  const file = join(dir, "mine.ts");
  await writeFile(
    file,
    strategySource("if (context.index === 3) context.market({ side: 'buy', share: 1 });"),
  );
  const range = ["--from", "2023-11-16", "--to", "2023-11-20", "--timeframe", "4h"];
  const { code, stdout } = await backtest("--strategy", file, "--candles", candles, ...range);
  expect(code).toBe(0);
  expect(stdout).toMatch(/Candles +BTC\/USDT 4h, 24/);
  expect(stdout).toMatch(/Maximum drawdown/);
});

// With --json one each of what the command line, the command and the platform refuse.
const usage: [what: string, args: string[], says: RegExp, json?: "--json"][] = [
  ["a parameter out of range", ["--param", "fast=99999"], /fast: must lie between/, "--json"],
  ["an unknown parameter", ["--param", "wibble=1"], /"wibble" is not a parameter/],
  ["a parameter of the wrong type", ["--param", "fast=often"], /fast: must be a finite number/],
  ["a range that ends before it begins", ["--from", "2024-01-02", "--to", "2024-01-01"], /earlier/],
  ["a capital that is none", ["--capital", "lots"], /--capital must be a number/],
  ["an unknown strategy", ["--strategy", "nope"], /no strategy called "nope"/],
  ["a missing file", ["--candles", "nope.csv"], /no file nope.csv/, "--json"],
  ["a folder for a file", ["--candles", root], /is a directory: name a file/],
  ["an unknown option", ["--wibble"], /unknown option/, "--json"],
];

/** What the one document says that a refusal with --json is. */
function wordsOf(stdout: string): string {
  const { problem } = JSON.parse(stdout);
  const details = (problem.errors ?? []) as { where: string; message: string }[];
  return [problem.detail, ...details.map(({ where, message }) => `${where}: ${message}`)].join(
    "\n",
  );
}

describe("exit code 2 and one sentence, with --json as one document on stdout too", () => {
  test.each(usage)("%s", async (_what, args, says, json) => {
    const common = ["--strategy", "sma-crossover", "--candles", candles];
    const ended = await backtest(...common, ...args, ...(json ? [json] : []));
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(says) });
    if (json) expect(wordsOf(ended.stdout)).toMatch(says);
    else expect(ended.stdout).toBe("");
  });

  test("a strategy file that imports fs", async () => {
    const file = join(dir, "bad.ts");
    await writeFile(file, 'import "node:fs";\n');
    const ended = await backtest("--strategy", file, "--candles", candles);
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringMatching(/bad\.ts:1: .*node:fs/) });
  });
});

test("exit code 1 when the strategy fails while it runs", async () => {
  const file = join(dir, "failing.ts");
  await writeFile(file, strategySource('throw new Error("no luck");'));
  const ended = await backtest("--strategy", file, "--candles", candles, "--json");
  expect(ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/no luck/) });
  expect(JSON.parse(ended.stdout)).toMatchObject({
    problem: { code: "strategy-failed", detail: expect.stringMatching(/no luck/) },
  });
});

const parity = join(root, "../shared/parity");
const reference = "octobot_binance_BTC-USDT_1d";
test("the reference results are met, where they are at hand", async ({ skip }) => {
  skip(!existsSync(parity), "../shared/parity is not there");
  const file = join(parity, `${reference}__sma10-30_allin.json`);
  const wanted = JSON.parse(readFileSync(file, "utf8"));
  const data = join(root, `../shared/data/${reference}.csv.gz`);
  const params = ["--param", "fast=10", "--param", "slow=30", "--capital", "1000000", "--json"];
  const { stdout } = await backtest("--strategy", "sma-crossover", "--candles", data, ...params);
  const { metrics, trades } = JSON.parse(stdout);
  expect(metrics.closedTrades).toBe(wanted.closedTrades);
  expect(metrics.finalEquity / wanted.finalEquity).toBeCloseTo(1, 9);
  expect(trades.map((one: { entryAt: string }) => Date.parse(one.entryAt))).toEqual(
    wanted.trades.map((one: { entryAt: number }) => one.entryAt),
  );
});

test("orders meet candles as options say; finer candles tell what came first", async () => {
  const file = join(dir, "bracketed.ts");
  const price = (share: number) => `context.close * ${share}`;
  await writeFile(
    file,
    strategySource(
      `if (context.position.isFlat) context.bracket({ side: 'buy', share: 0.5, stop: ${price(0.99)}, target: ${price(1.01)} });`,
    ),
  );
  const all = ["--strategy", file, "--candles", candles, "--json"];
  const coarse = [...all, "--timeframe", "4h", "--fill-policy", "detail", "--policy-range"];
  const detailed = await backtest(...coarse, "--fee-asset", "received", "--volume-share", "0.5");
  expect(detailed.code).toBe(0);
  const { settings, policyRange } = JSON.parse(detailed.stdout);
  expect(settings).toMatchObject({ fillPolicy: "detail", feeAsset: "received" });
  expect(policyRange.runs.map(({ policy }: { policy: string }) => policy)).toEqual([
    "detail",
    "pessimistic",
    "path",
  ]);
  const none = await backtest(...all, "--fill-policy", "detail");
  expect(none).toMatchObject({ code: 2, stdout: expect.stringMatching(/finer than 1h/) });
});
