import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Columns,
  type Context,
  defineStrategy,
  type Fill,
  type PerpetualTerms,
  resample,
  runBacktest,
  runMarkets,
} from "../../src/index.ts";
import { minute, seeded, walk } from "../support/runs.ts";
import { about, inputWith, market } from "../support/wallets.ts";

const terms: Omit<PerpetualTerms, "marginMode"> = {
  leverage: 10,
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0.01,
  funding: { kind: "constant", rate: 0.001, everyHours: 0.25 },
};

/** One thing out of all that can be done, by chance; small enough that money is never short. */
function act(on: Context, random: () => number): void {
  const side = random() < 0.5 ? "buy" : "sell";
  const away = side === "buy" ? 1 : -1;
  const size = { side, quantity: 0.2 + random() } as const;
  const at = (share: number) => on.close * (1 + away * share);
  const acts = [
    () => on.market(size),
    () => on.limit({ ...size, price: at(-0.004), expiresAfter: 2 }),
    () => on.limit({ ...size, price: at(-0.004), expiresAt: on.time + 23 * minute }),
    () => on.bracket({ ...size, stop: at(-0.005), target: at(0.006) }),
    () => on.bracket({ ...size, stop: at(-0.02), trail: { by: 0.004 } }),
    () => on.stopLimit({ ...size, price: at(0.003), limit: at(0.002) }),
    () => on.trailingStop({ ...size, by: 0.005, reduceOnly: true }),
    () =>
      on.oneCancelsOther(
        on.stop({ ...size, price: at(0.004) }),
        on.limit({ ...size, price: at(-0.004) }),
      ),
    () => on.openOrders.map((order) => on.amend(order, { price: order.price * 1.001 })),
    () => on.exit(),
    () => on.cancelAll(),
  ];
  acts[Math.floor(random() * acts.length)]?.();
}

const acting = (seed: number) =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandle(context) {
      if (context.symbol === "A") act(context as unknown as Context, context.state.random);
    },
  });

const plan = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  finerMinutes: fc.constantFrom(1, 5),
  besideMinutes: fc.constantFrom(2, 5, 10, 60),
  marginMode: fc.constantFrom("isolated" as const, "cross" as const, null),
  latencyMs: fc.constantFrom(0, 90_000),
  volumeShareMax: fc.constantFrom(null, 0.1),
});

test("finer candles that are met in the order of time give what they give a market that is alone", () => {
  let fillsSeen = 0;
  fc.assert(
    fc.property(plan, ({ seed, finerMinutes, besideMinutes, marginMode, ...settings }) => {
      const minutes = walk(600, seed);
      const fine = resample(minutes, minute, finerMinutes * minute);
      // Shared margin wants finer candles of one length; the other market's are minutes.
      fc.pre(marginMode !== "cross" || finerMinutes === 1);
      const detail = {
        candles: fine,
        timeframe: `${finerMinutes}m`,
        dataRevision: "finer",
      };
      const one = market("A", resample(minutes, minute, 10 * minute), { timeframe: "10m", detail });
      const beside = market("B", resample(minutes, minute, besideMinutes * minute), {
        timeframe: besideMinutes === 60 ? "1h" : `${besideMinutes}m`,
        detail: { candles: minutes, timeframe: "1m", dataRevision: "finest" },
      });
      const perpetual = marginMode === null ? undefined : { ...terms, marginMode };
      const changed = { ...settings, perpetual, capital: 1e6, takerFee: 0.001, slippageBps: 5 };
      const input = inputWith(acting(seed), [one, beside], { ...changed, fillPolicy: "detail" });
      const alone = runBacktest({ ...input, ...one, onProgress: () => {} });
      const together = runMarkets(input);
      const plain = (fills: readonly Fill[]) =>
        fills.map(({ index: _, market: __, ...fill }: Fill & { market?: string }) => fill);
      expect(plain(together.fills)).toEqual(plain(alone.fills));
      expect(together.ambiguousCandles).toBe(alone.ambiguousCandles);
      expect(together.rejectedOrders).toEqual(alone.rejectedOrders);
      expect(together.orderCounts).toEqual(alone.orderCounts);
      expect(together.fundingPayments.map(({ at, amount }) => [at, amount])).toEqual(
        alone.fundingPayments.map(({ at, amount }) => [at, amount]),
      );
      expect(together.finalEquity).toBeCloseTo(alone.finalEquity, 6);
      fillsSeen += alone.fills.length;
    }),
    { numRuns: 60, seed: 3 },
  );
  expect(fillsSeen).toBeGreaterThan(500);
});

/** Acts in A at any moment, and writes down all that can be seen. */
const looking = (seed: number, seen: string[]) =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandles(wallet) {
      const one = wallet.market("A") as unknown as Context;
      const { cash, equity, position, close } = one;
      const orders = one.openOrders.map(({ id, status, price }) => `${id} ${status} ${price}`);
      const held = [position.quantity, position.entryPrice, position.liquidationPrice];
      seen.push(JSON.stringify([wallet.time, wallet.equity, cash, equity, close, held, orders]));
      if (one.index >= 0) act(one, wallet.state.random);
    },
  });

test("nothing that is seen while a candle is under way tells what it will do", () => {
  fc.assert(
    fc.property(plan, ({ seed, finerMinutes, besideMinutes: _, marginMode, ...settings }) => {
      const perpetual = marginMode === null ? undefined : { ...terms, marginMode };
      const cut = 301 + (seed % 19);
      const worldOf = (futureSeed: number) => {
        const [past, future] = [walk(400, seed), walk(400, futureSeed)];
        const mixed = (column: Exclude<keyof Columns, "time">) =>
          past[column].map((value, i) => (i < cut ? value : (future[column][i] as number)));
        const minutes: Columns = {
          time: past.time,
          open: mixed("open"),
          high: mixed("high"),
          low: mixed("low"),
          close: mixed("close"),
          volume: past.volume,
        };
        const fine = resample(minutes, minute, finerMinutes * minute);
        const detail = { candles: fine, timeframe: `${finerMinutes}m`, dataRevision: "finer" };
        const coarse = resample(minutes, minute, 20 * minute);
        const besideMs = finerMinutes * 2 * minute;
        const beside = resample(fine, finerMinutes * minute, besideMs);
        const seen: string[] = [];
        const markets = [
          market("A", coarse, { timeframe: "20m", detail }),
          market("B", beside, { timeframe: `${finerMinutes * 2}m`, detail }),
        ];
        const isPlain = seed % 3 === 0 && marginMode !== "cross";
        const fillPolicy = isPlain ? "pessimistic" : "detail";
        const changed = { ...settings, perpetual, takerFee: 0.001, fillPolicy } as const;
        runMarkets(inputWith(looking(seed, seen), markets, changed));
        return seen.filter((line) => JSON.parse(line)[0] <= cut * minute);
      };
      expect(worldOf(seed + 1)).toEqual(worldOf(seed + 2));
    }),
    { numRuns: 60, seed: 5 },
  );
});
