import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Context,
  defineStrategy,
  describeMarkets,
  type PerpetualTerms,
  runMarkets,
  type Strategy,
} from "../../src/index.ts";
import { seeded, walk } from "../support/runs.ts";
import { about, gapped, inputWith, later, market } from "../support/wallets.ts";

const terms: PerpetualTerms = {
  leverage: 10,
  marginMode: "cross",
  tiers: [{ notionalFrom: 0, maintenanceRate: 0.01, leverageMax: 50 }],
  liquidationFee: 0,
  funding: null,
};

/** Acts by chance of a seed in every market at every moment. */
const chaotic = (seed: number, symbols: readonly string[]): Strategy =>
  defineStrategy({
    ...about,
    state: () => ({ random: seeded(seed) }),
    onCandles(wallet) {
      for (const symbol of symbols) {
        const { random } = wallet.state;
        const one = wallet.market(symbol) as unknown as Context;
        const side = random() < 0.5 ? "buy" : "sell";
        const act = random();
        if (act < 0.15) one.market({ side, share: random() * 0.6 });
        else if (act < 0.25) one.limit({ side, quote: random() * 500, price: one.close * 0.998 });
        else if (act < 0.3) one.exit();
      }
    },
  });

test("whatever happens, cash and positions follow from fills and funding, and the order of markets changes nothing", () => {
  const symbols = ["A", "B", "C"];
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.constantFrom(1, 3, 20),
      fc.constantFrom("isolated" as const, "cross" as const, "spot" as const),
      (seed, leverage, mode) => {
        const markets = symbols.map((symbol, i) =>
          market(symbol, later(gapped(walk(90, seed + i), 40 + i), 3 * i)),
        );
        const funding = { kind: "constant", rate: 0.002, everyHours: 0.25 } as const;
        const perpetual =
          mode === "spot" ? undefined : { ...terms, leverage, marginMode: mode, funding };
        const settings = { takerFee: 0.001, makerFee: 0.0005, perpetual };
        const input = inputWith(chaotic(seed, symbols), markets, settings);
        const result = runMarkets(input);
        const paid = result.fundingPayments.reduce((sum, { amount }) => sum + amount, 0);
        const held = new Map<string, number>();
        let cash = 1_000 + paid;
        for (const { market: name, side, quantity, price, fee } of result.fills) {
          const change = side === "buy" ? quantity : -quantity;
          cash -= change * price + fee;
          held.set(name, (held.get(name) ?? 0) + change);
        }
        const worth = markets.reduce(
          (sum, one) => sum + (held.get(one.market.symbol) ?? 0) * (one.candles.close.at(-1) ?? 0),
          0,
        );
        expect(result.finalEquity).toBeCloseTo(cash + worth, 6);
        const profits = result.trades.reduce((sum, { pnl }) => sum + pnl, 0);
        expect(1_000 + profits).toBeCloseTo(result.finalEquity, 6);
        const turned = runMarkets({ ...input, markets: markets.toReversed() });
        expect(turned.fingerprint).toBe(result.fingerprint);
        expect(turned.equity).toEqual(result.equity);
        const described = describeMarkets(input, result);
        for (const [name, value] of Object.entries(described.metrics)) {
          if (value === null) expect(described.metricReasons).toHaveProperty(name);
          else expect(Number.isFinite(value), name).toBe(true);
        }
        expect(described.metrics.exposure).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});
