import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What goes wrong with one answer. */
export type Fault =
  | { kind: "status"; status: number; retryAfter?: number; body?: string }
  | { kind: "truncated" }
  | { kind: "hang" }
  | { kind: "reset" };

export type BinanceServer = Readonly<{
  /** Settings that make ccxt's binance talk to this server only. */
  settings: Readonly<Record<string, object>>;
  /** The next answers to requests for candles go wrong like this. */
  faults: Fault[];
  /** Paths with queries, in the order they came. */
  requests: string[];
  close(): Promise<void>;
}>;

const minute = 60_000;

/**
 * A local server that speaks the part of Binance's public API that candles need: `exchangeInfo` and `klines`
 * with paging. It has one-minute candles of BTC/USDT from `firstMs` to `lastMs` and none for `isAbsent`.
 */
export async function startBinanceServer(
  firstMs: number,
  lastMs: number,
  isAbsent: (ms: number) => boolean = () => false,
): Promise<BinanceServer> {
  const faults: Fault[] = [];
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? "");
    const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
    if (pathname.endsWith("/exchangeInfo")) return answer(response, exchangeInfo);
    if (!pathname.endsWith("/klines")) return answer(response, { code: -1, msg: "no" }, 404);
    const fault = faults.shift();
    if (fault !== undefined) return fail(fault, request, response);
    const limit = Number(searchParams.get("limit") ?? 500);
    const rows: unknown[] = [];
    const from = Math.max(firstMs, Number(searchParams.get("startTime")));
    for (
      let ms = Math.ceil(from / minute) * minute;
      ms <= lastMs && rows.length < limit;
      ms += minute
    ) {
      if (!isAbsent(ms)) rows.push(kline(ms));
    }
    answer(response, rows);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    settings: { binance: settingsFor(base) },
    faults,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The candle of a minute, as numbers. */
export function candleAt(ms: number): [number, number, number, number, number, number] {
  const price = 40_000 + ((ms / minute) % 1_000);
  return [ms, price, price + 2.5, price - 2.5, price + 1, ((ms / minute) % 9) / 4];
}

function kline(ms: number): unknown[] {
  const [time, ...values] = candleAt(ms);
  return [time, ...values.map((value) => value.toFixed(8)), ms + minute - 1, "0", 1, "0", "0", "0"];
}

const settingsFor = (base: string) => ({
  urls: {
    api: Object.fromEntries(
      ["public", "private", "v1", "sapi", "fapiPublic", "dapiPublic"].map((name) => [
        name,
        `${base}/api/v3`,
      ]),
    ),
  },
  options: { fetchMarkets: { types: ["spot"] } },
});

const exchangeInfo = {
  timezone: "UTC",
  rateLimits: [],
  exchangeFilters: [],
  symbols: [
    ...["BTC", "ETH", "SOL"].map((base) => symbolInfo(base, "USDT", "TRADING")),
    symbolInfo("LUNA", "BTC", "BREAK"),
  ],
};

function symbolInfo(baseAsset: string, quoteAsset: string, status: string) {
  return {
    ...{ symbol: `${baseAsset}${quoteAsset}`, status, baseAsset, quoteAsset },
    ...{
      baseAssetPrecision: 8,
      quotePrecision: 8,
      quoteAssetPrecision: 8,
      orderTypes: ["LIMIT", "MARKET"],
    },
    ...{ isSpotTradingAllowed: true, isMarginTradingAllowed: false, permissions: ["SPOT"] },
    filters: [
      { filterType: "PRICE_FILTER", minPrice: "0.01", maxPrice: "1000000", tickSize: "0.01000000" },
      { filterType: "LOT_SIZE", minQty: "0.00001", maxQty: "9000", stepSize: "0.00001000" },
      { filterType: "NOTIONAL", minNotional: "5.00000000", applyMinToMarket: true },
    ],
  };
}

function answer(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function fail(fault: Fault, request: IncomingMessage, response: ServerResponse): void {
  switch (fault.kind) {
    case "status": {
      const retry =
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) };
      response.writeHead(fault.status, { "content-type": "application/json", ...retry });
      response.end(fault.body ?? `{"code":-1003,"msg":"Too many requests."}`);
      return;
    }
    case "truncated":
      response.writeHead(200, { "content-type": "application/json", "content-length": "5000" });
      response.write(`[[1700000000000,"1","2`, () => request.socket.destroy());
      return;
    case "reset":
      request.socket.destroy();
      return;
    case "hang":
      return;
  }
}
