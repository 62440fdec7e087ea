import { afterAll, beforeAll } from "vitest";
import type { NewAccount } from "../../src/exchange.ts";
import type { Simulator } from "../../src/simulator.ts";
import { type Client, createClient, type Fields } from "./client.ts";
import { quietSimulator } from "./quiet.ts";

/** A buy order that is accepted, and rests: nobody sells on a quiet exchange. */
export const limit: Fields = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.01",
  price: "50000",
};

type Opened = { simulator: Simulator; owner: NewAccount; client: Client };

/** Somebody with money on a quiet exchange, for all tests of a file: opened before the first of them. */
export function traderOfFile(balances: Readonly<Record<string, string>>) {
  const opened = {} as Opened;
  beforeAll(async () => {
    const simulator = await quietSimulator();
    const owner = simulator.openAccount(balances);
    const client = createClient(simulator, owner.apiKey, owner.secret);
    Object.assign(opened, { simulator, owner, client });
  });
  afterAll(() => opened.simulator.close());
  const client: Client = {
    raw: (...request) => opened.client.raw(...request),
    call: (...request) => opened.client.call(...request),
    signed: (...request) => opened.client.signed(...request),
  };
  return { client, opened };
}
