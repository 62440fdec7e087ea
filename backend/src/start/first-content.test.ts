import { expect, test } from "vitest";
import type { ApiClient } from "./api-client.ts";
import { makeFirstContent, type Reached } from "./first-content.ts";

/** An API that remembers what it was asked for; downloads from some exchanges fail. */
function fakePlatform({ failing = [] as string[] } = {}) {
  let looks = 0;
  const asked: string[] = [];
  const series: { id: string; base: string; symbol: string; exchange: string | null }[] = [];
  const add = (symbol: string, exchange: string | null) => {
    const base = symbol.split("/")[0] ?? "";
    const id = `${symbol} ${exchange}`;
    if (!series.some((one) => one.id === id)) series.push({ id, base, symbol, exchange });
  };
  const backtests: { id: string; title: string; status: string; symbol: string; problem: null }[] =
    [];
  const comparisons: { title: string; backtestIds: string[] }[] = [];
  const posts: Record<string, (body: never) => unknown> = {
    "/examples": () => {
      for (const base of ["SOL", "BTC"]) add(`${base}/USDT`, null);
      return {};
    },
    "/downloads": ({ exchange, symbol }: { exchange: string; symbol: string }) => {
      asked.push(`${exchange} ${symbol}`);
      if (failing.includes(exchange)) {
        return {
          id: "bad",
          status: "failed",
          problem: { detail: "HTTP 451" },
          progress: { share: 0 },
        };
      }
      add(symbol, exchange);
      return { id: symbol, status: "running", progress: { share: 0.5 } };
    },
    "/backtests": ({ title, candles }: { title: string; candles: { seriesId: string } }) => {
      const symbol = series.find(({ id }) => id === candles.seriesId)?.symbol ?? "";
      const made = { id: title, title, status: "queued", symbol, problem: null };
      backtests.push(made);
      return made;
    },
    "/comparisons": (body: { title: string; backtestIds: string[] }) => comparisons.push(body),
  };
  const get = (path: string): unknown => {
    if (path.startsWith("/data-tasks/"))
      return { id: path, status: "done", progress: { share: 1 } };
    if (path.startsWith("/series")) {
      const common = { rows: 10, timeframe: "1h", timeframes: ["1h", "4h"] };
      return { items: series.map((one) => ({ ...one, ...common })) };
    }
    if (path === "/strategies") {
      // They come one after the other while the worker looks through their files.
      const names = ["sma-crossover", "buy-and-hold", "ema-crossover"];
      return { items: names.slice(0, looks++).map((name) => ({ name })) };
    }
    if (path === "/comparisons") return { items: comparisons };
    if (path.startsWith("/backtests?")) return { items: backtests };
    const found = backtests.find(({ id }) => path === `/backtests/${id}`);
    return { ...found, status: "done" };
  };
  const client: ApiClient = {
    get: async <Answer>(path: string) => get(path) as Answer,
    post: async <Answer>(path: string, body: unknown) => posts[path]?.(body as never) as Answer,
  };
  return { client, asked, backtests, comparisons };
}

async function fill(platform: ReturnType<typeof fakePlatform>, reached: readonly Reached[]) {
  const said: string[] = [];
  const content = await makeFirstContent({
    trader: platform.client,
    operator: platform.client,
    probe: async () => reached,
    now: () => Date.UTC(2026, 0, 1),
    pauseMs: 0,
    note: () => undefined,
    say: (sentence) => said.push(sentence),
  });
  return { content, said };
}

const answers = (exchange: string): Reached => ({ exchange, quote: "USDT", problem: null });
const refuses = (exchange: string, problem: string): Reached => ({
  exchange,
  quote: "USDT",
  problem,
});

test("with a network it fetches BTC, ETH and SOL from the first exchange that answers", async () => {
  const platform = fakePlatform();
  const { content } = await fill(platform, [refuses("binance", "HTTP 451"), answers("okx")]);
  expect(platform.asked).toEqual(["okx BTC/USDT", "okx ETH/USDT", "okx SOL/USDT"]);
  expect(content).toEqual({ candles: "recorded", exchange: "okx", backtests: 4 });
});

test("the newest backtest, which the workbench opens on, is the SMA crossover on Bitcoin", async () => {
  const platform = fakePlatform();
  await fill(platform, [answers("okx")]);
  expect(platform.backtests.at(-1)?.title).toBe("SMA crossover on BTC/USDT");
  expect(platform.comparisons[0]?.backtestIds[0]).toBe("SMA crossover on BTC/USDT");
});

test("an exchange that fails on the way is named with its reason, and the next one is tried", async () => {
  const platform = fakePlatform({ failing: ["binance"] });
  const { content, said } = await fill(platform, [answers("binance"), answers("okx")]);
  expect(said).toEqual(["  · binance refused: HTTP 451"]);
  expect(content.exchange).toBe("okx");
});

test("without a network the series are generated, and one line says why", async () => {
  const offline = ["binance", "okx"].map((exchange) => refuses(exchange, "no network"));
  const { content, said } = await fill(fakePlatform(), offline);
  expect(content.candles).toBe("synthetic");
  expect(said).toEqual(["  · binance, okx refused: no network"]);
});

test("a second run after an interruption makes nothing twice", async () => {
  const platform = fakePlatform();
  await fill(platform, []);
  const before = platform.backtests.length;
  await fill(platform, []);
  expect(platform.backtests.length).toBe(before);
  expect(platform.comparisons.length).toBe(1);
  expect(platform.comparisons[0]?.backtestIds.length).toBeGreaterThanOrEqual(2);
});
