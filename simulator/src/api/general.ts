import { formatUnits } from "../core/decimal.ts";
import { formatLots, formatPrice } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import { type Call, findMarket, type Operation } from "./operation.ts";
import { orderTypes } from "./order-request.ts";
import { invalidData, notRequired, Problem } from "./problem.ts";

type View = Record<string, unknown>;

/** Ping, time and the exchange's rules. */
export const generalOperations: readonly Operation[] = [
  operation("GET /api/v3/ping", "ping", 1, [], () => ({})),
  operation("GET /api/v3/time", "time", 1, [], ({ venue }) => ({
    serverTime: venue.faults.clock(),
  })),
  operation(
    "GET /api/v3/exchangeInfo",
    "exchangeInfo",
    20,
    ["symbol", "symbols", "permissions", "showPermissionSets", "symbolStatus"],
    exchangeInfo,
  ),
  operation(
    "GET /api/v3/executionRules",
    "executionRules",
    40,
    ["symbol", "symbols", "symbolStatus"],
    (call) => ({
      symbolRules: chosenMarkets(call).map(({ symbol }) => ({ symbol, rules: [] })),
    }),
  ),
];

function operation(
  rest: string,
  socket: string,
  weight: number,
  parameters: readonly string[],
  run: Operation["run"],
): Operation {
  return { rest, socket, security: "NONE", weight, parameters, run };
}

/** Markets named by symbol or symbols, else all; the status filter applies to all. */
export function chosenMarkets({ venue, parameters }: Call): Market[] {
  const symbol = parameters.text("symbol");
  const symbols = parameters.text("symbols");
  if (symbol !== null && symbols !== null) {
    throw new Problem(-1128, "Combination of optional parameters invalid.");
  }
  if (symbol !== null) return [findMarket(venue, symbol)];
  if (symbols !== null) return readSymbols(symbols).map((name) => findMarket(venue, name));
  const status = parameters.text("symbolStatus");
  const all = [...venue.core.markets.values()];
  return status === null ? all : all.filter((market) => market.status === status);
}

function readSymbols(text: string): string[] {
  const range = '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$';
  let names: unknown;
  try {
    names = JSON.parse(text);
  } catch {
    throw new Problem(
      -1100,
      `Illegal characters found in parameter 'symbols'; legal range is '${range}'.`,
    );
  }
  if (
    !Array.isArray(names) ||
    names.length === 0 ||
    names.some((name) => typeof name !== "string")
  ) {
    throw invalidData("symbols");
  }
  if (new Set(names).size < names.length) {
    throw new Problem(-1151, "Symbol is present multiple times in the list.");
  }
  return names as string[];
}

function exchangeInfo(call: Call): View {
  const { venue, parameters } = call;
  if (parameters.has("permissions") && (parameters.has("symbol") || parameters.has("symbols"))) {
    throw notRequired("permissions");
  }
  const permissions = parameters.text("permissions");
  const markets = permissions === null || permissions.includes("SPOT") ? chosenMarkets(call) : [];
  return {
    timezone: "UTC",
    serverTime: venue.faults.clock(),
    rateLimits: venue.limits.views(),
    exchangeFilters: [],
    symbols: markets.map((market) =>
      symbolView(market, parameters.flag("showPermissionSets") ?? true),
    ),
  };
}

function symbolView(market: Market, hasPermissions: boolean): View {
  return {
    symbol: market.symbol,
    status: market.status,
    baseAsset: market.base,
    baseAssetPrecision: 8,
    quoteAsset: market.quote,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: [...orderTypes],
    icebergAllowed: false,
    ocoAllowed: true,
    otoAllowed: false,
    opoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: false,
    cancelReplaceAllowed: true,
    amendAllowed: true,
    pegInstructionsAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filterViews(market),
    permissions: [],
    permissionSets: hasPermissions ? [["SPOT"]] : [],
    defaultSelfTradePreventionMode: "EXPIRE_MAKER",
    allowedSelfTradePreventionModes: ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
  };
}

/** The market's filters as exchangeInfo and myFilters show them. */
export function filterViews(market: Market): View[] {
  const { limits } = market;
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: formatPrice(market, limits.priceMin),
      maxPrice: formatPrice(market, limits.priceMax),
      tickSize: formatPrice(market, 1),
    },
    {
      filterType: "LOT_SIZE",
      minQty: formatLots(market, limits.lotsMin),
      maxQty: formatLots(market, limits.lotsMax),
      stepSize: formatLots(market, 1),
    },
    {
      filterType: "MARKET_LOT_SIZE",
      minQty: formatLots(market, 0),
      maxQty: formatLots(market, limits.marketLotsMax),
      stepSize: formatLots(market, 0),
    },
    {
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: short(limits.bandUp),
      bidMultiplierDown: short(limits.bandDown),
      askMultiplierUp: short(limits.bandUp),
      askMultiplierDown: short(limits.bandDown),
      avgPriceMins: 5,
    },
    {
      filterType: "NOTIONAL",
      minNotional: formatUnits(limits.notionalMin),
      applyMinToMarket: true,
      maxNotional: formatUnits(limits.notionalMax),
      applyMaxToMarket: false,
      avgPriceMins: 5,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: limits.ordersMax },
    { filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: limits.algoOrdersMax },
    { filterType: "MAX_NUM_ORDER_LISTS", maxNumOrderLists: limits.orderListsMax },
    ...(limits.positionMax > 0n
      ? [{ filterType: "MAX_POSITION", maxPosition: formatUnits(limits.positionMax) }]
      : []),
  ];
}

/** A factor without trailing zeros. */
const short = (units: bigint): string => formatUnits(units).replace(/\.?0+$/, "");
