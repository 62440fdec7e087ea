import { AsyncLocalStorage } from "node:async_hooks";
import { type Timeframe, timeframes } from "@trading/contracts/common";
import type { MarketPrice } from "@trading/contracts/live-markets";
import type { Market } from "@trading/contracts/market-data";
import type { Exchange as Ccxt, Market as CcxtMarket } from "ccxt";
import { PlatformError } from "../platform/errors.ts";
import {
  type CandleRequest,
  type CandleRow,
  type Exchange,
  type Exchanges,
  ExchangeUnavailable,
} from "./exchange.ts";
import { networkProblem } from "./network-problem.ts";
import {
  clientOf,
  isSimulated,
  type OfferedExchange,
  offeredExchanges,
  simulatorSettings,
} from "./offered-exchanges.ts";

type Options = Readonly<{
  /** Where the simulated exchange answers; without it there is none. */
  simulatorUrl?: string | null;
  /** Merged into ccxt's settings by exchange, such as other URLs in a test. */
  settings?: Readonly<Record<string, object>>;
  /** For one call, all its requests together. */
  deadlineMs?: number;
}>;

const callDeadlineMs = 45_000;
const requestTimeoutMs = 20_000;
const keptForMs = 10 * 60_000;
const pageCandlesMax = 1_000;
const pageCandlesDefault = 500;
/** ccxt counts precision in decimal places (2) on a few exchanges, in ticks (4) on the others. */
const decimalPlaces = 2;

/** Only what is needed of an exchange's market list: no currencies (often behind a key), no exotic contracts. */
const commonSettings = {
  timeout: requestTimeoutMs,
  enableRateLimit: true,
  has: { fetchCurrencies: false },
  options: { fetchCurrencies: false, fetchMargins: false, warnOnFetchOHLCVLimitArgument: false },
};
const ownSettings: Readonly<Record<string, object>> = {
  binance: { options: { defaultType: "spot", fetchMarkets: { types: ["spot", "linear"] } } },
  bybit: { options: { defaultType: "spot", fetchMarkets: { types: ["spot", "linear"] } } },
};

/** Exchanges through ccxt; one module is loaded per exchange used and dropped ten minutes after its last use. */
export function createCcxtExchanges(options: Options = {}): Exchanges {
  const { simulatorUrl = null } = options;
  const offered = offeredExchanges(simulatorUrl);
  const open = new Map<string, { exchange: Promise<Exchange>; timer: NodeJS.Timeout }>();
  return {
    async open(id) {
      const known = offered.find((one) => one.id === id);
      if (known === undefined) {
        throw new PlatformError(
          "unknown-market",
          `The exchange "${id.slice(0, 40)}" is not supported.`,
        );
      }
      const there = open.get(id);
      clearTimeout(there?.timer);
      const exchange = there?.exchange ?? load(known, options);
      const timer = setTimeout(() => open.delete(id), keptForMs).unref();
      open.set(id, { exchange, timer });
      exchange.catch(() => open.delete(id));
      return exchange;
    },
  };
}

async function load(known: OfferedExchange, options: Options): Promise<Exchange> {
  const { simulatorUrl = null, settings, deadlineMs = callDeadlineMs } = options;
  const name = clientOf(known.id);
  const file = new URL(`./src/${name}.js`, import.meta.resolve("ccxt")).href;
  const module: unknown = await import(file);
  const { default: Client } = module as { default: new (settings: object) => Ccxt };
  const addresses =
    isSimulated(known.id) && simulatorUrl !== null ? simulatorSettings(simulatorUrl) : {};
  const client = new Client(
    merged(commonSettings, ownSettings[name] ?? {}, addresses, settings?.[known.id] ?? {}),
  );
  return new CcxtExchange(known, client, deadlineMs);
}

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merged(...settings: readonly object[]): Tree {
  const result: Tree = {};
  for (const source of settings) {
    for (const [key, value] of Object.entries(source)) {
      const before = result[key];
      result[key] = isTree(before) && isTree(value) ? merged(before, value) : value;
    }
  }
  return result;
}

/** Of its last request: how long to wait, and why there was no answer. ccxt's errors do not carry them. */
type Call = {
  readonly signal: AbortSignal;
  retryAfter: number | undefined;
  unreached: string | null;
};

class CcxtExchange implements Exchange {
  readonly id: string;
  readonly #name: string;
  readonly #client: Ccxt;
  readonly #deadlineMs: number;
  /** What the requests of one call share; several calls may run at once. */
  readonly #calls = new AsyncLocalStorage<Call>();

  constructor({ id, name }: OfferedExchange, client: Ccxt, deadlineMs: number) {
    this.id = id;
    this.#name = name;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    client.fetchImplementation = (url: string, init: RequestInit) => this.#fetch(url, init);
  }

  async readMarkets(signal: AbortSignal): Promise<Market[]> {
    const found = await this.#call(signal, () => this.#client.loadMarkets(true));
    return Object.values(found).flatMap((market) => this.#marketOf(market) ?? []);
  }

  async readCandles(request: CandleRequest, signal: AbortSignal): Promise<CandleRow[]> {
    const { symbol, timeframe, fromMs } = request;
    const limit = this.pageCandles(symbol);
    const rows = await this.#call(signal, () =>
      this.#client.fetchOHLCV(symbol, timeframe, fromMs, limit),
    );
    return rows.map(
      (row) => row.slice(0, 6).map((value) => Number(value ?? Number.NaN)) as unknown as CandleRow,
    );
  }

  async readPrices(signal: AbortSignal): Promise<MarketPrice[]> {
    if (this.#client.has.fetchTickers !== true) return [];
    const answers = await this.#call(signal, () =>
      Promise.all(this.#tickerKinds().map((kind) => this.#client.fetchTickers(undefined, kind))),
    );
    return answers.flatMap(Object.values).flatMap(({ symbol, last, percentage }) => {
      const price = positive(last);
      const change = finite(percentage);
      return price === null || symbol === undefined
        ? []
        : [{ symbol, last: price, change: change === null ? null : change / 100 }];
    });
  }

  pageCandles(symbol: string): number {
    const known =
      this.#client.markets?.[symbol] === undefined
        ? undefined
        : this.#client.featureValue(symbol, "fetchOHLCV", "limit");
    return typeof known === "number" && known > 0
      ? Math.min(known, pageCandlesMax)
      : pageCandlesDefault;
  }

  /** Where we ask for spot and linear markets apart, their prices come apart too. */
  #tickerKinds(): readonly object[] {
    const { types } = (this.#client.options.fetchMarkets ?? {}) as { types?: readonly string[] };
    return types?.includes("linear")
      ? [{ type: "spot" }, { type: "swap", subType: "linear" }]
      : [{}];
  }

  /** Every request of a call can be aborted and is looked at before ccxt sees the answer. */
  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const call = this.#calls.getStore();
    const signals = [call?.signal, init.signal].filter((signal) => signal instanceof AbortSignal);
    const answer = fetch(url, { ...init, signal: AbortSignal.any(signals), redirect: "error" });
    const response = await answer.catch((error: unknown) => {
      if (call !== undefined) call.unreached = networkProblem(error);
      throw error;
    });
    const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
    if (call !== undefined) {
      call.retryAfter = seconds >= 0 ? seconds : undefined;
      call.unreached = null;
    }
    return response;
  }

  async #call<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(this.#deadlineMs);
    const stop = AbortSignal.any([signal, deadline]);
    const call: Call = { signal: stop, retryAfter: undefined, unreached: null };
    const stopped = Promise.withResolvers<never>();
    const onStop = () => stopped.reject(stop.reason);
    stop.addEventListener("abort", onStop, { once: true });
    try {
      return await Promise.race([this.#calls.run(call, work), stopped.promise]);
    } catch (error) {
      signal.throwIfAborted();
      if (deadline.aborted) {
        throw new ExchangeUnavailable(
          `${this.#name} did not answer within ${this.#deadlineMs / 1_000} s.`,
          true,
        );
      }
      throw this.#troubleOf(error, call);
    } finally {
      stop.removeEventListener("abort", onStop);
    }
  }

  /** ccxt's errors hold requests and answers; only their kind and one line of their text go on. */
  #troubleOf(error: unknown, { retryAfter, unreached }: Call): PlatformError {
    const kinds = kindsOf(error);
    if (kinds.has("BadSymbol")) {
      return new PlatformError("unknown-market", `${this.#name} does not have this market.`);
    }
    if (unreached !== null) {
      return new ExchangeUnavailable(`${this.#name} cannot be reached: ${unreached}.`, true);
    }
    const said = plainText(error, this.#client.id);
    const isPassing = kinds.has("NetworkError") || !kinds.has("BaseError");
    return new ExchangeUnavailable(
      `${this.#name} did not answer as expected: ${said}`,
      isPassing,
      retryAfter,
    );
  }

  #marketOf(market: CcxtMarket): Market | null {
    if (market === undefined) return null;
    const isPerpetual = market.swap === true && market.linear === true;
    if (market.spot !== true && !isPerpetual) return null;
    const known = Object.keys(this.#client.timeframes ?? {});
    return {
      exchange: this.id,
      symbol: market.symbol,
      base: market.base,
      quote: market.quote,
      contract: isPerpetual ? "linear-perpetual" : "spot",
      tick: this.#step(market.precision?.price),
      lot: this.#step(market.precision?.amount),
      notionalMin: positive(market.limits?.cost?.min),
      makerFee: finite(market.maker),
      takerFee: finite(market.taker),
      feeAsset: null,
      active: market.active !== false,
      timeframes: timeframes.filter((name: Timeframe) => known.includes(name)),
    };
  }

  #step(precision: number | undefined): number | null {
    if (precision === undefined || precision === null) return null;
    return positive(
      this.#client.precisionMode === decimalPlaces ? Number(`1e-${precision}`) : precision,
    );
  }
}

const finite = (value: unknown): number | null =>
  typeof value === "number" && Number.isFinite(value) ? value : null;
const positive = (value: unknown): number | null => {
  const number = finite(value);
  return number !== null && number > 0 ? number : null;
};

/** The names of an error's classes: ccxt's hierarchy, without loading ccxt to compare with. */
function kindsOf(error: unknown): Set<string> {
  const kinds = new Set<string>();
  let kind: unknown = error instanceof Error ? error.constructor : null;
  while (typeof kind === "function" && kind.name !== "") {
    kinds.add(kind.name);
    kind = Object.getPrototypeOf(kind);
  }
  return kinds;
}

function plainText(error: unknown, id: string): string {
  const text = error instanceof Error ? error.message : String(error);
  const cause =
    error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : "";
  const visible = (text + cause).replace(/[^\x20-\x7e]+/g, " ").replace(/<[^>]*>/g, " ");
  return visible
    .replace(new RegExp(`^${id}\\s+`), "")
    .replace(/\b(GET|POST|PUT|DELETE)\s+(?=https?:)/g, "")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
