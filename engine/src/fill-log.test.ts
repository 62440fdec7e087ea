import { expect, test } from "vitest";
import { FillLog } from "./fill-log.ts";
import type { Fill } from "./result.ts";

const fill = (orderId: number, side: Fill["side"], reason: string): Fill => ({
  index: 1,
  at: 60_000,
  orderId,
  side,
  quantity: 1,
  price: 100,
  fee: 0,
  liquidity: "maker",
  slippage: 0,
  reason,
  stopPrice: null,
  targetPrice: null,
});

test("fills that are taken back leave no words and no rows, however many came", () => {
  const log = new FillLog();
  log.add(fill(1, "buy", "signal"));
  const putBack = log.remember();
  for (const round of [1, 2]) {
    for (let i = 0; i < 600; i++) log.add(fill(i, "sell", `tried ${round} ${i % 3}`));
    expect(log.all).toHaveLength(601);
    putBack();
  }
  expect([log.count, log.texts]).toEqual([1, ["buy maker signal"]]);
  log.add(fill(2, "sell", "stop"));
  log.add(fill(3, "buy", "signal"));
  expect(log.all.map(({ orderId, reason }) => `${orderId} ${reason}`)).toEqual([
    "1 signal",
    "2 stop",
    "3 signal",
  ]);
  expect(log.texts).toEqual(["buy maker signal", "sell maker stop"]);
});
