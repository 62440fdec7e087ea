import type { Candle } from "../core/candle-store.ts";
import { formatUnits, unitsPerOne } from "../core/decimal.ts";
import { averagePrice } from "../core/filters.ts";
import { collect, openTime } from "../core/klines.ts";
import { baseOf, formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import { type Call, requiredMarket } from "./operation.ts";
import type { Parameters } from "./parameters.ts";
import { illegal, invalidData, missing, Problem } from "./problem.ts";

type View = Record<string, unknown>;
const day = 86_400_000;

/** Minutes east of UTC from "8", "-1:00" or "05:45", in ms. */
export function readOffset(parameters: Parameters): number {
  const text = parameters.text("timeZone");
  if (text === null) return 0;
  const match = /^([+-]?)(\d{1,2})(?::(\d{2}))?$/.exec(text);
  if (match === null) throw illegal("timeZone", "^[+-]?[0-9]{1,2}(:[0-9]{2})?$");
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  const offset = match[1] === "-" ? -minutes : minutes;
  if (offset < -720 || offset > 840) throw invalidData("timeZone");
  return offset * 60_000;
}

export function average(call: Call): View {
  const market = requiredMarket(call);
  return averageView(market, call.venue.core.now());
}

export function averageView(
  market: Market,
  now: number,
): { mins: number; price: string; closeTime: number } {
  return {
    mins: 5,
    price: formatUnits(averagePrice(market, now)),
    closeTime: market.tape.trades.at(-1)?.at ?? 0,
  };
}

export function bookTicker(market: Market): View {
  const bid = market.book.best("BUY");
  const ask = market.book.best("SELL");
  return {
    symbol: market.symbol,
    bidPrice: formatPrice(market, bid?.ticks ?? 0),
    bidQty: formatLots(market, bid?.lots ?? 0),
    askPrice: formatPrice(market, ask?.ticks ?? 0),
    askQty: formatLots(market, ask?.lots ?? 0),
  };
}

/** Sums of a window, and the price before it. */
export type Statistics = Readonly<{
  market: Market;
  candle: Candle | null;
  before: number;
  openAt: number;
  closeAt: number;
}>;

export function statistics(market: Market, now: number, lengthMs: number): Statistics {
  const openAt = now - lengthMs;
  const from = openAt - (openAt % 60_000);
  market.tape.minutes.roll(now);
  const candle = collect(market.tape.minutes, from, now + 1);
  const { candles } = market.tape.minutes;
  const before =
    candles[market.tape.minutes.indexAt(from) - 1]?.close ?? candle?.open ?? market.last;
  return { market, candle, before, openAt, closeAt: now };
}

/** Price change in percent with three decimals, from whole ticks. */
export function changePercent(open: number, close: number): string {
  if (open === 0) return "0.000";
  const thousandths = Math.round(((close - open) / open) * 100_000);
  return (thousandths / 1000).toFixed(3);
}

export function weightedAverage({ market, candle }: Statistics): string {
  if (candle === null || candle.lots === 0) return formatUnits(0n);
  return formatUnits((candle.quote * unitsPerOne) / baseOf(market, candle.lots));
}

function tickerView(call: Call, stats: Statistics): View {
  const { market, candle } = stats;
  const open = candle?.open ?? market.last;
  const close = candle?.close ?? market.last;
  const mini = {
    openPrice: formatPrice(market, open),
    highPrice: formatPrice(market, candle?.high ?? market.last),
    lowPrice: formatPrice(market, candle?.low ?? market.last),
    lastPrice: formatPrice(market, close),
    volume: formatLots(market, candle?.lots ?? 0),
    quoteVolume: formatUnits(candle?.quote ?? 0n),
    openTime: stats.openAt,
    closeTime: stats.closeAt,
    firstId: candle?.firstId ?? -1,
    lastId: candle?.lastId ?? -1,
    count: candle?.trades ?? 0,
  };
  const kind = call.parameters.choice(
    "type",
    ["FULL", "MINI"],
    () => new Problem(-1139, "Invalid ticker type."),
  );
  if (kind === "MINI") return { symbol: market.symbol, ...mini };
  return {
    symbol: market.symbol,
    priceChange: formatPrice(market, close - open),
    priceChangePercent: changePercent(open, close),
    weightedAvgPrice: weightedAverage(stats),
    ...mini,
  };
}

export function dayTicker(call: Call, market: Market): View {
  const stats = statistics(market, call.venue.core.now(), day);
  const view = tickerView(call, stats);
  if (call.parameters.text("type") === "MINI") return view;
  const { symbol: _, ...book } = bookTicker(market);
  return {
    ...view,
    prevClosePrice: formatPrice(market, stats.before),
    lastQty: formatLots(market, market.tape.trades.at(-1)?.lots ?? 0),
    ...book,
  };
}

export function tradingDayTicker(call: Call, market: Market): View {
  const now = call.venue.core.now();
  const open = openTime("1d", now, readOffset(call.parameters));
  const stats = statistics(market, now, now - open);
  return tickerView(call, { ...stats, openAt: open, closeAt: open + day - 1 });
}

const windowUnits: Readonly<Record<string, readonly [number, number]>> = {
  m: [60_000, 59],
  h: [3_600_000, 23],
  d: [day, 7],
};

export function windowTicker(call: Call, market: Market): View {
  const text = call.parameters.text("windowSize") ?? "1d";
  const match = /^(\d{1,2})([mhd])$/.exec(text);
  const [unit, most] = windowUnits[match?.[2] ?? ""] ?? [0, 0];
  const count = Number(match?.[1] ?? 0);
  if (unit === 0) throw missing("windowSize");
  if (count < 1 || count > most) throw invalidData("windowSize");
  const now = call.venue.core.now();
  const openAt = now - count * unit;
  const stats = statistics(market, now, count * unit);
  return tickerView(call, { ...stats, openAt: openAt - (openAt % 60_000) });
}
