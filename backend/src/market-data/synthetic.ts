import { type Timeframe, timeframeMs } from "@trading/contracts/common";
import { type Columns, newColumns, rowsOf } from "./columns.ts";

/** What can be generated: the market's price, liveliness and tie to the others. */
const assets = {
  "BTC/USDT": { price: 42_000, tick: 0.01, lot: 1e-5, turnover: 2_600, volatility: 0.5, tie: 0.92 },
  "ETH/USDT": {
    price: 2_300,
    tick: 0.01,
    lot: 1e-4,
    turnover: 31_000,
    volatility: 0.65,
    tie: 0.84,
  },
  "SOL/USDT": { price: 98, tick: 0.01, lot: 1e-2, turnover: 420_000, volatility: 0.9, tie: 0.74 },
} as const;
export type SyntheticSymbol = keyof typeof assets;
export const syntheticSymbols = Object.keys(assets) as readonly SyntheticSymbol[];

/** Which of all possible worlds: one with a rise, a fall and a calm, as a first look should have. */
const world = 33;

/** Two years of hours, sixty days of minutes; both end at the same instant, so they never change. */
const endMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;
const daysOf: Partial<Record<Timeframe, number>> = { "1h": 731, "1m": 60 };

const stepsPerCandle = 12;
/** Stretches without candles in a whole series, about. */
const outages = 12;
const yearMs = 365 * dayMs;

/**
 * Generated candles that behave as a crypto market does: volatility that clusters and follows the hours of
 * day and week, trends that come and go, fat tails with jumps, outages without candles, and moves shared
 * by all symbols. The same on every machine: seeded by nothing but the timeframe and the symbol's name.
 */
export function synthesize(symbol: SyntheticSymbol, timeframe: "1h" | "1m"): Columns {
  const step = timeframeMs[timeframe];
  const days = daysOf[timeframe] ?? 60;
  const rows = (days * dayMs) / step;
  const startMs = endMs - days * dayMs;
  const market = sharedMarket(timeframe, rows, startMs, step);
  const own = randomness(seedOf(`${world} ${symbol} ${timeframe}`));
  const asset = assets[symbol];
  const out = newColumns(rows);
  const candle = new CandleMaker(asset, step, own);
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const open = candle.make(market, i);
    if (market.isDown[i] === 1) continue;
    const row = count++;
    out.time[row] = startMs + i * step;
    out.open[row] = open;
    out.high[row] = candle.high;
    out.low[row] = candle.low;
    out.close[row] = candle.close;
    out.volume[row] = candle.volume;
  }
  return rowsOf(out, 0, count);
}

type SharedMarket = Readonly<{
  /** Returns that all symbols share, in units of one standard deviation, per small step. */
  moves: Float64Array;
  /** Volatility of each candle over its yearly average. */
  volatility: Float64Array;
  /** Trend of each candle, per year. */
  trend: Float64Array;
  jump: Float64Array;
  isDown: Uint8Array;
}>;

function sharedMarket(
  timeframe: string,
  rows: number,
  startMs: number,
  step: number,
): SharedMarket {
  const random = randomness(seedOf(`${world} market ${timeframe}`));
  const market = {
    moves: new Float64Array(rows * stepsPerCandle),
    volatility: new Float64Array(rows),
    trend: new Float64Array(rows),
    jump: new Float64Array(rows),
    isDown: new Uint8Array(rows),
  };
  const candlesPerDay = dayMs / step;
  // GARCH(1,1): shocks fade with a half-life of two days and are as strong whatever the timeframe.
  const persistence = 0.5 ** (1 / (2 * candlesPerDay));
  const reaction = 0.8 * Math.sqrt(1 - persistence);
  let variance = 1;
  let trend = 0.6;
  const outageCandlesMax = Math.min(30, candlesPerDay / 3);
  let downUntil = -1;
  for (let i = 0; i < rows; i++) {
    if (random.uniform() < 1 / (18 * candlesPerDay)) trend = random.normal() * 1.1 + 0.15;
    if (random.uniform() < outages / rows)
      downUntil = i + Math.ceil(random.uniform() * outageCandlesMax);
    if (random.uniform() < 1 / (25 * candlesPerDay)) market.jump[i] = random.normal() * 0.022;
    market.trend[i] = trend;
    market.isDown[i] = i < downUntil ? 1 : 0;
    market.volatility[i] = Math.sqrt(variance) * rhythm(startMs + i * step);
    let sum = 0;
    for (let j = 0; j < stepsPerCandle; j++) {
      const move = random.normal();
      market.moves[i * stepsPerCandle + j] = move;
      sum += move;
    }
    const shock = (sum * sum) / stepsPerCandle;
    variance += (1 - persistence) * (1 - variance) + reaction * variance * (shock - 1);
    variance = Math.min(12, Math.max(0.12, variance));
  }
  return market;
}

/** Busy when Europe and America trade, quiet at night and on Saturday and Sunday. */
function rhythm(ms: number): number {
  const hour = (ms / 3_600_000) % 24;
  const weekday = (Math.floor(ms / dayMs) + 4) % 7;
  const session =
    1 + 0.42 * Math.exp(-(((hour - 14.5) / 3.2) ** 2)) + 0.16 * Math.exp(-(((hour - 1) / 2) ** 2));
  return session * (weekday === 0 || weekday === 6 ? 0.62 : 1) * 0.86;
}

type Asset = (typeof assets)[SyntheticSymbol];

class CandleMaker {
  readonly #asset: Asset;
  readonly #random: Randomness;
  readonly #stepYears: number;
  #logPrice: number;
  high = 0;
  low = 0;
  close = 0;
  volume = 0;

  constructor(asset: Asset, stepMs: number, random: Randomness) {
    this.#asset = asset;
    this.#random = random;
    this.#stepYears = stepMs / yearMs;
    this.#logPrice = Math.log(asset.price);
    this.close = asset.price;
  }

  /** Advances by one candle; tells its open. */
  make(market: SharedMarket, index: number): number {
    const { volatility, tie } = this.#asset;
    const level = volatility * (market.volatility[index] as number);
    const size = level * Math.sqrt(this.#stepYears / stepsPerCandle);
    const drift =
      ((market.trend[index] as number) * tie - level ** 2 / 2) * (this.#stepYears / stepsPerCandle);
    const jump = (market.jump[index] as number) * (0.7 + volatility);
    const open = this.close;
    let high = open;
    let low = open;
    let price = open;
    for (let j = 0; j < stepsPerCandle; j++) {
      const shared = market.moves[index * stepsPerCandle + j] as number;
      const move = tie * shared + Math.sqrt(1 - tie * tie) * this.#random.normal();
      this.#logPrice += drift + size * move + (j === stepsPerCandle >> 1 ? jump : 0);
      price = this.#onTick(Math.exp(this.#logPrice));
      if (price > high) high = price;
      if (price < low) low = price;
    }
    this.high = high;
    this.low = low;
    this.close = price;
    this.volume = this.#turnover(
      market,
      index,
      (high - low) / open / (size * Math.sqrt(stepsPerCandle)),
    );
    return open;
  }

  #turnover(market: SharedMarket, index: number, range: number): number {
    const { turnover, lot } = this.#asset;
    const hours = this.#stepYears * 365 * 24;
    const busy =
      (market.volatility[index] as number) *
      (0.4 + 0.6 * range) *
      Math.exp(0.35 * this.#random.normal());
    const lots = Math.max(1, Math.round((turnover * hours * busy) / lot));
    return lots / Math.round(1 / lot);
  }

  #onTick(price: number): number {
    const ticks = Math.max(1, Math.round(price / this.#asset.tick));
    return ticks / Math.round(1 / this.#asset.tick);
  }
}

type Randomness = Readonly<{ uniform(): number; normal(): number }>;

/** FNV-1a: a number for a name. */
function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const sign of name) hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193);
  return hash >>> 0;
}

/** Our own generator (mulberry32), so that the numbers are the same on every machine and in every version. */
function randomness(seed: number): Randomness {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  // Two uniforms give two normals (Box-Muller); the second is kept.
  let spare: number | null = null;
  const normal = (): number => {
    if (spare !== null) {
      const kept = spare;
      spare = null;
      return kept;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
  return { uniform, normal };
}
