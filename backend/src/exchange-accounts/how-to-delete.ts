import type { ConnectableExchange } from "@trading/contracts/exchange-accounts";

/** How a key is deleted at its exchange, for people in a hurry. */
export const howToDelete: Readonly<Record<ConnectableExchange, string>> = {
  binance: "sign in at binance.com, open Profile, API Management, find the key and choose Delete",
  binanceusdm:
    "sign in at binance.com, open Profile, API Management, find the key and choose Delete; the same key serves spot and futures",
  simulator:
    "nothing is to be done there: the keys of the simulated exchange open no real money and end when it restarts",
};
