import { Agent } from "node:http";
import ccxt from "ccxt";
import type { Simulator } from "../../src/simulator.ts";

type Key = Readonly<{ apiKey: string; secret: string }>;

/** Nothing but addresses and a key: the libraries are used as they come. */
function settings({ url, socketUrl }: Simulator, { apiKey, secret }: Key): Record<string, unknown> {
  const fapi = Object.fromEntries(
    [1, 2, 3].flatMap((version) => {
      const suffix = version === 1 ? "" : `V${version}`;
      const address = `${url}/fapi/v${version}`;
      return [
        [`fapiPublic${suffix}`, address],
        [`fapiPrivate${suffix}`, address],
      ];
    }),
  );
  return {
    apiKey,
    secret,
    // The exchange keeps its own limits; waiting for them would only make the test slow.
    enableRateLimit: false,
    urls: {
      api: {
        public: `${url}/api/v3`,
        private: `${url}/api/v3`,
        v1: `${url}/api/v1`,
        sapi: `${url}/sapi/v1`,
        sapiV2: `${url}/sapi/v2`,
        sapiV3: `${url}/sapi/v3`,
        dapiPublic: `${url}/dapi/v1`,
        ...fapi,
        ws: {
          // The library knows spot events by "/stream" in their address, as in stream.binance.com.
          spot: `${socketUrl}/stream/ws`,
          future: `${socketUrl}/fstream/ws`,
          "ws-api": { spot: `${socketUrl}/ws-api/v3`, future: `${socketUrl}/ws-fapi/v1` },
        },
      },
    },
  };
}

export function ccxtSpot(simulator: Simulator, key: Key): InstanceType<typeof ccxt.pro.binance> {
  const client = new ccxt.pro.binance(settings(simulator, key));
  // The library wants an agent before it opens plain ws:// addresses.
  client.httpAgent = new Agent();
  return client;
}

export function ccxtFutures(
  simulator: Simulator,
  key: Key,
): InstanceType<typeof ccxt.pro.binanceusdm> {
  const client = new ccxt.pro.binanceusdm(settings(simulator, key));
  client.httpAgent = new Agent();
  return client;
}
