import { expect, test } from "vitest";
import { readRule } from "../src/faults/rule.ts";
import { startSimulator } from "../src/simulator.ts";
import { createClient } from "./support/client.ts";
import { monday } from "./support/quiet.ts";

/** A day in the life of a client: orders, cancels, a pair, a perpetual, faults by chance, time going on. */
async function live(seed: string): Promise<{ hash: string; lines: number; answers: unknown[] }> {
  const simulator = await startSimulator({
    seed,
    startAt: monday,
    historyDays: 0.05,
    ledgerKeeps: "all",
  });
  const { apiKey, secret } = simulator.openAccount({ USDT: "100000", BTC: "5" });
  const client = createClient(simulator, apiKey, secret);
  simulator.faults.add(
    readRule({
      effect: {
        kind: "error",
        code: -1001,
        message: "Internal error; unable to process your request. Please try again.",
      },
      probability: 0.3,
    }),
  );
  const answers: unknown[] = [];
  const send = async (
    method: string,
    path: string,
    fields: Record<string, string>,
  ): Promise<void> => {
    answers.push((await client.signed(method, path, { symbol: "BTCUSDT", ...fields })).body);
    await simulator.step(700);
  };
  const limit = { side: "BUY", type: "LIMIT", timeInForce: "GTC" };
  for (let round = 0; round < 6; round += 1) {
    await send("POST", "/api/v3/order", {
      ...limit,
      quantity: "0.01",
      price: String(60_000 + round * 500),
    });
    await send("POST", "/api/v3/order", { side: "SELL", type: "MARKET", quantity: "0.005" });
    await send("POST", "/fapi/v1/order", {
      ...limit,
      quantity: "0.01",
      price: String(62_000 + round * 500),
    });
    await send("DELETE", "/api/v3/openOrders", {});
  }
  const result = { hash: simulator.ledger.hash(), lines: simulator.ledger.count(), answers };
  await simulator.close();
  return result;
}

test("the same seed and the same requests give the same answers and the same ledger", async () => {
  const [first, second, other] = [await live("one"), await live("one"), await live("two")];
  expect(second).toEqual(first);
  expect(first.lines).toBeGreaterThan(1000);
  expect(first.answers.some((answer) => JSON.stringify(answer).includes("-1001"))).toBe(true);
  expect(other.hash).not.toBe(first.hash);
});
