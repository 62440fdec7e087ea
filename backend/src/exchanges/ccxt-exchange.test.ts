import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type BinanceServer,
  candleAt,
  startBinanceServer,
} from "../../test/support/binance-server.ts";
import { exchangeCatalogue } from "./catalogue.ts";
import { createCcxtExchanges } from "./ccxt-exchange.ts";
import type { Exchange } from "./exchange.ts";

const minute = 60_000;
const start = Date.UTC(2024, 0, 1);
const never = new AbortController().signal;
let server: BinanceServer;
let exchange: Exchange;

beforeAll(async () => {
  server = await startBinanceServer(start, start + 5_000 * minute);
  const exchanges = createCcxtExchanges({ settings: server.settings, deadlineMs: 1_500 });
  exchange = await exchanges.open("binance");
});
afterAll(() => server.close());

const wanted = { symbol: "BTC/USDT", timeframe: "1m", fromMs: start + 10 * minute } as const;
const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: "ExchangeUnavailable", code: "exchange-unavailable" });
  return error as { message: string; isPassing: boolean; retryAfter?: number };
};

test("markets come with their rules", async () => {
  const markets = await exchange.readMarkets(never);
  expect(markets.map((market) => market.symbol)).toEqual([
    "BTC/USDT",
    "ETH/USDT",
    "SOL/USDT",
    "LUNA/BTC",
  ]);
  expect(markets[0]).toMatchObject({
    ...{ exchange: "binance", symbol: "BTC/USDT", base: "BTC", quote: "USDT", contract: "spot" },
    ...{ tick: 0.01, lot: 0.00001, notionalMin: 5, makerFee: 0.001, takerFee: 0.001, active: true },
  });
  expect(markets[0]?.timeframes).toContain("1m");
  expect(markets[3]?.active).toBe(false);
});

test("a page of candles begins where it was asked to and is as long as a page may be", async () => {
  const rows = await exchange.readCandles(wanted, never);
  expect(rows.length).toBe(exchange.pageCandles("BTC/USDT"));
  expect(rows[0]).toEqual(candleAt(start + 10 * minute));
});

test("429 is told with the time to wait", async () => {
  server.faults.push({ kind: "status", status: 429, retryAfter: 7 });
  const error = await failure(exchange.readCandles(wanted, never));
  expect(error).toMatchObject({ isPassing: true, retryAfter: 7 });
  expect(error.message).toMatch(/^Binance did not answer as expected: .*Too many requests/);
  expect(error.message).not.toContain("http");
});

test("a refusal for good is not worth another try", async () => {
  server.faults.push({
    kind: "status",
    status: 403,
    body: `{"code":-2015,"msg":"Service unavailable from a restricted location"}`,
  });
  const error = await failure(exchange.readCandles(wanted, never));
  expect(error.message).toMatch(/restricted location/);
});

test.each([{ kind: "truncated" }, { kind: "reset" }] as const)(
  "an answer that breaks off passes: $kind",
  async (fault) => {
    server.faults.push(fault);
    expect((await failure(exchange.readCandles(wanted, never))).isPassing).toBe(true);
  },
);

test("an exchange that cannot be reached is told without addresses", async () => {
  const api = { public: "http://127.0.0.1:21799/api/v3" };
  const settings = { binance: { urls: { api }, options: { fetchMarkets: { types: ["spot"] } } } };
  const away = await createCcxtExchanges({ settings }).open("binance");
  const { message } = await failure(away.readMarkets(never));
  expect(message).toBe("Binance cannot be reached: the connection was refused or cut.");
});

test("an exchange that hangs is left at the deadline", async () => {
  server.faults.push({ kind: "hang" });
  const error = await failure(exchange.readCandles(wanted, never));
  expect(error.message).toBe("Binance did not answer within 1.5 s.");
});

test("an abort ends a call at once", async () => {
  server.faults.push({ kind: "hang" });
  const stop = new AbortController();
  const call = exchange.readCandles(wanted, stop.signal);
  setTimeout(() => stop.abort(new Error("cancelled")), 50);
  await expect(call).rejects.toThrow("cancelled");
});

test("an unknown market and an unknown exchange are told as such", async () => {
  const call = exchange.readCandles({ ...wanted, symbol: "NO/PE" }, never);
  await expect(call).rejects.toMatchObject({ code: "unknown-market" });
  await expect(createCcxtExchanges().open("../../etc/passwd")).rejects.toMatchObject({
    code: "unknown-market",
  });
});

test("the catalogue names every exchange of the installed ccxt that has candles", async () => {
  const { default: ccxt } = await import("ccxt");
  const clients = ccxt as unknown as Record<
    string,
    new () => { name: string; alias: boolean; has: Record<string, unknown> }
  >;
  const known = ccxt.exchanges.flatMap((id) => {
    const Client = clients[id as unknown as string];
    const client = Client === undefined ? null : new Client();
    return client?.has.fetchOHLCV === true && !client.alias ? [`${id} ${client.name}`] : [];
  });
  expect(exchangeCatalogue.map(({ id, name }) => `${id} ${name}`).sort()).toEqual(known.sort());
});
