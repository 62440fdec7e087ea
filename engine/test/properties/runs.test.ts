import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Columns,
  type Context,
  describeRun,
  explainRun,
  type RunResult,
  runBacktest,
  type Side,
} from "../../src/index.ts";
import { inputOf, scripted, walk } from "../support/runs.ts";

/** What a strategy does at one candle, with prices relative to the close. */
type Step = Readonly<{
  act: (typeof acts)[number];
  side: Side;
  size: Readonly<{ quantity: number } | { quote: number } | { share: number }>;
  distance: number;
}>;

const acts = [
  "market",
  "limit",
  "post-only",
  "expiring",
  "immediate",
  "stop",
  "stop-limit",
  "take-profit",
  "trailing-stop",
  "bracket",
  "limit-bracket",
  "trailing-bracket",
  "either",
  "triggered",
  "amend",
  "exit",
  "cancel",
] as const;

const rows = 80;

const step: fc.Arbitrary<Step> = fc.record({
  act: fc.constantFrom(...acts),
  side: fc.constantFrom("buy", "sell"),
  size: fc.oneof(
    fc.record({ quantity: fc.double({ min: 0.01, max: 12, noNaN: true }) }),
    fc.record({ quote: fc.double({ min: 1, max: 1_200, noNaN: true }) }),
    fc.record({ share: fc.double({ min: 0.01, max: 1, noNaN: true }) }),
  ),
  distance: fc.double({ min: 0.0005, max: 0.01, noNaN: true }),
});

const plan = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  steps: fc.array(fc.tuple(fc.nat({ max: rows - 1 }), step), { maxLength: 40 }),
  makerFee: fc.double({ min: 0, max: 0.01, noNaN: true }),
  takerFee: fc.double({ min: 0, max: 0.01, noNaN: true }),
  fills: fc.record(
    {
      fillPolicy: fc.constantFrom("pessimistic", "path"),
      feeAsset: fc.constantFrom("quote", "received"),
      volumeShareMax: fc.constantFrom(null, 0.3, 1),
      latencyCandles: fc.constantFrom(0, 2),
      latencyMs: fc.constantFrom(0, 90_000),
    },
    { requiredKeys: [] },
  ),
});
type Plan = typeof plan extends fc.Arbitrary<infer Value> ? Value : never;

function perform(context: Context, { act, side, size, distance }: Step): void {
  const away = side === "buy" ? 1 : -1;
  const at = (sign: number) => context.close * (1 + sign * away * distance);
  const limit = { side, ...size, price: at(-1) };
  const stop = { side, ...size, price: at(1) };
  const bracket = { side, ...size, stop: at(-1), target: at(2) };
  const does: Record<Step["act"], () => unknown> = {
    market: () => context.market({ side, ...size }),
    limit: () => context.limit(limit),
    "post-only": () => context.limit({ ...limit, price: at(0.5), postOnly: true }),
    expiring: () => context.limit({ ...limit, expiresAfter: 3 }),
    immediate: () => context.limit({ ...limit, price: at(0.1), timeInForce: "ioc" }),
    stop: () => context.stop({ ...stop, expiresAt: context.time + 4 * 60_000 }),
    "stop-limit": () => context.stopLimit({ ...stop, limit: at(0.7) }),
    "take-profit": () => context.takeProfit(limit),
    "trailing-stop": () => context.trailingStop({ side, ...size, by: distance, from: at(-1) }),
    bracket: () => context.bracket(bracket),
    "limit-bracket": () =>
      context.bracket({ side, ...size, limit: at(-1), stop: at(-2), target: at(0.5) }),
    "trailing-bracket": () =>
      context.bracket({ ...bracket, trail: { by: distance, from: at(0.5) } }),
    either: () => context.oneCancelsOther(context.stop(stop), context.limit(limit)),
    triggered: () => context.oneTriggersOther(context.limit(limit), context.stop(stop)),
    amend: () => {
      for (const order of context.openOrders) context.amend(order, { price: order.price * 1.002 });
    },
    exit: () => context.exit(),
    cancel: () => context.cancelAll(),
  };
  does[act]();
}

type Played = Readonly<{
  result: RunResult;
  candles: Columns;
  placedAt: Map<number, number>;
  input: ReturnType<typeof inputOf>;
}>;

function play({ seed, steps, makerFee, takerFee, fills }: Plan): Played {
  const placedAt = new Map<number, number>();
  const script: Record<number, (context: Context) => void> = {};
  for (let i = 0; i < rows; i++) {
    const mine = steps.filter(([index]) => index === i);
    script[i] = (context) => {
      for (const [, one] of mine) perform(context, one);
      for (const order of context.openOrders)
        if (!placedAt.has(order.id)) placedAt.set(order.id, i);
    };
  }
  const candles = walk(rows, seed);
  const input = inputOf({
    strategy: scripted(script),
    candles,
    settings: { makerFee, takerFee, ...fills },
  });
  return { result: runBacktest(input), candles, placedAt, input };
}

const holds = (check: (played: Played) => void) =>
  fc.assert(
    fc.property(plan, (one) => check(play(one))),
    { numRuns: 150, seed: 42 },
  );

test("every fill lies inside its candle and after the candle of its order", () => {
  holds(({ result, candles, placedAt, input }) => {
    const { latencyCandles = 0 } = input.settings;
    for (const { index, price, orderId } of result.fills) {
      expect(price).toBeGreaterThanOrEqual(candles.low[index] as number);
      expect(price).toBeLessThanOrEqual(candles.high[index] as number);
      expect((placedAt.get(orderId) ?? index) + latencyCandles).toBeLessThan(index);
    }
  });
});

test("cash and position are conserved: equity follows from the fills alone", () => {
  holds(({ result, candles }) => {
    let cash = 1_000;
    let held = 0;
    for (const fill of result.fills) {
      const change = fill.side === "buy" ? fill.quantity : -fill.quantity;
      cash -= change * fill.price + fill.fee;
      held += change;
    }
    expect(result.finalEquity).toBeCloseTo(cash + held * (candles.close.at(-1) as number), 6);
  });
});

test("profits of the trades and the end of the curve agree", () => {
  holds(({ result }) => {
    const profit = result.trades.reduce((sum, trade) => sum + trade.pnl, 0);
    expect(1_000 + profit).toBeCloseTo(result.finalEquity, 6);
    expect(result.equity.at(-1)).toBe(result.finalEquity);
  });
});

test("equity is continuous: it moves by no more than what was held times what the price moved, and fees", () => {
  holds(({ result, candles }) => {
    for (let i = 1; i < rows; i++) {
      const fills = result.fills.filter((fill) => fill.index === i);
      const largest = 1_000 / (candles.low[i] as number);
      const traded = fills.reduce((sum, fill) => sum + fill.quantity, 0);
      const moved =
        Math.max(candles.high[i] as number, candles.close[i - 1] as number) -
        Math.min(candles.low[i] as number, candles.close[i - 1] as number);
      const fees = fills.reduce((sum, fill) => sum + fill.fee, 0);
      const change = Math.abs((result.equity[i] as number) - (result.equity[i - 1] as number));
      expect(change).toBeLessThanOrEqual((3 * largest + traded) * moved + fees + 1e-6);
    }
  });
});

test("exposure never exceeds the equity at the moment it is taken", () => {
  holds(({ result }) => {
    let cash = 1_000;
    let held = 0;
    for (const { side, quantity, price, fee } of result.fills) {
      const before = Math.abs(held);
      const equity = cash + held * price;
      held += side === "buy" ? quantity : -quantity;
      cash -= (side === "buy" ? quantity : -quantity) * price + fee;
      if (Math.abs(held) > before + 1e-9)
        expect(Math.abs(held) * price + fee).toBeLessThanOrEqual(equity + 1e-6);
    }
  });
});

test("the same run again has the same fingerprint, and metrics are finite or null with a reason", () => {
  holds(({ result, input }) => {
    expect(runBacktest({ ...input }).fingerprint).toBe(result.fingerprint);
    const { metrics, metricReasons } = describeRun(input, result);
    for (const [name, value] of Object.entries(metrics)) {
      if (value === null) expect(metricReasons).toHaveProperty(name);
      else expect(Number.isFinite(value)).toBe(true);
    }
  });
});

test("equity that is worked out when it is asked for is the same, its end without it too", () => {
  holds(({ result, input }) => {
    const late = runBacktest({ ...input, isEquityDrawn: false });
    expect(late.finalEquity).toBe(result.finalEquity);
    expect(late.equity).toEqual(result.equity);
    expect(late.finalEquity).toBe(result.finalEquity);
  });
});

test("what happened until a candle does not depend on what comes after it", () => {
  holds(({ result, candles, input }) => {
    const known = 50;
    const cut = (column: Float64Array) => column.slice(0, known);
    const { time, open, high, low, close, volume } = candles;
    const past = {
      time: cut(time),
      open: cut(open),
      high: cut(high),
      low: cut(low),
      close: cut(close),
      volume: cut(volume),
    };
    const earlier = runBacktest({ ...input, candles: past });
    expect(earlier.fills).toEqual(result.fills.filter((fill) => fill.index < known));
    expect(earlier.equity).toEqual(result.equity.slice(0, known));
  });
});

test("gross profit and the steps of the cost waterfall sum to the net profit, to the cent", () => {
  let withSteps = 0;
  holds(({ input: { strategy, candles, settings } }) => {
    const market = { tick: 0.05, lot: 0.01, notionalMin: 5 };
    const costs = { slippageBps: 7, volumeShareMax: 0.6, latencyCandles: 1 };
    const input = inputOf({ strategy, candles, settings: { ...settings, ...costs }, market });
    const result = runBacktest(input);
    const { waterfall, reasons } = explainRun(input, result);
    expect(reasons.waterfall).toBeUndefined();
    if (waterfall === null) return;
    const { gross, steps, net } = waterfall;
    const sum = steps.reduce((total, { amount }) => total + amount, gross);
    expect(Math.abs(sum - net)).toBeLessThan(0.005);
    expect(Math.abs(net - (result.finalEquity - settings.capital))).toBeLessThan(0.005);
    if (result.fills.length > 0) withSteps++;
  });
  expect(withSteps).toBeGreaterThan(50);
});
