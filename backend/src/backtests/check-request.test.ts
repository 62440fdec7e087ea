import type { BacktestRequest } from "@trading/contracts/backtests";
import { backtestRequest } from "@trading/contracts/backtests";
import type { Market, Series } from "@trading/contracts/market-data";
import { expect, test } from "vitest";
import { checkRequest, repeatOf } from "./check-request.ts";

const seriesId = "018f0000-0000-7000-8000-000000000001";
const series = {
  id: seriesId,
  source: "upload",
  exchange: null,
  symbol: "BTC/USDT",
  quote: "USDT",
  timeframe: "1h",
  timeframes: ["1h", "2h", "4h", "1d"],
  first: "2024-01-01T00:00:00.000Z",
  last: "2024-02-01T00:00:00.000Z",
} as unknown as Series;
const market = {
  exchange: "binance",
  symbol: "ETH/USDT",
  quote: "USDT",
  timeframes: ["1h", "1d"],
} as Market;
const integer = {
  kind: "integer",
  label: "",
  help: "",
  default: 5,
  min: 1,
  max: 50,
  step: 1,
} as const;
const strategy = { name: "tried", title: "Tried", version: "new", parameters: { fast: integer } };

const needs = {
  strategies: {
    findByName: async (name: string) => (name === "tried" ? strategy : null),
    findVersion: async (_name: string, version: string) =>
      version === "old" ? { manifest: { ...strategy, title: "Was tried" } } : null,
  },
  candles: {
    findSeries: async (userId: string, id: string) =>
      userId === "anna" && id === seriesId ? series : null,
    findExchange: async (id: string) =>
      id === "binance" || id === "unread"
        ? {
            id,
            name: id,
            markets: 0,
            marketsAt: id === "unread" ? null : "2024-01-01T00:00:00.000Z",
            problem: null,
          }
        : null,
    findMarket: async (exchange: string, symbol: string) =>
      exchange === "binance" && symbol === "ETH/USDT" ? market : null,
  },
};
const request = (changed: object = {}): BacktestRequest =>
  backtestRequest.parse({
    strategy: "tried",
    candles: { kind: "series", seriesId },
    timeframe: "1h",
    ...changed,
  });
const check = (changed: object = {}, userId = "anna") =>
  checkRequest(needs, userId, request(changed));

test("a good request is completed by defaults and by what is known of strategy and data", async () => {
  expect(await check()).toMatchObject({
    title: "Tried on BTC/USDT, 1h",
    version: "new",
    parameters: { fast: 5 },
    source: "upload",
    quote: "USDT",
    settings: { capital: 10_000, takerFee: 0.001 },
    expectedFingerprint: null,
  });
});

const terms = {
  leverage: 2,
  marginMode: "isolated",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 20 }],
  liquidationFee: 0.01,
  funding: null,
};

test("a buy pays its fee as the exchange of its market has it, unless somebody chose", async () => {
  const candles = { kind: "market", exchange: "binance", symbol: "ETH/USDT" };
  const feeAssetOf = async (changed: object) => (await check(changed)).settings.feeAsset;
  expect(await feeAssetOf({})).toBe("quote");
  expect(await feeAssetOf({ candles })).toBe("received");
  expect(await feeAssetOf({ candles, settings: { feeAsset: "quote" } })).toBe("quote");
  expect(await feeAssetOf({ candles, settings: { perpetual: terms } })).toBe("quote");
});

test("an old version stays usable", async () => {
  expect(await check({ version: "old" })).toMatchObject({
    version: "old",
    strategyTitle: "Was tried",
  });
});

test("a market that was never read is looked up when the backtest runs", async () => {
  const candles = { kind: "market", exchange: "unread", symbol: "SOL/USDC:USDC" };
  expect(await check({ candles })).toMatchObject({
    quote: "USDC",
    exchange: "unread",
    source: "exchange",
  });
});

const market4h = { kind: "market", exchange: "binance", symbol: "ETH/USDT" };
const refusals: [what: string, changed: object, code: string, where: string | undefined][] = [
  [
    "fills at the signal's close with latency",
    { settings: { fillOn: "signal-close", latencyCandles: 1 } },
    "validation-failed",
    "settings",
  ],
  [
    "a perpetual whose fee is received",
    { settings: { perpetual: terms, feeAsset: "received" } },
    "validation-failed",
    "settings",
  ],
  ["an unknown strategy", { strategy: "nope" }, "unknown-strategy", undefined],
  ["an unknown version", { version: "nope" }, "unknown-strategy", undefined],
  [
    "a parameter out of range",
    { parameters: { fast: 99 } },
    "parameters-refused",
    "parameters.fast",
  ],
  [
    "an unknown parameter",
    { parameters: { wibble: 1 } },
    "parameters-refused",
    "parameters.wibble",
  ],
  [
    "a parameter of another type",
    { parameters: { fast: "5" } },
    "parameters-refused",
    "parameters.fast",
  ],
  [
    "a fraction for an integer",
    { parameters: { fast: 1.5 } },
    "parameters-refused",
    "parameters.fast",
  ],
  [
    "a range that ends before it begins",
    { from: "2024-02-01T00:00:00Z", to: "2024-01-01T00:00:00Z" },
    "validation-failed",
    "to",
  ],
  [
    "an empty range",
    { from: "2024-01-05T00:00:00Z", to: "2024-01-05T00:00:00Z" },
    "validation-failed",
    "to",
  ],
  ["a timeframe finer than the stored one", { timeframe: "5m" }, "validation-failed", "timeframe"],
  ["a range after the data", { from: "2025-01-01T00:00:00Z" }, "no-candles", undefined],
  ["a range before the data", { to: "2023-01-01T00:00:00Z" }, "no-candles", undefined],
  [
    "an unknown series",
    { candles: { kind: "series", seriesId: seriesId.replace(/1$/, "2") } },
    "not-found",
    undefined,
  ],
  ["an unknown market", { candles: { ...market4h, symbol: "NO/PE" } }, "unknown-market", undefined],
  [
    "an unknown exchange",
    { candles: { ...market4h, exchange: "nope" } },
    "unknown-market",
    undefined,
  ],
  [
    "a timeframe the market cannot give",
    { candles: market4h, timeframe: "15m" },
    "validation-failed",
    "timeframe",
  ],
];
test.each(refusals)("%s is refused", async (_what, changed, code, where) => {
  await expect(check(changed)).rejects.toMatchObject({
    code,
    ...(where === undefined ? {} : { errors: [{ where }] }),
  });
});

test("another user's series does not exist", async () => {
  await expect(check({}, "bert")).rejects.toMatchObject({ code: "not-found" });
});

test("names that every object has are no parameters", async () => {
  const parameters = JSON.parse('{"__proto__": 1, "constructor": 2}');
  await expect(checkRequest(needs, "anna", { ...request(), parameters })).rejects.toMatchObject({
    code: "parameters-refused",
  });
});

test("a repetition keeps what is not named, and null takes a bound away", () => {
  const before = {
    ...request(),
    title: "First",
    version: "old",
    from: "2024-01-02T00:00:00.000Z",
    to: "2024-01-20T00:00:00.000Z",
  };
  const again = repeatOf(before, { from: null, settings: { capital: 1 }, parameters: { fast: 9 } });
  expect(again).toMatchObject({
    title: "First",
    version: "old",
    to: before.to,
    parameters: { fast: 9 },
    settings: { ...before.settings, capital: 1 },
  });
  expect(again).not.toHaveProperty("from");
});

test("leverage above what its tiers allow is refused before anything is stored", async () => {
  const settings = { perpetual: { leverage: 60 } };
  await expect(checkRequest(needs, "anna", request({ settings }))).rejects.toMatchObject({
    code: "validation-failed",
    errors: [{ where: "settings.perpetual", message: expect.stringMatching(/60 is above the 50/) }],
  });
});

test("a repeat keeps the terms of a perpetual, changes them, or goes back to spot", () => {
  const { settings } = request({ settings: { perpetual: { leverage: 3 } } });
  const before = { ...request(), settings, title: "", version: "old", from: null, to: null };
  const { perpetual } = settings;
  const after = (change: Parameters<typeof repeatOf>[1]["settings"]) =>
    repeatOf(before, { settings: change }).settings.perpetual;
  expect(after({ capital: 5 })).toEqual(perpetual);
  expect(perpetual && after({ perpetual: { ...perpetual, leverage: 2 } })?.leverage).toBe(2);
  expect(after({ perpetual: null })).toBeUndefined();
});

test("markets of one wallet are there once and priced in one currency", async () => {
  const other = (candles: object) =>
    checkRequest(
      needs,
      "anna",
      request({ candles: { kind: "series", seriesId, others: [candles] } }),
    );
  const eth = { kind: "market", exchange: "binance", symbol: "ETH/USDT" };
  expect((await other(eth)).title).toBe("Tried on BTC/USDT and 1 more, 1h");
  await expect(other({ kind: "series", seriesId })).rejects.toMatchObject({
    errors: [{ where: "candles.others.0", message: "is BTC/USDT, which is there already" }],
  });
  const euro = { kind: "market", exchange: "unread", symbol: "BTC/EUR" };
  await expect(other(euro)).rejects.toMatchObject({
    errors: [
      { where: "candles.others.0", message: expect.stringMatching(/EUR, the first one in USDT/) },
    ],
  });
  await expect(other({ kind: "market", exchange: "binance", symbol: "NO/USDT" })).rejects.toThrow(
    /no market called/,
  );
});

test("markets of different timeframes share margin only where finer candles tell what it has lost", async () => {
  const eth = { kind: "market", exchange: "binance", symbol: "ETH/USDT", timeframe: "1d" };
  const mixed = (perpetual: object, fillPolicy = "pessimistic") =>
    check({
      candles: { kind: "series", seriesId, others: [eth] },
      timeframe: "2h",
      settings: { perpetual: { leverage: 3, ...perpetual }, fillPolicy },
    });
  await expect(mixed({ marginMode: "cross" })).rejects.toMatchObject({
    code: "validation-failed",
    errors: [{ where: "settings.perpetual.marginMode", message: expect.stringMatching(/detail/) }],
  });
  await expect(mixed({ marginMode: "isolated" })).resolves.toMatchObject({ timeframe: "2h" });
  await expect(mixed({ marginMode: "cross" }, "detail")).resolves.toMatchObject({
    timeframe: "2h",
  });
});
