import { describe, expect, test } from "vitest";
import {
  defineStrategy,
  type Order,
  resample,
  runMarkets,
  type WalletContext,
} from "../../src/index.ts";
import { candlesOf, flat, minute, type Row, walk } from "../support/runs.ts";
import {
  about,
  gapped,
  inputWith,
  later,
  market,
  type Plan,
  planned,
  rows,
} from "../support/wallets.ts";

describe("markets that differ", () => {
  test("one that starts late, ends early or is not there refuses orders; what it held keeps its last worth", () => {
    const buy = (symbol: string) => (wallet: WalletContext) => {
      wallet.market(symbol).market({ side: "buy", quantity: 1 });
    };
    const result = runMarkets(
      inputWith(planned({ 1: buy("LATE"), 2: buy("EARLY"), 4: buy("EARLY"), 5: buy("NOWHERE") }), [
        market("WHOLE", rows(10, 10, 10, 10, 10, 10)),
        market("LATE", later(rows(10, 10), 4)),
        market("EARLY", rows(10, 10, 12)),
      ]),
    );
    expect(result.rejectedOrders).toEqual({ "not-trading": 2, "unknown-market": 1 });
    expect(result.trades).toMatchObject([{ market: "EARLY", exitReason: "end-of-data", pnl: 0 }]);
    expect(result.equity).toHaveLength(6);
  });

  test("a plan on a market that is not trading, or not there, is refused line by line", () => {
    const why: Record<string, (string | null)[]> = {};
    const look = (symbol: string) => (wallet: WalletContext) => {
      const line = { name: "first", side: "buy", price: 90, quantity: 1 } as const;
      const one = wallet.market(symbol);
      why[symbol] = [...(why[symbol] ?? []), ...one.preflight([line]).map(({ cause }) => cause)];
    };
    const plan = { 1: look("B"), 2: look("C"), 3: look("B"), 5: look("B") };
    const result = runMarkets(
      inputWith(planned(plan), [
        market("A", rows(100, 100, 100, 100, 100)),
        market("B", later(rows(100, 100), 2)),
      ]),
    );
    expect(why).toEqual({ B: ["not-trading", null, "not-trading"], C: ["unknown-market"] });
    expect(result.refusedLines).toMatchObject([{ name: "B first", cause: "not-trading" }]);
  });

  test("a market that is not there yet has no numbers, and is not among the markets", () => {
    const seen: unknown[] = [];
    const look = (wallet: WalletContext) => {
      const { close, position } = wallet.market("LATE");
      seen.push([wallet.markets.map(({ symbol }) => symbol), close, position.isFlat]);
    };
    runMarkets(
      inputWith(planned({ 1: look, 3: look }), [
        market("WHOLE", rows(10, 10, 10)),
        market("LATE", later(rows(7), 2)),
      ]),
    );
    expect(seen).toEqual([
      [["WHOLE"], Number.NaN, true],
      [["LATE", "WHOLE"], 7, true],
    ]);
  });

  test("of other timeframes and with gaps they are decided on when their candles close", () => {
    const closed: string[] = [];
    const strategy = defineStrategy({
      ...about,
      onCandles: (wallet) =>
        void closed.push(`${wallet.time / minute}:${wallet.closed.map((one) => one.symbol)}`),
    });
    const fine = walk(6, 1);
    runMarkets(
      inputWith(strategy, [
        market("FINE", gapped(fine, 3)),
        market("COARSE", resample(fine, minute, 3 * minute), { timeframe: "3m" }),
      ]),
    );
    expect(closed).toEqual(["1:FINE", "2:FINE", "3:COARSE,FINE", "5:FINE", "6:COARSE,FINE"]);
  });

  describe("a decision while a candle of another market is under way", () => {
    const hours = (...candles: Row[]) => ({
      ...candlesOf(candles),
      time: Float64Array.from(candles, (_, i) => i * 4 * minute),
    });
    const coarse = hours(
      [100, 104, 99, 104],
      [104, 108, 103, 108],
      [108, 112, 107, 112],
      flat(112),
    );
    const fine = rows(...Array.from({ length: 16 }, (_, i) => 100 + i));
    const play = (plan: Plan) =>
      runMarkets(
        inputWith(planned(plan), [
          market("COARSE", coarse, { timeframe: "4m" }),
          market("FINE", fine),
        ]),
      ).fills.map(({ at, side, price }) => [at / minute, side, price]);
    const buy = { side: "buy", quantity: 1 } as const;

    test("finds the money of an open spent, the position held at that price and no fill told yet", () => {
      const seen: unknown[] = [];
      const look = (wallet: WalletContext) => {
        const { position, index, close, cash } = wallet.market("COARSE");
        seen.push([position.quantity, position.candles, index, close, cash, wallet.equity]);
      };
      const fills = play({
        4: (wallet) => void wallet.market("COARSE").market({ side: "buy", quantity: 9 }),
        5: (wallet) => {
          look(wallet);
          wallet.market("FINE").market({ side: "buy", quantity: 5 });
        },
        7: look,
        8: look,
      });
      expect(fills).toEqual([[4, "buy", 104]]);
      expect(seen).toEqual([
        [9, 0, 0, 104, 64, 1_000],
        [9, 0, 0, 104, 64, 1_000],
        [9, 0, 1, 108, 64, 1_036],
      ]);
    });

    test("sees nothing of a candle under way in the price of its open", () => {
      const spent = (high: number) => {
        const seen: number[] = [];
        const wide = hours([100, 104, 99, 104], [104, high, 103, 108], flat(108), flat(108));
        const markets = [market("COARSE", wide, { timeframe: "4m" }), market("FINE", fine)];
        const strategy = planned({
          4: (wallet) => void wallet.market("COARSE").market({ side: "buy", quantity: 9 }),
          5: (wallet) => void seen.push(wallet.market("COARSE").position.entryPrice),
        });
        const settings = { slippageModel: "range", slippageShare: 0.1, volumeShareMax: 1 } as const;
        runMarkets(inputWith(strategy, markets, settings));
        return seen;
      };
      expect(spent(108)).toEqual([104.5]);
      expect(spent(150)).toEqual(spent(108));
    });

    test("fills from the next candle of that market on", () => {
      expect(
        play({
          6: (wallet) => {
            const one = wallet.market("COARSE");
            one.market(buy);
            one.stop({ ...buy, price: 107 });
            one.limit({ ...buy, price: 103.5, expiresAfter: 1 });
            one.limit({ ...buy, price: 108.5, timeInForce: "ioc" });
          },
        }),
      ).toEqual([
        [8, "buy", 108],
        [8, "buy", 108],
        [8, "buy", 108],
      ]);
    });

    test("moves and takes back nothing that this candle meets", () => {
      const resting = { ...buy, price: 103.5 };
      expect(
        play({
          4: (wallet) => void wallet.market("COARSE").limit({ ...resting, reason: "kept" }),
          7: (wallet) => wallet.market("COARSE").cancelAll(),
        }),
      ).toEqual([[4, "buy", 103.5]]);
      const orders: Order[] = [];
      expect(
        play({
          4: (wallet) => void orders.push(wallet.market("COARSE").limit({ ...buy, price: 50 })),
          7: (wallet) => {
            for (const order of orders) wallet.market("COARSE").amend(order, { price: 106 });
          },
        }),
      ).toEqual([]);
    });
  });
});
