import { type Timeframe, timeframes } from "@trading/contracts/common";
import { usualFeeAsset } from "@trading/contracts/fee-asset";
import type { MarketPrice } from "@trading/contracts/live-markets";
import type { Market } from "@trading/contracts/market-data";
import type { Exchange as Ccxt, Market as CcxtMarket } from "ccxt";
import { PlatformError } from "../platform/errors.ts";
import { CallFailed, type CcxtCalls, guardCalls, loadClient, merged } from "./ccxt-calls.ts";
import {
  type CandleRequest,
  type CandleRow,
  type Exchange,
  type Exchanges,
  ExchangeUnavailable,
} from "./exchange.ts";
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
  const addresses =
    isSimulated(known.id) && simulatorUrl !== null ? simulatorSettings(simulatorUrl) : {};
  const client = await loadClient<Ccxt>(
    name,
    merged(commonSettings, ownSettings[name] ?? {}, addresses, settings?.[known.id] ?? {}),
  );
  return new CcxtExchange(known, client, deadlineMs);
}

class CcxtExchange implements Exchange {
  readonly id: string;
  readonly #name: string;
  readonly #client: Ccxt;
  readonly #deadlineMs: number;
  readonly #calls: CcxtCalls;

  constructor({ id, name }: OfferedExchange, client: Ccxt, deadlineMs: number) {
    this.id = id;
    this.#name = name;
    this.#client = client;
    this.#deadlineMs = deadlineMs;
    this.#calls = guardCalls(client, { deadlineMs });
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

  async #call<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#calls.run(signal, work);
    } catch (error) {
      throw error instanceof CallFailed ? this.#troubleOf(error) : error;
    }
  }

  #troubleOf({ kinds, said, retryAfter, unreached, isLate }: CallFailed): PlatformError {
    if (isLate) {
      return new ExchangeUnavailable(
        `${this.#name} did not answer within ${this.#deadlineMs / 1_000} s.`,
        true,
      );
    }
    if (kinds.has("BadSymbol")) {
      return new PlatformError("unknown-market", `${this.#name} does not have this market.`);
    }
    if (unreached !== null) {
      return new ExchangeUnavailable(`${this.#name} cannot be reached: ${unreached}.`, true);
    }
    const isPassing = kinds.has("NetworkError") || !kinds.has("BaseError");
    return new ExchangeUnavailable(
      `${this.#name} did not answer as expected: ${plainText(said, this.#client.id)}`,
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
      feeAsset: usualFeeAsset({ exchange: this.id, symbol: market.symbol, isPerpetual }),
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

/** One line of what an exchange said, without addresses. */
function plainText(said: string, id: string): string {
  const visible = said.replace(/[^\x20-\x7e]+/g, " ").replace(/<[^>]*>/g, " ");
  return visible
    .replace(new RegExp(`^${id}\\s+`), "")
    .replace(/\b(GET|POST|PUT|DELETE)\s+(?=https?:)/g, "")
    .replace(/https?:\/\/\S+/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
