import { describe, expect, test } from "vitest";
import { runMarkets } from "../../src/index.ts";
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
