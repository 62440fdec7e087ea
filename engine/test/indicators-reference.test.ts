import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Clock } from "../src/clock.ts";
import * as engine from "../src/index.ts";
import type { Line } from "../src/line.ts";
import { Indicators } from "../src/run-indicators.ts";

type Reference = Readonly<{
  candles: Record<"open" | "high" | "low" | "close" | "volume", number[]>;
  lines: Record<string, Readonly<{ firstAt: number; values: number[] }>>;
}>;

const reference: Reference = JSON.parse(
  readFileSync(new URL("reference/ta-lib.json", import.meta.url), "utf8"),
);
const { open, high, low, close, volume } = reference.candles;
const rows = close.length;
/** Candles of six hours, so that days, weeks and months change. */
const time = close.map((_, at) => Date.UTC(2024, 0, 30) + at * 21_600_000);
const candles: engine.Columns = {
  time: Float64Array.from(time),
  open: Float64Array.from(open),
  high: Float64Array.from(high),
  low: Float64Array.from(low),
  close: Float64Array.from(close),
  volume: Float64Array.from(volume),
};

/** Values of one line, read candle by candle; filled in uneven pieces. */
function read(line: Line, over: engine.Columns = candles): number[] {
  const clock: Clock = { index: 0 };
  const indicators = new Indicators({ line }, over, clock);
  for (let from = 0; from < rows; from += 37) indicators.fill(from, Math.min(rows, from + 37));
  return close.map((_, index) => {
    clock.index = index;
    return line.value;
  });
}

function expectSame(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual.findIndex((one) => !Number.isNaN(one))).toBe(
    wanted.findIndex((one) => !Number.isNaN(one)),
  );
  const scale = Math.max(...wanted.filter((one) => !Number.isNaN(one)).map(Math.abs));
  actual.forEach((value, at) => {
    const right = wanted[at] as number;
    if (Number.isNaN(right)) expect(value).toBeNaN();
    // Relative to the value, or to the line where it passes through zero.
    else
      expect(Math.abs(value - right)).toBeLessThanOrEqual(
        1e-9 * Math.max(Math.abs(right), 1e-2 * scale),
      );
  });
}

/** `stochastic(14).k` is the line `k` of `stochastic(14)`. */
function lineOf(text: string): Line {
  const [, name = "", given = "", part] = /^(\w+)\((.*)\)(?:\.(\w+))?$/.exec(text) ?? [];
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: the reference names indicators as strategies write them.
  const make = engine[name as keyof typeof engine] as (...given: number[]) => unknown;
  const made = make(...(given === "" ? [] : given.split(",").map(Number)));
  return (part === undefined ? made : (made as Record<string, unknown>)[part]) as Line;
}

describe("each indicator equals TA-Lib to 1e-9, seed included", () => {
  test.each(Object.keys(reference.lines))("%s", (name) => {
    const { firstAt, values } = reference.lines[name] as Reference["lines"][string];
    expectSame(read(lineOf(name)), [...Array(firstAt).fill(Number.NaN), ...values]);
  });
});

const nan = Number.NaN;
const all = (of: (at: number) => number) => close.map((_, at) => of(at));
/** From `firstAt` on, `NaN` before. */
const since = (firstAt: number, of: (at: number) => number) =>
  all((at) => (at < firstAt ? nan : of(at)));
const window = (values: readonly number[], at: number, length: number) =>
  values.slice(at - length + 1, at + 1);
const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
const weightedMean = (values: readonly number[]) =>
  sum(values.map((one, i) => one * (i + 1))) / sum(values.map((_, i) => i + 1));
const get = (values: readonly number[], at: number) => values[at] ?? nan;
const typical = all((at) => (get(high, at) + get(low, at) + get(close, at)) / 3);
const median = all((at) => (get(high, at) + get(low, at)) / 2);
const middle = (at: number, length: number) =>
  (Math.max(...window(high, at, length)) + Math.min(...window(low, at, length))) / 2;
const changes = all((at) => get(close, at) - get(close, at - 1));

/** Average of weight `weight`, seeded with the mean of the first `length` numbers. */
function smoothed(values: readonly number[], length: number, weight: number): number[] {
  const first = values.findIndex((one) => !Number.isNaN(one)) + length - 1;
  let average = mean(window(values, first, length));
  return values.map((one, at) => {
    if (at < first) return nan;
    if (at > first) average = average * (1 - weight) + one * weight;
    return average;
  });
}
const ranges = all((at) =>
  at === 0
    ? nan
    : Math.max(get(high, at), get(close, at - 1)) - Math.min(get(low, at), get(close, at - 1)),
);
const flows = all((at) => {
  const range = get(high, at) - get(low, at);
  return ((2 * get(close, at) - get(low, at) - get(high, at)) / range) * get(volume, at);
});

describe("each of the others equals its formula over the whole history to 1e-9", () => {
  test("hull moving average", () => {
    const raw = since(
      15,
      (at) => 2 * weightedMean(window(close, at, 8)) - weightedMean(window(close, at, 16)),
    );
    expectSame(
      read(engine.hma(16)),
      since(18, (at) => weightedMean(window(raw, at, 4))),
    );
  });

  test("volume-weighted moving average", () => {
    const traded = all((at) => get(close, at) * get(volume, at));
    expectSame(
      read(engine.vwma(12)),
      since(11, (at) => sum(window(traded, at, 12)) / sum(window(volume, at, 12))),
    );
  });

  test("awesome oscillator", () => {
    expectSame(
      read(engine.awesomeOscillator()),
      since(33, (at) => mean(window(median, at, 5)) - mean(window(median, at, 34))),
    );
  });

  test("donchian and ichimoku", () => {
    expectSame(
      read(engine.donchian(20).middle),
      since(19, (at) => middle(at, 20)),
    );
    const lines = engine.ichimoku();
    expectSame(
      read(lines.conversion),
      since(8, (at) => middle(at, 9)),
    );
    expectSame(
      read(lines.spanA),
      since(51, (at) => (middle(at - 26, 9) + middle(at - 26, 26)) / 2),
    );
    expectSame(
      read(lines.spanB),
      since(77, (at) => middle(at - 26, 52)),
    );
  });

  test("keltner channel", () => {
    const range = smoothed(ranges, 10, 1 / 10);
    const average = smoothed(close, 20, 2 / 21);
    expectSame(
      read(engine.keltner().upper),
      since(19, (at) => get(average, at) + 2 * get(range, at)),
    );
    expectSame(
      read(engine.keltner().lower),
      since(19, (at) => get(average, at) - 2 * get(range, at)),
    );
  });

  test("signal and histogram of the percentage price oscillator", () => {
    const [fast, slow] = [smoothed(close, 12, 2 / 13), smoothed(close, 26, 2 / 27)];
    const line = all((at) => (100 * (get(fast, at) - get(slow, at))) / get(slow, at));
    const signal = smoothed(line, 9, 2 / 10);
    expectSame(read(engine.ppo().signal), signal);
    expectSame(
      read(engine.ppo().histogram),
      all((at) => get(line, at) - get(signal, at)),
    );
  });

  test("chaikin money flow and force index", () => {
    expectSame(
      read(engine.chaikinMoneyFlow(20)),
      since(19, (at) => sum(window(flows, at, 20)) / sum(window(volume, at, 20))),
    );
    expectSame(
      read(engine.forceIndex(13)),
      smoothed(
        all((at) => get(changes, at) * get(volume, at)),
        13,
        2 / 14,
      ),
    );
  });

  test("heikin-ashi", () => {
    const closes = all((at) => (get(open, at) + get(high, at) + get(low, at) + get(close, at)) / 4);
    const opens: number[] = [];
    for (let at = 0; at < rows; at++) {
      opens.push(
        at === 0
          ? (get(open, 0) + get(close, 0)) / 2
          : (get(opens, at - 1) + get(closes, at - 1)) / 2,
      );
    }
    expectSame(read(engine.heikinAshi().open), opens);
    expectSame(read(engine.heikinAshi().close), closes);
    expectSame(
      read(engine.heikinAshi().high),
      all((at) => Math.max(get(high, at), get(opens, at), get(closes, at))),
    );
  });

  test("nadaraya-watson envelope", () => {
    const weights = Array.from({ length: 33 }, (_, age) => Math.exp(-(age * age) / (2 * 4 * 4)));
    const estimate = since(
      32,
      (at) => sum(weights.map((weight, age) => weight * get(close, at - age))) / sum(weights),
    );
    const errors = all((at) => Math.abs(get(close, at) - get(estimate, at)));
    const lines = engine.nadarayaWatson(4, 3, 50);
    expectSame(read(lines.middle), estimate);
    expectSame(
      read(lines.upper),
      since(81, (at) => get(estimate, at) + 3 * mean(window(errors, at, 50))),
    );
  });

  test("supertrend", () => {
    const range = smoothed(ranges, 10, 1 / 10);
    const bands: { upper: number; lower: number; isUp: boolean }[] = [];
    for (let at = 10; at < rows; at++) {
      const last = bands.at(-1);
      const before = get(close, at - 1);
      const [above, below] = [
        get(median, at) + 3 * get(range, at),
        get(median, at) - 3 * get(range, at),
      ];
      const upper = !last || above < last.upper || before > last.upper ? above : last.upper;
      const lower = !last || below > last.lower || before < last.lower ? below : last.lower;
      const isUp = last?.isUp ? get(close, at) >= lower : get(close, at) > upper;
      bands.push({ upper, lower, isUp });
    }
    const value = (at: number) => {
      const band = bands[at - 10];
      return (band?.isUp ? band.lower : band?.upper) ?? nan;
    };
    expectSame(read(engine.supertrend().line), since(10, value));
    expectSame(
      read(engine.supertrend().direction),
      since(10, (at) => (bands[at - 10]?.isUp ? 1 : -1)),
    );
    expect(new Set(bands.map((band) => band.isUp)).size).toBe(2);
  });

  test.each(["day", "week", "month"] as const)("session vwap and pivots of a %s", (session) => {
    const key = (at: number) => {
      const date = new Date(get(time, at));
      if (session === "month") return date.toISOString().slice(0, 7);
      if (session === "week") date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
      return date.toISOString().slice(0, 10);
    };
    const keys = all(() => 0).map((_, at) => key(at));
    const indexesOf = (wanted: string, to: number) =>
      keys.flatMap((one, at) => (one === wanted && at <= to ? [at] : []));
    const vwap = (at: number) => {
      const mine = indexesOf(key(at), at);
      return (
        sum(mine.map((i) => get(typical, i) * get(volume, i))) /
        sum(mine.map((i) => get(volume, i)))
      );
    };
    expectSame(read(engine.sessionVwap(session)), all(vwap));

    const earlier = (at: number) => {
      const last = keys.lastIndexOf(keys.slice(0, at).findLast((one) => one !== key(at)) ?? "", at);
      return last < 0 ? [] : indexesOf(keys[last] ?? "", at);
    };
    const level = (of: (high: number, low: number, pivot: number) => number) => (at: number) => {
      const mine = earlier(at);
      if (mine.length === 0) return nan;
      const [top, bottom] = [
        Math.max(...mine.map((i) => get(high, i))),
        Math.min(...mine.map((i) => get(low, i))),
      ];
      return of(top, bottom, (top + bottom + get(close, mine.at(-1) ?? -1)) / 3);
    };
    const lines = engine.pivots(session);
    expectSame(read(lines.pivot), all(level((_top, _bottom, pivot) => pivot)));
    expectSame(read(lines.r1), all(level((_top, bottom, pivot) => 2 * pivot - bottom)));
    expectSame(read(lines.s2), all(level((top, bottom, pivot) => pivot - (top - bottom))));
    expectSame(read(lines.tc), all(level((top, bottom, pivot) => 2 * pivot - (top + bottom) / 2)));
  });

  test("zigzag names a turning point only after the close came back from it", () => {
    const lines = engine.zigzag(0.02);
    const tops = read(lines.high);
    const confirmedAt = tops.flatMap((one, at) =>
      at > 0 && one !== tops[at - 1] && !Number.isNaN(one) ? [at] : [],
    );
    expect(confirmedAt.length).toBeGreaterThan(2);
    for (const at of confirmedAt) {
      expect(high.slice(0, at + 1)).toContain(tops[at]);
      expect(get(close, at)).toBeLessThanOrEqual(get(tops, at) * 0.98);
    }
  });
});

describe("no value changes when the future does", () => {
  const known = 150;
  const changed = (column: Float64Array) =>
    column.map((value, at) => (at < known ? value : value * (1.5 + 0.4 * Math.sin(at))));
  const otherwise: engine.Columns = {
    time: candles.time,
    open: changed(candles.open),
    high: changed(candles.high),
    low: changed(candles.low),
    close: changed(candles.close),
    volume: changed(candles.volume),
  };
  const others = [
    "hma(16)",
    "vwma(12)",
    "awesomeOscillator()",
    "ichimoku().spanA",
    "keltner().upper",
    "chaikinMoneyFlow(20)",
    "forceIndex(13)",
    "heikinAshi().open",
    "nadarayaWatson(4, 3, 50).upper",
    "supertrend().line",
    "sessionVwap()",
    "pivots().pivot",
    "zigzag(0.02).high",
    "stochRsi().d",
    "macd().histogram",
  ];
  test.each([...Object.keys(reference.lines), ...others])("%s", (name) => {
    const [before, after] = [read(lineOf(name)), read(lineOf(name), otherwise)];
    expect(after.slice(0, known)).toEqual(before.slice(0, known));
    expect(after.slice(known)).not.toEqual(before.slice(known));
  });
});

test("long windows are read back as far as a strategy asks", () => {
  const line = engine.sma(3);
  const long = 10_000;
  const column = Float64Array.from({ length: long }, (_, at) => 100 + (at % 97));
  const clock: Clock = { index: 0 };
  const over = {
    time: column,
    open: column,
    high: column,
    low: column,
    close: column,
    volume: column,
  };
  const indicators = new Indicators({ line }, over, clock);
  const expected = (at: number) =>
    ((column[at] ?? nan) + (column[at - 1] ?? nan) + (column[at - 2] ?? nan)) / 3;
  for (let from = 0; from < long; from += 2_048) {
    indicators.fill(from, Math.min(long, from + 2_048));
    clock.index = Math.min(long, from + 2_048) - 1;
    expect(line.value).toBe(expected(clock.index));
    expect(line.ago(2_000)).toBe(expected(clock.index - 2_000));
    if (from > 6_000) expect(line.ago(6_000)).toBe(expected(clock.index - 6_000));
  }
});

test("every indicator names its source", () => {
  const read = (file: string) => readFileSync(new URL(`../src/${file}`, import.meta.url), "utf8");
  const exported = read("index.ts").matchAll(/^export \{([^}]*)\} from "\.\/(indicators\/.*)";/gm);
  const named = [...exported].flatMap(([, names = "", file = ""]) =>
    names.split(",").map((name) => ({ name: name.trim(), text: read(file) })),
  );
  const docOf = ({ name, text }: { name: string; text: string }) =>
    text
      .split(new RegExp(`^export (?:function|const) ${name}\\b`, "m"))[0]
      ?.split("/**")
      .at(-1);
  expect(named.filter((one) => !docOf(one)?.includes("Source: ")).map(({ name }) => name)).toEqual(
    [],
  );
  expect(named.length).toBeGreaterThan(45);
});
