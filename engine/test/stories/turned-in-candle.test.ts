import { describe, expect, test } from "vitest";
import { type Context, type Order, runMarkets, type WalletContext } from "../../src/index.ts";
import { candlesOf, flat } from "../support/runs.ts";
import { inputWith, market, type Plan, perpetualOf, planned, rows } from "../support/wallets.ts";

const still = Array.from({ length: 6 }, () => 100);

describe("in a wallet, what a position is closed by leaves no other order more than is allowed", () => {
  test.each([
    ["exposureMax", false, 1.03],
    ["exposureMax", true, 0],
    ["positionExposureMax", false, 1.03],
    ["positionExposureMax", true, 0],
  ] as const)("under %s, where the position is left: %s", (limit, isLeft, exposure) => {
    const plan: Plan = {
      1: (wallet) => wallet.market("A").market({ side: "buy", quantity: 5 }),
      3: (wallet) => wallet.market("A").limit({ side: "sell", quantity: 15, price: 101 }),
      4: (wallet) => void (isLeft && wallet.market("A").exit()),
    };
    const rising = candlesOf([...still.map(flat), [100, 102, 100, 102]]);
    const settings = { limits: { [limit]: 1.1 }, perpetual: perpetualOf("isolated", 5) };
    const markets = [market("A", rising), market("B", rows(...still, 100))];
    const result = runMarkets(inputWith(planned(plan), markets, settings));
    expect(result.exposure.at(-1)).toBeCloseTo(exposure, 2);
    expect(result.rejectedOrders).toEqual(isLeft ? { "beyond-exposure": 1 } : {});
  });

  test.each([
    ["a short", (_at: number) => {}],
    [
      "a short that a trigger would turn",
      (at: number, a: Context) => {
        if (at !== 3) return;
        const trigger = a.stop({ side: "buy", quantity: 9.6, price: 100.5 });
        a.oneTriggersOther(trigger, a.limit({ side: "sell", quantity: 4.8, price: 100.6 }));
      },
    ],
  ])("%s lets no other sale open more than money carries", (_what, more) => {
    const act = (at: number) => (wallet: WalletContext) => {
      const a = wallet.market("A") as unknown as Context;
      if (at === 1) a.market({ side: "sell", quantity: 4.8 });
      more(at, a);
      if (at === 5) a.stop({ side: "sell", quantity: 9.8, price: 99 });
    };
    const plan = Object.fromEntries([1, 3, 5].map((at) => [at, act(at)]));
    const falling = candlesOf([...still.map(flat), flat(100), [100, 100, 98.9, 98.9]]);
    const markets = [market("A", falling), market("B", rows(...still, 100, 100))];
    const result = runMarkets(inputWith(planned(plan), markets));
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
    expect(result.exposure.at(-1)).toBeLessThan(1);
  });

  test("a trigger made smaller leaves its follower no more than money carries", () => {
    let trigger: Order;
    const plan: Plan = {
      1: (wallet) => {
        const a = wallet.market("A");
        trigger = a.stop({ side: "buy", quantity: 9.5, price: 100.2 });
        const follower = a.stop({ side: "sell", quantity: 18.05, price: 99.5 });
        a.oneTriggersOther(trigger, follower);
      },
      3: (wallet) => wallet.market("A").amend(trigger, { quantity: 0.01 }),
    };
    const turning = candlesOf([...still.map(flat), [100, 100.3, 98.9, 98.9]]);
    const markets = [market("A", turning), market("B", rows(...still, 100))];
    const result = runMarkets(inputWith(planned(plan), markets));
    expect(result.rejectedOrders).toEqual({ "beyond-funds": 1 });
    expect(result.fills).toMatchObject([{ side: "buy", quantity: 0.01 }]);
  });

  test.each([
    ["more than money carries", 9.5, 2, { "beyond-funds": 1 }],
    ["what money carries", 4.9, 3, {}],
  ])("a follower that would open %s", (_what, quantity, fills, refused) => {
    const plan: Plan = {
      4: (wallet) => {
        const a = wallet.market("A");
        const trigger = a.limit({ side: "buy", quantity, price: 99.8 });
        const follower = a.limit({ side: "sell", quantity: 1.99 * quantity, price: 101 });
        a.oneTriggersOther(trigger, follower);
        a.limit({ side: "sell", quantity, price: 100.3, reduceOnly: true });
      },
    };
    const candles = candlesOf([...still.slice(1).map(flat), [100, 101.5, 99.5, 101.4]]);
    const markets = [market("A", candles), market("B", rows(...still))];
    const result = runMarkets(inputWith(planned(plan), markets));
    expect(result.fills).toHaveLength(fills);
    expect(result.rejectedOrders).toEqual(refused);
    expect(result.exposure.at(-1)).toBeLessThan(1);
  });
});
