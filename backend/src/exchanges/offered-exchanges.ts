import { simulatedExchange } from "@trading/contracts/simulator";
import { exchangeCatalogue } from "./catalogue.ts";

export type OfferedExchange = Readonly<{ id: string; name: string }>;

/** The exchanges this platform offers; the simulated one comes first, and only where it is configured. */
export const offeredExchanges = (simulatorUrl: string | null): readonly OfferedExchange[] =>
  simulatorUrl === null
    ? exchangeCatalogue
    : [{ id: simulatedExchange, name: "Simulated exchange" }, ...exchangeCatalogue];

export const isSimulated = (id: string): boolean => id === simulatedExchange;

/** The name of ccxt's client: the simulator is spoken to as what it imitates. */
export const clientOf = (id: string): string => (isSimulated(id) ? "binance" : id);

/** Nothing but addresses: the client is used as it comes. */
export const simulatorSettings = (url: string) => ({
  urls: {
    api: {
      public: `${url}/api/v3`,
      private: `${url}/api/v3`,
      v1: `${url}/api/v1`,
      sapi: `${url}/sapi/v1`,
      dapiPublic: `${url}/dapi/v1`,
      fapiPublic: `${url}/fapi/v1`,
      fapiPrivateV3: `${url}/fapi/v3`,
    },
  },
});
