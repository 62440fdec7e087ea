import { describe, expect, test } from "vitest";
import type { Context } from "../../src/index.ts";
import { candlesOf, run, scripted, seeded, walk } from "../support/runs.ts";

type Row = readonly [open: number, high: number, low: number, close: number];
type Act = (context: Context) => unknown;

const quiet: Row = [100, 100, 100, 100];
const policies = ["pessimistic", "path"] as const;
const play = (rows: readonly Row[], acts: readonly Act[], fillPolicy: (typeof policies)[number]) =>
  run({
    strategy: scripted(Object.fromEntries(acts.map((act, i) => [i, (one) => void act(one)]))),
    candles: candlesOf([quiet, ...rows]),
    settings: { fillPolicy },
  });
const told = (...given: Parameters<typeof play>) => {
  const { fills, ambiguousCandles } = play(...given);
  return [fills.map(({ side, price }) => `${side} ${price}`), ambiguousCandles];
};

const one = { quantity: 1 } as const;
const out = { side: "sell", ...one, reduceOnly: true } as const;
const buyAt = (price: number) => (context: Context) =>
  context.limit({ side: "buy", ...one, price });
const sellAt = (price: number) => (context: Context) => context.limit({ ...out, price });
const stopAt = (price: number) => (context: Context) => context.stop({ ...out, price });
const all =
  (...acts: readonly Act[]): Act =>
  (context) => {
    for (const act of acts) act(context);
  };

describe("an exit and an entry in one candle, nothing held", () => {
  const falling: Row = [100, 104, 96, 98];
  const rising: Row = [100, 104, 96, 103.5];

  test.each([
    ["the entry placed first", [buyAt(97), sellAt(103)]],
    ["the exit placed first", [sellAt(103), buyAt(97)]],
  ])("the gain is not taken where the close does not prove it: %s", (_what, acts) => {
    expect(told([falling], [all(...acts)], "pessimistic")).toEqual([["buy 97"], 1]);
    expect(told([falling], [all(...acts)], "path")).toEqual([["buy 97"], 1]);
    const both = ["buy 97", "sell 103"];
    expect(told([rising], [all(...acts)], "pessimistic")).toEqual([both, 1]);
    expect(told([rising], [all(...acts)], "path")).toEqual([both, 1]);
  });

  test("the loss is taken where the market passes the entry on its way to the stop", () => {
    for (const policy of policies) {
      for (const acts of [
        [buyAt(98), stopAt(97)],
        [stopAt(97), buyAt(98)],
      ])
        expect(told([falling], [all(...acts)], policy)).toEqual([["buy 98", "sell 97"], 0]);
      expect(told([falling], [all(buyAt(97), stopAt(98))], policy)).toEqual([["buy 97"], 0]);
    }
  });

  test("a stop on the other side than its entry is taken, and counted as doubtful", () => {
    const entry: Act = (context) => context.stop({ side: "buy", ...one, price: 103 });
    for (const acts of [
      [entry, stopAt(97)],
      [stopAt(97), entry],
    ])
      expect(told([falling], [all(...acts)], "pessimistic")).toEqual([["buy 103", "sell 97"], 1]);
    expect(told([falling], [all(entry, stopAt(97))], "path")).toEqual([["buy 103", "sell 97"], 1]);
    expect(told([rising], [all(entry, stopAt(97))], "path")).toEqual([["buy 103"], 1]);
  });

  test("an exit of what is held already is in no doubt", () => {
    const hold: Act = (context) => context.market({ side: "buy", ...one });
    for (const policy of policies)
      expect(told([quiet, falling], [hold, all(buyAt(97), sellAt(103))], policy)[1]).toBe(0);
  });
});

/** Places a few orders by chance, the same under every policy. */
function placeSome(context: Context, random: () => number): void {
  const at = () => context.close * (1 + (random() - 0.5) * 0.01);
  const size = () => ({
    side: random() < 0.5 ? ("buy" as const) : ("sell" as const),
    quantity: 1,
    reduceOnly: random() < 0.4,
  });
  const acts: Act[] = [
    () => context.limit({ ...size(), price: at() }),
    () => context.stop({ ...size(), price: at() }),
    () => context.trailingStop({ ...size(), by: 0.001 + random() * 0.005 }),
    () => context.bracket({ side: "buy", ...one, limit: at(), stop: 99.5, target: 100.5 }),
    () =>
      context.oneTriggersOther(
        context.limit({ ...size(), price: at() }),
        context.stop({ ...size(), price: at() }),
      ),
    () =>
      context.oneCancelsOther(
        context.limit({ ...size(), price: at() }),
        context.stop({ ...size(), price: at() }),
      ),
  ];
  for (let i = 0; i < 3; i++) acts[Math.floor(random() * acts.length)]?.(context);
}

test("a candle is in doubt under every policy alike", () => {
  let doubtful = 0;
  const differing: number[] = [];
  for (let seed = 1; seed <= 600; seed++) {
    const { time, open, high, low, close, volume } = walk(2, seed);
    const candles = { time, open, high, low, close, volume };
    const counts = policies.map((fillPolicy) => {
      const random = seeded(seed);
      const strategy = scripted({ 0: (context) => placeSome(context, random) });
      return run({ strategy, candles, settings: { fillPolicy } }).ambiguousCandles;
    });
    if (counts[0] !== counts[1]) differing.push(seed);
    doubtful += counts[0] ?? 0;
  }
  expect(differing).toEqual([]);
  expect(doubtful).toBeGreaterThan(50);
});
