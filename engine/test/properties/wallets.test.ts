import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Decision, recorded } from "../../src/decisions/tape.ts";
import {
  type Context,
  comparePolicies,
  defineStrategy,
  explainRun,
  type MarketsInput,
  type PerpetualTerms,
  resample,
  runMarkets,
  type Strategy,
} from "../../src/index.ts";
import { minute, seeded, walk } from "../support/runs.ts";
import { about, gapped, inputWith, later, market, tOf } from "../support/wallets.ts";

const symbols = ["A", "B", "C"];
const perpetual: PerpetualTerms = {
  leverage: 8,
  marginMode: "cross",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0.01,
  funding: { kind: "constant", rate: 0.001, everyHours: 0.25 },
};

/** One thing out of all that can be done with a market, by chance. */
function act(context: Context, random: () => number): void {
  const side = random() < 0.5 ? "buy" : "sell";
  const away = side === "buy" ? 1 : -1;
  const at = (share: number) => context.close * (1 + away * share);
  const size = { share: 0.05 + random() * 0.4 };
  const acts = [
    () => context.market({ side, ...size }),
    () => context.limit({ side, quote: random() * 400, price: at(-0.002), expiresAfter: 5 }),
    () => context.bracket({ side, ...size, stop: at(-0.004), target: at(0.006) }),
    () => context.bracket({ side, ...size, stop: at(-0.01), trail: { by: 0.003 } }),
    () =>
      context.oneCancelsOther(
        context.stop({ side, ...size, price: at(0.004) }),
        context.limit({ side, ...size, price: at(-0.004) }),
      ),
    () => context.openOrders.map((order) => context.amend(order, { price: order.price * 1.001 })),
    () => context.openOrders.map((order) => context.cancel(order)),
    () => context.exit(),
    () => context.cancelAll(),
  ];
  if (random() < 0.3) acts[Math.floor(random() * acts.length)]?.();
}

/** Decides over the whole wallet at once. */
const ofWallet = (seed: number): Strategy =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandles(wallet) {
      const { random } = wallet.state;
      for (const symbol of symbols) act(wallet.market(symbol) as unknown as Context, random);
      if (random() < 0.02) wallet.cancelAll();
    },
  });

/** Decides for each market by itself, after its fills too. */
const ofEach = (seed: number): Strategy =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandle: (context) => act(context as unknown as Context, context.state.random),
    onFill(context) {
      if (context.state.random() < 0.2) context.exit();
    },
  });

const wallet = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  strategyOf: fc.constantFrom(ofWallet, ofEach),
  isPerpetual: fc.boolean(),
  coarse: fc.boolean(),
  latencyMs: fc.constantFrom(0, 90_000),
});
type Plan = typeof wallet extends fc.Arbitrary<infer Value> ? Value : never;

function inputOf({ seed, strategyOf, isPerpetual, coarse, latencyMs }: Plan) {
  const rules = { tick: 0.05, lot: 0.01, notionalMin: 5 };
  const markets = symbols.map((symbol, i) => {
    const candles = later(gapped(walk(70, seed + i), 30 + i), 3 * i);
    const isCoarse = coarse && symbol === "B";
    const time = isCoarse ? candles.time.map((at) => (at - (candles.time[0] ?? 0)) * 5) : null;
    return market(symbol, time ? { ...candles, time } : candles, {
      market: { symbol, ...rules },
      timeframe: time ? "5m" : "1m",
      ...(isPerpetual && symbol === "C" ? { funding: null } : {}),
    });
  });
  const costs = { makerFee: 0.0005, takerFee: 0.001, slippageBps: 7, volumeShareMax: 0.6 };
  // Margin is shared over one timeframe only, unless finer candles tell.
  const marginMode = coarse ? "isolated" : "cross";
  const terms = isPerpetual ? { perpetual: { ...perpetual, marginMode } as const } : {};
  return inputWith(strategyOf(seed), markets, { ...costs, latencyMs, ...terms });
}

/** Buys a coarse open, and spends the same money on the finer market where that goes badly. */
const unspending = defineStrategy({
  ...about,
  onCandles(wallet) {
    const [coarse, fine] = [wallet.market("A"), wallet.market("B")];
    const inside = (wallet.time / minute) % 5;
    if (inside === 0) {
      if (!fine.position.isFlat) fine.exit();
      if (!coarse.position.isFlat) coarse.exit();
      else coarse.market({ side: "buy", share: 0.9 });
    } else if (inside === 3 && fine.close < fine.ago("close", 3))
      fine.market({ side: "buy", share: 0.95 });
  },
});

const isCoarse = ({ markets }: MarketsInput, symbol: string) =>
  markets.some((one) => one.market.symbol === symbol && one.timeframe === "5m");

const holds = (check: (input: ReturnType<typeof inputOf>) => void) =>
  fc.assert(
    fc.property(wallet, (plan) => check(inputOf(plan))),
    { numRuns: 30, seed: 42 },
  );

describe("several markets in one wallet", () => {
  test("gross profit and the steps of the cost waterfall sum to the net profit, to the cent", () => {
    let filled = 0;
    holds((input) => {
      const result = runMarkets(input);
      const { waterfall, reasons } = explainRun(input, result);
      expect(reasons).toEqual({});
      const { gross, steps, net } = waterfall ?? { gross: 0, steps: [], net: Number.NaN };
      const sum = steps.reduce((total, { amount }) => total + amount, gross);
      expect(Math.abs(sum - net)).toBeLessThan(0.005);
      expect(Math.abs(net - (result.finalEquity - input.settings.capital))).toBeLessThan(0.005);
      expect(steps.find(({ kind }) => kind === "funding")?.isUsed).toBe(
        input.settings.perpetual !== undefined,
      );
      if (result.fills.length > 0) filled++;
    });
    expect(filled).toBeGreaterThan(25);
  });

  test("no order fills in a candle that began before it was placed, and no change reaches back", () => {
    let inside = 0;
    holds((input) => {
      const tape: Decision[] = [];
      const lengthOf = (symbol: string) => (isCoarse(input, symbol) ? 5 : 1) * minute;
      const strategy = recorded(input.strategy, tape, lengthOf);
      const { fills } = runMarkets({ ...input, strategy });
      const placedAt = new Map(
        tape.map(({ market: symbol, order, at }) => [`${symbol} ${order?.id}`, at]),
      );
      for (const fill of fills) {
        const at = placedAt.get(`${fill.market} ${fill.orderId}`);
        if (at === undefined) continue;
        expect(fill.at).toBeGreaterThanOrEqual(at);
        if (isCoarse(input, fill.market) && at % (5 * minute) !== 0) inside++;
      }
    });
    expect(inside).toBeGreaterThan(20);
  });

  test("every policy tells its own run, and candles that decide name their market", () => {
    let parting = 0;
    holds((input) => {
      const result = runMarkets(input);
      const range = comparePolicies(input, result);
      const path = runMarkets({ ...input, settings: { ...input.settings, fillPolicy: "path" } });
      expect(range.runs).toMatchObject([
        { policy: "pessimistic", fingerprint: result.fingerprint },
        { policy: "path", fingerprint: path.fingerprint, finalEquity: path.finalEquity },
      ]);
      expect(range.partingMarkets).toHaveLength(range.partingAt.length);
      range.partingAt.forEach((at, i) => {
        const symbol = range.partingMarkets?.[i];
        const { candles } = input.markets.find((one) => one.market.symbol === symbol) ?? {};
        expect(candles?.time).toContain(at);
      });
      parting += range.parting;
    });
    expect(parting).toBeGreaterThan(10);
  });

  test("on spot no market spends what another has spent, whatever their timeframes", () => {
    let inside = 0;
    holds((plan) => {
      const { borrowRate: _, perpetual: __, ...spot } = plan.settings;
      const { onCandle, onCandles } = plan.strategy;
      const isPaid = (cash: number) => expect(cash).toBeGreaterThan(-1e-9);
      const strategy: Strategy = {
        ...plan.strategy,
        onCandle(context) {
          isPaid(context.cash);
          return onCandle(context);
        },
        onCandles:
          onCandles &&
          ((all) => {
            for (const one of all.markets) {
              isPaid(one.cash);
              const isNew = one.position.candles === 0 && one.position.entryPrice > 0;
              if (isNew && isCoarse(plan, one.symbol) && all.closed.every((it) => it !== one))
                inside++;
            }
            return onCandles(all);
          }),
      };
      runMarkets({ ...plan, settings: spot, strategy });
    });
    expect(inside).toBeGreaterThan(20);
  });

  test("on candles without direction nothing is earned by spending a coarse candle's money before it closes", () => {
    const gains = Array.from({ length: 40 }, (_, seed) => {
      const fine = walk(200, 1_000 + seed);
      const coarse = resample(fine, minute, 5 * minute);
      const markets = [market("A", coarse, { timeframe: "5m" }), market("B", fine)];
      const { fills, trades } = runMarkets(inputWith(unspending, markets));
      expect(fills.filter((fill) => fill.market === "A").length).toBeGreaterThan(35);
      return trades.reduce((sum, { pnl }) => sum + pnl, 0);
    });
    expect(tOf(gains)).toBeLessThan(3);
  });
});
