import { Agent } from "node:https";
import type { NewAccount } from "../../src/exchange.ts";
import type { Simulator } from "../../src/simulator.ts";

/** What Binance's own REST clients are told. They insist on TLS; the agent trusts our certificate. */
export const connectorSettings = (
  { url }: Simulator,
  { apiKey, secret }: NewAccount,
  ca: string,
) => ({
  configurationRestAPI: {
    apiKey,
    apiSecret: secret,
    basePath: url,
    httpsAgent: new Agent({ ca, keepAlive: true }),
    timeout: 5000,
    retries: 0,
  },
});
