import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandLine } from "../../test/support/command-line.ts";
import { trading, wanderingCandles } from "../../test/support/strategy-files.ts";

let dir = "";
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "cli-"));
});
afterAll(() => rm(dir, { recursive: true }));

const trade = (...args: string[]) => commandLine(args, { DATA_DIR: join(dir, "data") });

async function candleFile(name: string, raisedRow: number | null, coin = "BTC"): Promise<string> {
  const { time, open, high, low, close, volume } = wanderingCandles(300);
  const rows = Array.from(time, (ms, i) =>
    [ms, open[i], high[i], low[i], close[i], (volume[i] ?? 0) + Number(i === raisedRow)].join(","),
  );
  const file = join(dir, `${coin}USDT-1h-${name}.csv`);
  await writeFile(file, `time,open,high,low,close,volume\n${rows.join("\n")}\n`);
  return file;
}

test("a result is verified: the same, with other candles, with another strategy, after tampering", async () => {
  const candles = await candleFile("kept", null);
  const changed = await candleFile("changed", 250);
  const strategy = join(dir, "kept.ts");
  await writeFile(strategy, trading);
  const other = join(dir, "other.ts");
  await writeFile(other, trading.replace("% 10 === 3", "% 10 === 4"));
  const made = await trade(
    "backtest",
    "--strategy",
    strategy,
    "--candles",
    candles,
    "--json",
    "--explain",
  );
  const document = JSON.parse(made.stdout);
  expect(document.explanation.waterfall.net).toBeCloseTo(document.metrics.netProfit, 6);
  const kept = join(dir, "kept.json");
  await writeFile(kept, made.stdout);
  const tampered = join(dir, "tampered.json");
  const receipt = { ...document.report.receipt, fingerprint: "0".repeat(64) };
  await writeFile(tampered, JSON.stringify({ ...document, report: { receipt } }));
  const dearer = join(dir, "dearer.json");
  const metrics = { ...document.metrics, finalEquity: 99_999 };
  await writeFile(dearer, JSON.stringify({ ...document, metrics }));
  const untold = join(dir, "untold.json");
  await writeFile(untold, JSON.stringify({ ...document, policyRange: null }));
  const alter = async (name: string, change: object) => {
    const file = join(dir, `${name}.json`);
    await writeFile(file, JSON.stringify({ ...document, ...change }));
    return file;
  };
  const altered = [
    await alter("fewer-fills", { fills: document.fills.slice(1) }),
    await alter("fewer-gaps", { data: { ...document.data, gaps: 7 } }),
  ];
  const verify = (file: string, by: string, over: string) =>
    trade("fingerprint", "verify", file, "--strategy", by, "--candles", over);
  const ended = await Promise.all([
    verify(kept, strategy, candles),
    verify(kept, strategy, changed),
    verify(kept, other, candles),
    verify(tampered, strategy, candles),
    verify(dearer, strategy, candles),
    verify(untold, strategy, candles),
    verify(changed, strategy, candles),
    ...altered.map((file) => verify(file, strategy, candles)),
  ]);
  expect(ended.map(({ code, stdout }) => [code, stdout.split(":")[0]])).toEqual([
    [0, "Same"],
    [3, "Data changed"],
    [4, "Strategy changed"],
    [7, "Different"],
    [7, "Different"],
    [7, "Different"],
    [2, ""],
    ...altered.map(() => [7, "Different"]),
  ]);
  expect(ended.at(-1)?.stdout).toContain("data.gaps is not what the run gives");
  expect(ended[4]?.stdout).toContain("metrics.finalEquity is not what the run gives");
});

test("a result over several markets is made again from all of their candles", async () => {
  const first = await candleFile("wallet", null);
  const second = await candleFile("wallet", 20, "ETH");
  const changed = await candleFile("changed", 250, "ETH");
  const strategy = join(dir, "wallet.ts");
  await writeFile(strategy, trading);
  const over = ["--strategy", strategy, "--candles", first];
  const made = await trade("backtest", ...over, "--also", second, "--json");
  const kept = join(dir, "wallet.json");
  await writeFile(kept, made.stdout);
  const ended = await Promise.all([
    trade("fingerprint", "verify", kept, ...over, "--also", second),
    trade("fingerprint", "verify", kept, ...over, "--also", changed),
    trade("fingerprint", "verify", kept, ...over),
  ]);
  expect(ended.map(({ code, stdout }) => [code, stdout.split(":")[0]])).toEqual([
    [0, "Same"],
    [3, "Data changed"],
    [2, ""],
  ]);
  expect(ended[2]?.stderr).toContain("--also, in the order of the result");
});
