import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import emaCrossover from "../../strategies/ema-crossover.ts";
import macdForecast from "../../strategies/macd-forecast.ts";
import smaCrossover from "../../strategies/sma-crossover.ts";
import supertrendStrategy from "../../strategies/supertrend.ts";
import theOrphan from "../../strategies/the-orphan.ts";
import * as engine from "../src/index.ts";
import { IndicatorMemory } from "../src/indicator-memory.ts";
import { type IndicatorSet, identityOf, Line, line } from "../src/line.ts";
import { pieceLength } from "../src/piece.ts";
import { Indicators } from "../src/run-indicators.ts";
import { inputOf, minute, walk } from "./support/runs.ts";
import { inputWith, market } from "./support/wallets.ts";

const candles = walk(1_200, 21);
const rows = candles.close.length;
const column = rows * 8;

/** Every indicator of the library; each again with each of its numbers changed, and with another source. */
const library: Readonly<Record<string, IndicatorSet[string]>> = {
  accumulationDistribution: engine.accumulationDistribution(),
  chaikinMoneyFlow: engine.chaikinMoneyFlow(20),
  "chaikinMoneyFlow 21": engine.chaikinMoneyFlow(21),
  aroon: engine.aroon(14),
  "aroon 15": engine.aroon(15),
  atr: engine.atr(14),
  "atr 15": engine.atr(15),
  trueRange: engine.trueRange(),
  awesomeOscillator: engine.awesomeOscillator(5, 34),
  "awesomeOscillator 6, 34": engine.awesomeOscillator(6, 34),
  "awesomeOscillator 5, 33": engine.awesomeOscillator(5, 33),
  bollinger: engine.bollinger(20, 2),
  "bollinger 21": engine.bollinger(21, 2),
  "bollinger, 2.5": engine.bollinger(20, 2.5),
  "bollinger of volume": engine.bollinger(20, 2, "volume"),
  cci: engine.cci(20),
  "cci 21": engine.cci(21),
  cmo: engine.cmo(14),
  "cmo 15": engine.cmo(15),
  dema: engine.dema(20),
  "dema 21": engine.dema(21),
  tema: engine.tema(20),
  "tema 21": engine.tema(21),
  directionalMovement: engine.directionalMovement(14),
  "directionalMovement 15": engine.directionalMovement(15),
  donchian: engine.donchian(20),
  "donchian 21": engine.donchian(21),
  ema: engine.ema(20),
  "ema 21": engine.ema(21),
  "ema of high": engine.ema(20, "high"),
  "ema of an average": engine.ema(20, engine.sma(20)),
  "ema of another average": engine.ema(20, engine.sma(21)),
  wilder: engine.wilder(20),
  "wilder 21": engine.wilder(21),
  highest: engine.highest(20),
  "highest 21": engine.highest(21),
  lowest: engine.lowest(20),
  "lowest of high": engine.lowest(20, "high"),
  forceIndex: engine.forceIndex(13),
  "forceIndex 14": engine.forceIndex(14),
  heikinAshi: engine.heikinAshi(),
  hma: engine.hma(20),
  "hma 24": engine.hma(24),
  ichimoku: engine.ichimoku(9, 26, 52, 26),
  "ichimoku 10": engine.ichimoku(10, 26, 52, 26),
  "ichimoku, 27": engine.ichimoku(9, 27, 52, 26),
  "ichimoku, , 53": engine.ichimoku(9, 26, 53, 26),
  "ichimoku, , , 27": engine.ichimoku(9, 26, 52, 27),
  kama: engine.kama(10),
  "kama 11": engine.kama(11),
  "kama of volume": engine.kama(10, "volume"),
  keltner: engine.keltner(20, 2, 10),
  "keltner 21": engine.keltner(21, 2, 10),
  "keltner, 2.5": engine.keltner(20, 2.5, 10),
  "keltner, , 11": engine.keltner(20, 2, 11),
  linearRegression: engine.linearRegression(14),
  "linearRegression 15": engine.linearRegression(15),
  macd: engine.macd(12, 26, 9),
  "macd 11": engine.macd(11, 26, 9),
  "macd, 27": engine.macd(12, 27, 9),
  "macd, , 10": engine.macd(12, 26, 10),
  mfi: engine.mfi(14),
  "mfi 15": engine.mfi(15),
  delayed: engine.delayed(3),
  "delayed 4": engine.delayed(4),
  momentum: engine.momentum(10),
  "momentum 11": engine.momentum(11),
  rateOfChange: engine.rateOfChange(10),
  "rateOfChange 11": engine.rateOfChange(11),
  nadarayaWatson: engine.nadarayaWatson(4, 3, 99),
  "nadarayaWatson 5": engine.nadarayaWatson(5, 3, 99),
  "nadarayaWatson, 2": engine.nadarayaWatson(4, 2, 99),
  "nadarayaWatson, , 98": engine.nadarayaWatson(4, 3, 98),
  natr: engine.natr(14),
  "natr 15": engine.natr(15),
  obv: engine.obv(),
  parabolicSar: engine.parabolicSar(0.02, 0.2),
  "parabolicSar 0.03": engine.parabolicSar(0.03, 0.2),
  "parabolicSar, 0.1": engine.parabolicSar(0.02, 0.1),
  pivots: engine.pivots("day"),
  "pivots week": engine.pivots("week"),
  ppo: engine.ppo(12, 26, 9),
  "ppo 11": engine.ppo(11, 26, 9),
  "ppo, , 10": engine.ppo(12, 26, 10),
  price: engine.price("open"),
  "price of the low": engine.price("low"),
  rollingSum: engine.rollingSum(10, "volume"),
  "rollingSum 11": engine.rollingSum(11, "volume"),
  rsi: engine.rsi(14),
  "rsi 15": engine.rsi(15),
  sessionVwap: engine.sessionVwap("day"),
  "sessionVwap week": engine.sessionVwap("week"),
  sma: engine.sma(20),
  "sma 21": engine.sma(21),
  standardDeviation: engine.standardDeviation(20),
  "standardDeviation 21": engine.standardDeviation(21),
  stochRsi: engine.stochRsi(14, 14, 3, 3),
  "stochRsi 13": engine.stochRsi(13, 14, 3, 3),
  "stochRsi, 13": engine.stochRsi(14, 13, 3, 3),
  "stochRsi, , 4": engine.stochRsi(14, 14, 4, 3),
  "stochRsi, , , 4": engine.stochRsi(14, 14, 3, 4),
  stochastic: engine.stochastic(14, 3, 3),
  "stochastic 13": engine.stochastic(13, 3, 3),
  "stochastic, 4": engine.stochastic(14, 4, 3),
  williamsR: engine.williamsR(14),
  "williamsR 13": engine.williamsR(13),
  supertrend: engine.supertrend(10, 3),
  "supertrend 11": engine.supertrend(11, 3),
  "supertrend, 2": engine.supertrend(10, 2),
  trima: engine.trima(20),
  "trima 22": engine.trima(22),
  trix: engine.trix(15),
  "trix 14": engine.trix(14),
  medianPrice: engine.medianPrice(),
  typicalPrice: engine.typicalPrice(),
  weightedClose: engine.weightedClose(),
  ultimateOscillator: engine.ultimateOscillator(7, 14, 28),
  "ultimateOscillator 8": engine.ultimateOscillator(8, 14, 28),
  "ultimateOscillator, , 30": engine.ultimateOscillator(7, 14, 30),
  vwma: engine.vwma(20),
  "vwma 21": engine.vwma(21),
  wma: engine.wma(20),
  "wma 21": engine.wma(21),
  zigzag: engine.zigzag(0.01),
  "zigzag 0.02": engine.zigzag(0.02),
};
type Named = readonly [name: string, line: Line];
const lines: readonly Named[] = Object.entries(library).flatMap(([name, one]) =>
  one instanceof Line
    ? [[name, one] as const]
    : Object.entries(one).map(([part, each]) => [`${name}: ${part}`, each] as const),
);

/** Every value of a line, as a run computes it. */
function valuesOf(one: Line, over = candles, memory?: IndicatorMemory): Float64Array {
  const indicators = new Indicators({ one }, over, { index: 0 }, minute, memory);
  const drawn = indicators.drawn(one);
  for (let from = 0; from < rows; from += 500) indicators.fill(from, Math.min(rows, from + 500));
  return drawn();
}

describe("every indicator of the library", () => {
  test("keeps its values, and gets those and no others back", () => {
    const memory = new IndicatorMemory(Number.POSITIVE_INFINITY);
    const fresh = new Map(lines.map(([name, one]) => [name, valuesOf(one)]));
    for (let round = 0; round < 2; round++)
      for (const [name, one] of lines)
        expect([name, valuesOf(one, candles, memory)]).toEqual([name, fresh.get(name)]);
    for (const [, one] of lines) expect(memory.find(candles, identityOf(one) ?? "")).not.toBeNull();
  });

  test("is told apart from every other", () => {
    const identities = Map.groupBy(lines, ([, one]) => identityOf(one) ?? "none");
    expect(identities.has("none")).toBe(false);
    // Indicators share lines that are the same: the middle of a band is an average.
    for (const [[, first], ...others] of identities.values() as Iterable<[Named, ...Named[]]>)
      for (const [, other] of others) expect(valuesOf(other)).toEqual(valuesOf(first));
  });

  test("is in this list", () => {
    const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8");
    const exported = [...index.matchAll(/^export \{([^}]*)\} from "\.\/indicators\//gm)];
    const names = exported.flatMap(([, list = ""]) => list.split(",").map((one) => one.trim()));
    const listed = new Set(Object.keys(library).map((name) => name.split(/[ ,]/)[0]));
    expect(names.filter((name) => name !== "" && name !== "higher" && !listed.has(name))).toEqual(
      [],
    );
    expect(names.length).toBeGreaterThan(45);
  });
});

describe("what is not kept", () => {
  test("a line on a higher timeframe, one of no name, and what stands on them", () => {
    const nameless = line(null, ["close"], ([close]) => ({
      fill: (from, to, output) => output.set((close as Float64Array).subarray(from, to)),
    }));
    const high = engine.higher("1h", engine.sma(3));
    for (const one of [nameless, high, engine.sma(3, nameless), engine.sma(3, high)]) {
      const memory = new IndicatorMemory(1e9);
      expect(identityOf(one)).toBeNull();
      expect(valuesOf(one, candles, memory)).toEqual(valuesOf(one, candles, memory));
      expect(memory.bytes).toBe(0);
    }
  });

  test("values over candles that a run did not reach the end of", () => {
    const memory = new IndicatorMemory(1e9);
    new Indicators({ one: engine.sma(3) }, candles, { index: 0 }, minute, memory).fill(0, 1_000);
    expect(memory.bytes).toBe(0);
  });
});

describe("what is no number", () => {
  const makers = Object.entries(engine as Readonly<Record<string, unknown>>).filter(
    ([name]) => name in library,
  ) as [string, (...given: unknown[]) => IndicatorSet[string]][];

  test.each(makers)(
    "in place of a number or a source of %s is refused, or never asked",
    (_, make) => {
      let asked = 0;
      const shifty = { valueOf: () => ++asked * 0.01, toString: () => `${++asked}h` };
      for (const place of [0, 1, 2, 3, 4]) {
        const given = Array.from({ length: place }, (_, i) => (i < make.length ? 20 : undefined));
        try {
          const made = make(...given, shifty);
          const before = asked;
          new Indicators({ made }, candles, { index: 0 }, minute).fill(0, 500);
          expect(asked).toBe(before);
        } catch (error) {
          expect(String(error)).toMatch(/^(TypeError|RangeError): .*(takes|source)/);
        }
      }
    },
  );

  test("how long ago is asked once, so that nothing later is reached", () => {
    const one = engine.sma(1);
    new Indicators({ one }, candles, { index: 100 }, minute).fill(0, 500);
    let asked = 0;
    const back = { valueOf: () => (asked++ === 0 ? 0 : 2 * pieceLength - 1) };
    expect(one.ago(back as never)).toBe(candles.close[100]);
    expect(asked).toBe(1);
  });

  test("is no timeframe of a higher one, and no source of it", () => {
    const shifty = { toString: () => "1h" } as unknown as string;
    expect(() => engine.higher(shifty, engine.sma(3))).toThrow(/takes a timeframe/);
    expect(() => engine.higher("1h", { one: {} as Line })).toThrow(/source/);
  });

  test.each([null, "3", Number.NaN, Number.POSITIVE_INFINITY, 3n])("%s is refused", (given) => {
    const number = given as unknown as number;
    for (const make of [engine.supertrend, engine.bollinger, engine.keltner])
      expect(() => make(20, number)).toThrow(/takes finite numbers only/);
  });
});

describe("the memory", () => {
  const keep = (memory: IndicatorMemory, ...lengths: readonly number[]) => {
    for (const length of lengths) valuesOf(engine.sma(length), candles, memory);
  };
  const kept = (memory: IndicatorMemory, over = candles) =>
    [2, 3, 4, 5].filter((length) => memory.find(over, identityOf(engine.sma(length)) ?? ""));

  test("holds as much as it may, and forgets what was not used for longest", () => {
    const memory = new IndicatorMemory(3 * column + 1);
    keep(memory, 2, 3, 4, 2, 5);
    expect(memory.bytes).toBe(3 * column);
    expect(kept(memory)).toEqual([2, 4, 5]);
  });

  test("leaves alone what is too large for it", () => {
    const memory = new IndicatorMemory(column - 1);
    keep(memory, 2, 3);
    expect(memory.bytes).toBe(0);
    const two = new IndicatorMemory(2 * column);
    const set = { a: engine.sma(2), b: engine.sma(3), c: engine.sma(4) };
    new Indicators(set, candles, { index: 0 }, minute, two).fill(0, rows);
    expect(two.bytes).toBe(2 * column);
  });

  test("never takes other candles for the same, not even where their numbers are", () => {
    const memory = new IndicatorMemory(1e9);
    keep(memory, 2, 3);
    expect(kept(memory, { ...candles })).toEqual([]);
    const others = walk(rows, 22);
    expect(valuesOf(engine.sma(3), others, memory)).toEqual(valuesOf(engine.sma(3), others));
    expect(kept(memory, others)).toEqual([3]);
    expect(kept(memory)).toEqual([2, 3]);
  });
});

describe("runs that share a memory", () => {
  const told = (result: engine.RunResult) => ({ ...result, equity: [...result.equity] });

  test.each([smaCrossover, emaCrossover, theOrphan, supertrendStrategy, macdForecast])(
    "$name gives what it gives alone, whatever ran before",
    (strategy) => {
      const indicatorMemory = new IndicatorMemory(1e9);
      for (const change of [{}, { capital: 2_000 }, { makerFee: 0.01 }, {}]) {
        const input = inputOf({ strategy, candles, settings: change });
        expect(told(engine.runBacktest({ ...input, indicatorMemory }))).toEqual(
          told(engine.runBacktest(input)),
        );
      }
      expect(indicatorMemory.bytes).toBeGreaterThan(0);
      const markets = [market("A", candles), market("B", walk(900, 5))];
      const input = inputWith(strategy, markets);
      expect(told(engine.runMarkets({ ...input, indicatorMemory }))).toEqual(
        told(engine.runMarkets(input)),
      );
    },
  );

  test("what one of them draws may be altered or given away", () => {
    const indicatorMemory = new IndicatorMemory(1e9);
    const input = { ...inputOf({ strategy: smaCrossover, candles }), indicatorMemory };
    const drawn = () => engine.runBacktest(input).plots.map(({ values }) => values);
    const wanted = drawn().map((values) => [...values]);
    for (const values of drawn()) values.fill(0);
    for (const values of drawn())
      structuredClone(values, { transfer: [values.buffer as ArrayBuffer] });
    expect(drawn().map((values) => [...values])).toEqual(wanted);
  });
});
