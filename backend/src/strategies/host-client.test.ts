import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import {
  bundleOf,
  strategySource,
  trading,
  wanderingCandles,
} from "../../test/support/strategy-files.ts";
import { createStrategyHost, type StrategyHost } from "./host-client.ts";
import type { RunOrder } from "./host-protocol.ts";

const limits = {
  budgetMs: 20_000,
  budgetPerCandleUs: 0,
  describeMs: 5_000,
  explainableShare: 0.1,
  memoryMbMax: 400,
  ordersMax: 100,
};
const hosts: StrategyHost[] = [];
const open = (changed: Partial<typeof limits> = {}) => {
  const host = createStrategyHost({ ...limits, ...changed });
  hosts.push(host);
  return host;
};
const host = open();
afterAll(() => {
  for (const one of hosts) one.close();
});

const candles = wanderingCandles(500);
async function orderFor(source: string): Promise<RunOrder & { map: string }> {
  const { code, version, map } = await bundleOf(source);
  return {
    code,
    version,
    map,
    parameters: { fast: 5 },
    market: { symbol: "BTC/USDT", tick: null, lot: null, notionalMin: null },
    timeframe: "1h",
    candles,
    dataRevision: "0".repeat(64),
    settings: { capital: 10_000, makerFee: 0.001, takerFee: 0.001, slippageBps: 0 },
  };
}
async function run(source: string, on = host) {
  const { map, ...order } = await orderFor(source);
  return on.run(order, { map });
}
const failure = (source: string, on = host) =>
  run(source, on).then(
    () => "no failure",
    (error: { code: string; message: string }) => `${error.code}: ${error.message}`,
  );

test("a strategy is described without being run", async () => {
  const bundle = await bundleOf(trading);
  const answer = await host.describe(bundle.code);
  expect(answer).toMatchObject({
    kind: "described",
    manifest: { name: "tried", parameters: { fast: { kind: "integer", default: 5 } } },
  });
});

test("a run gives metrics, curve and trades, and the same fingerprint every time", async () => {
  const first = await run(trading);
  const second = await run(trading, open());
  expect(first.trades.length).toBeGreaterThan(20);
  expect(first.metrics.finalEquity).toBeGreaterThan(0);
  expect(second).toEqual(first);
});

test("a run that took much of its time is not explained, and says so", async () => {
  const { map: _, ...order } = await orderFor(trading);
  const quick = await host.run({ ...order, isExplained: true });
  expect(quick.explanation?.waterfall?.net).toBeDefined();
  const slow = await open({ explainableShare: 0 }).run({ ...order, isExplained: true });
  expect(slow.explanation?.reasons).toEqual({ waterfall: expect.stringMatching(/took so long/) });
  expect(slow.fingerprint).toBe(quick.fingerprint);
  expect(quick.policyRange).toBeNull();
});

test("a short run is repeated under the other policies where the settings ask for it", async () => {
  const { map: _, ...plain } = await orderFor(trading);
  const order = { ...plain, settings: { ...plain.settings, policyRange: true } };
  const short = await host.run(order);
  expect(short.policyRange?.runs.map(({ policy }) => policy)).toEqual(["pessimistic", "path"]);
  expect(short.policyRange?.runs[0]?.fingerprint).toBe(short.fingerprint);
  const long = await open({ explainableShare: 0 }).run(order);
  expect(long.policyRange).toBeNull();
  expect(long.fingerprint).toBe(short.fingerprint);
});

test("a definition that never ends is stopped by the time it computed", async () => {
  const { code } = await bundleOf(strategySource("", "for (;;);"));
  expect(await open({ describeMs: 1_000 }).describe(code)).toMatchObject({
    kind: "refused",
    message: "The strategy was stopped after 1 s. Look for a loop without end.",
    isLasting: true,
  });
});

test("what is not a strategy is refused", async () => {
  const { code } = await bundleOf("export default 3;");
  expect(await host.describe(code)).toMatchObject({
    kind: "refused",
    message: expect.stringMatching(/not a strategy/),
  });
});

test("a strategy that throws fails with its line and candle", async () => {
  const said = await failure(
    strategySource('if (context.index === 7) throw new Error("no\\u0000 luck");'),
  );
  expect(said).toMatch(
    /^strategy-failed: .*no luck \(tried\.ts, line 16\), candle of 2023-11-15T07:00/,
  );
});

test("a strategy that loops for ever is stopped, and the host works again", async () => {
  const hasty = open({ budgetMs: 700 });
  expect(await failure(strategySource("for (;;);"), hasty)).toMatch(/^strategy-too-slow/);
  expect(await failure(strategySource("", "for (;;);"), hasty)).toMatch(/^strategy-too-slow/);
  expect((await run(trading, open())).trades.length).toBeGreaterThan(0);
});

test.each([
  ["typed arrays", "(context.state as never[]).push(new Float64Array(1e6).fill(1) as never);"],
  ["objects", "for (let i = 0; i < 1e5; i++) (context.state as never[]).push({ i } as never);"],
])("a strategy that keeps %s without end is stopped", async (_what, greed) => {
  const source = strategySource(greed).replace(
    "onCandle(",
    "state: () => [] as unknown[],\n  onCandle(",
  );
  expect(await failure(source, open())).toMatch(/^strategy-out-of-memory/);
});

test.each([
  ["a string", 'return "nonsense";'],
  ["an order that makes no sense", 'context.market({ side: "up", share: "all" } as never);'],
  ["a number that is none", 'context.market({ side: "buy", quantity: Number.NaN });'],
  ["a promise", "return (async () => undefined)();"],
])("%s instead of an order does no harm", async (_what, body) => {
  const source = strategySource(body).replace(
    "onCandle(context) {",
    "onCandle(context: any): any {",
  );
  const outcome = await run(source).then(
    (result) => result.trades.length,
    (error: { code: string }) => error.code,
  );
  expect([0, "strategy-failed"]).toContain(outcome);
});

test("endless recursion is an error of the strategy", async () => {
  const said = await failure(strategySource("deep();", "const deep = (): number => deep() + 1;"));
  expect(said).toMatch(/^strategy-failed: .*stack/i);
});

test("a message of a million characters is cut", async () => {
  const said = await failure(strategySource('throw new Error("x".repeat(1e6));'));
  expect(said.length).toBeLessThan(1_000);
});

test("what is thrown may be anything", async () => {
  const source = strategySource("throw { get message() { throw 1; }, toString() { throw 2; } };");
  expect(await failure(source)).toMatch(/^strategy-failed/);
  expect(await failure(strategySource("throw undefined;"))).toMatch(/^strategy-failed/);
});

test.each([
  ["Array.prototype.push = () => 0;", ""],
  ["(Object.prototype as any).polluted = 1;", ""],
  ["(Math as any).max = () => 0;", ""],
  ["(Array as any) = Object;", ""],
  [
    "",
    "const order = context.market({ side: 'buy', quantity: 1 }); (order as any).kind = 'limit';",
  ],
  ["", "(context as any).index = 3;"],
  ["", "Object.defineProperty(Object.getPrototypeOf(context), 'equity', { value: 1e9 });"],
])("what a strategy runs on cannot be changed: %s%s", async (atLoad, onCandle) => {
  expect(await failure(strategySource(onCandle, atLoad))).toMatch(
    /^strategy-(failed|refused): .*(cannot|not extensible|read only|only a getter|not allowed)/i,
  );
});

test("a fill that the strategy hears of cannot be changed", async () => {
  const editing = trading.replace(
    "onCandle(context) {",
    "onFill(_context, fill) { (fill as any).price *= 0.9; },\n  onCandle(context) {",
  );
  expect(await failure(editing)).toMatch(/^strategy-failed: .*read only/);
});

test("a class of its own may still name itself and be told apart", async () => {
  const said = await failure(
    strategySource(
      "throw new Odd('here');",
      "class Odd extends Error { constructor(text: string) { super(text); this.name = 'Odd'; this.message += '!'; } }",
    ),
  );
  expect(said).toMatch(/^strategy-failed: .*here!/);
});

test.each([
  [
    "code",
    `const made = (context as any)[hidden][hidden];
    throw new Error("found " + (made === undefined ? "nothing" : typeof made("return process")()));`,
    /found nothing/,
  ],
  [
    "the whole column of a market",
    `new (Reflect.get(sma(2), hidden))({ sources: ["close"], start: () => ({ fill() {} }) });`,
    /cannot make lines/,
  ],
])("ways around the names it may use do not lead to %s", async (_, probe, said) => {
  const source = strategySource(
    `const hidden = ["const", "ructor"].join("");\n${probe}`,
    'import { sma } from "@trading/engine"; void sma;',
  );
  expect(await failure(source)).toMatch(said);
});

test("an abort stops the run with its reason", async () => {
  const stop = new AbortController();
  const slow = open();
  const { map: _map, ...order } = await orderFor(strategySource("for (;;);"));
  const running = slow.run(order, { signal: stop.signal });
  setTimeout(() => stop.abort(new Error("enough")), 200);
  await expect(running).rejects.toThrow("enough");
  expect(slow.isWarm()).toBe(false);
});

test("a host killed from outside is replaced, and the run ends as if nothing had been", async () => {
  const slow = strategySource("for (let i = 0; i < 3e6; i++);");
  const killed = open();
  const { map, ...order } = await orderFor(slow);
  const before = new Set(childrenOf(process.pid));
  let kills = 0;
  const onProgress = () => {
    const [pid] = childrenOf(process.pid).filter((one) => !before.has(one));
    if (kills > 0 || pid === undefined) return;
    kills += process.kill(pid, "SIGKILL") ? 1 : 0;
  };
  const result = await killed.run(order, { map, onProgress });
  expect(kills).toBe(1);
  expect(result.fingerprint).toBe((await run(slow)).fingerprint);
});

test("a run whose host is killed every time fails, with words that do not blame the strategy", async () => {
  const endless = strategySource("for (;;);");
  const before = new Set(childrenOf(process.pid));
  const killer = setInterval(() => {
    for (const pid of childrenOf(process.pid)) if (!before.has(pid)) process.kill(pid, "SIGKILL");
  }, 20);
  const said = await failure(endless, open());
  clearInterval(killer);
  expect(said).toMatch(/^strategy-failed: .*its process ended unexpectedly 3 times/);
});

test("a host has nothing of its worker's environment and may read no file that knows of keys", async () => {
  const before = new Set(childrenOf(process.pid));
  await run(trading, open());
  const [pid] = childrenOf(process.pid).filter((one) => !before.has(one));
  const given = ["environ", "cmdline"].map((part) => readFileSync(`/proc/${pid}/${part}`, "utf8"));
  const [environment = "none", command = ""] = given;
  // Node itself adds what its pipe to the worker is called by.
  const names = environment.split("\0").map((line) => line.split("=")[0]);
  expect(names.filter((name) => name !== "" && !name?.startsWith("NODE_CHANNEL_"))).toEqual([]);
  const readable = [...command.matchAll(/--allow-fs-read=([^\0]+)/g)].map(([, path]) => path);
  expect(readable.length).toBeGreaterThan(2);
  expect(readable.join(" ")).not.toMatch(/exchange|accounts|\.env|src\/?( |$)|backend\/?( |$)/);
});

test("a host ends with its parent, even in the middle of an endless loop", async () => {
  const { code } = await bundleOf(strategySource("", "for (;;);"));
  const script = `
    import { createStrategyHost, defaultHostLimits } from "${import.meta.dirname}/host-client.ts";
    createStrategyHost(defaultHostLimits).describe(${JSON.stringify(code)});
    setTimeout(async () => {
      const { readFileSync } = await import("node:fs");
      process.stdout.write(readFileSync("/proc/self/task/" + process.pid + "/children", "utf8"));
      process.kill(process.pid, "SIGKILL");
    }, 1_000);`;
  const output = await new Promise<string>((resolve) => {
    try {
      resolve(
        execFileSync(process.execPath, ["--input-type=module-typescript", "-e", script], {
          stdio: ["ignore", "pipe", "ignore"],
        }).toString(),
      );
    } catch (error) {
      resolve((error as { stdout: Buffer }).stdout.toString());
    }
  });
  const pid = Number(output.trim());
  expect(pid).toBeGreaterThan(0);
  await expect.poll(() => isAlive(pid)).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8").split(" "))
    .filter((child) => child !== "")
    .map(Number);
}
