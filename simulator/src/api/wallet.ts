import { formatUnits } from "../core/decimal.ts";
import { type Call, type Operation, owner } from "./operation.ts";

/** The few wallet calls client libraries make while they load markets. Nothing can be withdrawn here. */
export const walletOperations: readonly Operation[] = [
  wallet("GET /sapi/v1/capital/config/getall", "USER_DATA", 10, coins),
  wallet("GET /sapi/v1/asset/tradeFee", "USER_DATA", 1, tradeFees),
  wallet("GET /sapi/v1/margin/allPairs", "USER_DATA", 1, () => []),
  wallet("GET /sapi/v1/margin/isolated/allPairs", "USER_DATA", 1, () => []),
  wallet("GET /sapi/v1/account/apiRestrictions", "USER_DATA", 1, ({ venue }) => ({
    ipRestrict: false,
    createTime: venue.core.now(),
    enableReading: true,
    enableSpotAndMarginTrading: true,
    enableWithdrawals: false,
    enableFutures: true,
    enableMargin: false,
  })),
  wallet("GET /sapi/v1/system/status", "NONE", 1, ({ venue }) =>
    venue.faults.isInMaintenance()
      ? { status: 1, msg: "system_maintenance" }
      : { status: 0, msg: "normal" },
  ),
  wallet("GET /dapi/v1/exchangeInfo", "NONE", 1, noMarkets),
  wallet("GET /eapi/v1/exchangeInfo", "NONE", 1, noMarkets),
];

function wallet(
  rest: string,
  security: Operation["security"],
  weight: number,
  run: Operation["run"],
): Operation {
  return { rest, socket: null, security, weight, parameters: ["*"], run };
}

function noMarkets({ venue }: Call): unknown {
  return {
    timezone: "UTC",
    serverTime: venue.faults.clock(),
    rateLimits: [],
    exchangeFilters: [],
    symbols: [],
    optionContracts: [],
    optionAssets: [],
    optionSymbols: [],
  };
}

function coins(call: Call): unknown {
  const account = owner(call);
  const assets = new Set<string>();
  for (const market of call.venue.core.markets.values()) assets.add(market.base).add(market.quote);
  for (const asset of account.balances.keys()) assets.add(asset);
  return [...assets].map((coin) => {
    const { free, locked } = account.balances.get(coin) ?? { free: 0n, locked: 0n };
    return {
      coin,
      name: coin,
      depositAllEnable: false,
      withdrawAllEnable: false,
      free: formatUnits(free),
      locked: formatUnits(locked),
      freeze: "0",
      withdrawing: "0",
      ipoing: "0",
      ipoable: "0",
      storage: "0",
      isLegalMoney: false,
      trading: true,
      networkList: [],
    };
  });
}

function tradeFees(call: Call): unknown {
  const account = owner(call);
  const symbol = call.parameters.text("symbol");
  return [...call.venue.core.markets.values()]
    .filter((market) => symbol === null || market.symbol === symbol)
    .map((market) => {
      const rates = account.rates ?? { maker: market.makerRate, taker: market.takerRate };
      return {
        symbol: market.symbol,
        makerCommission: formatUnits(rates.maker),
        takerCommission: formatUnits(rates.taker),
      };
    });
}
