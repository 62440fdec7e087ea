import { describe, expect, test } from "vitest";
import { buy, play, quiet, type Script, type Settings } from "../support/stories.ts";

describe("a fee out of the coins bought", () => {
  test("leaves fewer coins and costs no money besides", () => {
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    const { fills, finalEquity } = play([quiet, quiet, quiet], { 0: buy }, settings);
    expect(fills).toMatchObject([{ quantity: 0.999, fee: 0.1, price: 100 }]);
    expect(finalEquity).toBeCloseTo(999.9, 9);
  });

  test("spends all there is when all is asked for", () => {
    const all: Script = { 0: (context) => context.market({ side: "buy", share: 1 }) };
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    expect(play([quiet, quiet], all, settings).fills).toMatchObject([{ quantity: 9.99, fee: 1 }]);
  });

  test("does not keep a short position from being closed whole", () => {
    const script: Script = {
      0: (context) => context.market({ side: "sell", quantity: 1 }),
      1: (context) => context.exit(),
    };
    const settings: Settings = { feeAsset: "received", takerFee: 0.001 };
    expect(play([quiet, quiet, quiet], script, settings).trades).toMatchObject([
      { side: "short", quantity: 1, exitReason: "signal" },
    ]);
  });
});
