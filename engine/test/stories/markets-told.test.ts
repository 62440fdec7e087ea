import { describe, expect, test } from "vitest";
import {
  defineStrategy,
  describeMarkets,
  explainRun,
  type MarketInput,
  runBacktest,
  runMarkets,
  sma,
} from "../../src/index.ts";
import { candlesOf, flat, inputOf, minute, scripted } from "../support/runs.ts";
import { about, inputWith, later, market, rows } from "../support/wallets.ts";

describe("what is told of a run over several markets", () => {
  const drawing = defineStrategy({
    ...about,
    indicators: () => ({ average: sma(2) }),
    plots: ({ average }) => ({ Average: average }),
    onCandle: (context) => context.plot("twice", 2 * context.close),
  });

  test("the strategy's lines are drawn in each market, over the candles of that market", () => {
    const markets = [market("A", rows(1, 3, 5)), market("B", later(rows(10, 20), 1))];
    const { plots } = runMarkets(inputWith(drawing, markets));
    expect(plots.map(({ market: of, name, values }) => [of, name, [...values]])).toEqual([
      ["A", "Average", [Number.NaN, 2, 4]],
      ["A", "twice", [Number.NaN, 6, 10]],
      ["B", "Average", [Number.NaN, 15]],
      ["B", "twice", [Number.NaN, 40]],
    ]);
    expect(runMarkets({ ...inputWith(drawing, markets), isPlotted: false }).plots).toEqual([]);
  });

  const guarded = scripted({
    0: (context) => context.bracket({ side: "buy", quantity: 1, stop: 98, target: 102 }),
  });
  const doubtful = candlesOf([flat(100), flat(100), [100, 103, 97, 99]]);
  const settings = { takerFee: 0.001, policyRange: true };

  test("a policy range is told where it is asked for, with the market of each candle that decides", () => {
    const input = inputWith(
      guarded,
      [market("A", rows(100, 100, 100)), market("B", doubtful)],
      settings,
    );
    const { policyRange } = describeMarkets(input, runMarkets(input));
    expect(policyRange).toMatchObject({
      runs: [{ policy: "pessimistic" }, { policy: "path" }],
      partingAt: [2 * minute],
      partingMarkets: ["B"],
    });
  });

  test("costs of one market are the same whether it is alone or a wallet of one", () => {
    const alone = inputOf({ strategy: guarded, candles: doubtful, settings });
    const together = inputWith(guarded, [market("TEST", doubtful)], settings);
    const { waterfall } = explainRun(together, runMarkets(together));
    expect(waterfall).toEqual(explainRun(alone, runBacktest(alone)).waterfall);
  });

  test("a line that a pre-flight refuses is named with its market", () => {
    const line = { name: "line 1", side: "buy", price: 99, quantity: 20 } as const;
    const strategy = scripted({ 0: (context) => void context.preflight([line]) });
    const { refusedLines } = runMarkets(
      inputWith(strategy, [market("A", rows(100, 100)), market("B", rows(100, 100))]),
    );
    expect(refusedLines.map(({ name, cause }) => [name, cause])).toEqual([
      ["A line 1", "beyond-funds"],
      ["B line 1", "beyond-funds"],
    ]);
  });

  test("finer candles that no policy reads are not part of the fingerprint", () => {
    const detail = { candles: doubtful, timeframe: "1m", dataRevision: "finer" };
    const coarse = { candles: rows(100), timeframe: "5m" };
    const fingerprintOf = (change: Partial<MarketInput>) =>
      runMarkets(inputWith(guarded, [market("A", rows(100), { ...coarse, ...change })]))
        .fingerprint;
    expect(fingerprintOf({ detail })).toBe(fingerprintOf({}));
  });
});
