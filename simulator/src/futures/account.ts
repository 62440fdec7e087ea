import { findMarket, type Operation, owner } from "../api/operation.ts";
import { Problem } from "../api/problem.ts";
import { balanceOf } from "../core/account.ts";
import { formatUnits, unitsPerOne } from "../core/decimal.ts";
import { baseOf, worth } from "../core/market.ts";
import type { Account } from "../core/state.ts";
import { type FuturesCall, type FuturesVenue, futuresOperation, price, quantity } from "./call.ts";
import { changeMargin, marketOf, mostLeverage, setLeverage, setMarginType } from "./margin.ts";
import { maintenance, type Position, unrealised } from "./positions.ts";
import { liquidationTicks } from "./risk.ts";
import { marginAsset } from "./settlement.ts";

type View = Record<string, unknown>;
type Run = (call: FuturesCall) => unknown;

/** Balances, positions and their settings. */
export const futuresAccount: readonly Operation[] = [
  read("GET /fapi/v2/balance", [], balances),
  read("GET /fapi/v3/balance", [], balances),
  read("GET /fapi/v2/account", [], accountView),
  read("GET /fapi/v3/account", [], accountView),
  read("GET /fapi/v2/positionRisk", ["symbol"], (call) => positionViews(call, true)),
  read("GET /fapi/v3/positionRisk", ["symbol"], (call) => positionViews(call, false)),
  read("GET /fapi/v1/leverageBracket", ["symbol"], brackets),
  read("GET /fapi/v1/commissionRate", ["symbol"], commissionRate),
  read("GET /fapi/v1/positionSide/dual", [], () => ({ dualSidePosition: false })),
  read("GET /fapi/v1/multiAssetsMargin", [], () => ({ multiAssetsMargin: false })),
  read("GET /fapi/v1/accountConfig", [], () => ({
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: false,
    dualSidePosition: false,
    multiAssetsMargin: false,
    tradeGroupId: -1,
    updateTime: 0,
  })),
  read("GET /fapi/v1/symbolConfig", ["symbol"], symbolConfig),
  read(
    "GET /fapi/v1/income",
    ["symbol", "incomeType", "startTime", "endTime", "page", "limit"],
    incomes,
  ),
  change("POST /fapi/v1/leverage", ["symbol", "leverage"], setLeverage),
  change("POST /fapi/v1/marginType", ["symbol", "marginType"], setMarginType),
  change(
    "POST /fapi/v1/positionMargin",
    ["symbol", "positionSide", "amount", "type"],
    changeMargin,
  ),
  change("POST /fapi/v1/positionSide/dual", ["dualSidePosition"], ({ parameters }) => {
    if (parameters.required("dualSidePosition") !== "true") {
      throw new Problem(-4059, "No need to change position side.");
    }
    throw new Problem(-4068, "Position side cannot be changed if there exists position.");
  }),
];

function read(rest: string, parameters: string[], run: Run): Operation {
  return futuresOperation(rest, "USER_DATA", 5, parameters, run);
}

function change(rest: string, parameters: string[], run: Run): Operation {
  return futuresOperation(rest, "TRADE", 1, parameters, run);
}

/** All sums of an account that several calls show. */
type Sums = Readonly<{
  wallet: bigint;
  free: bigint;
  profit: bigint;
  positionMargin: bigint;
  orderMargin: bigint;
  maintenance: bigint;
}>;

function sumsOf(venue: FuturesVenue, account: Account): Sums {
  const { free, locked } = balanceOf(account, marginAsset);
  let profit = 0n;
  let positionMargin = 0n;
  let needed = 0n;
  for (const position of venue.positions.all(account)) {
    const { mark } = venue.risk.of(position.market);
    if (position.lots === 0) continue;
    profit += unrealised(position, mark);
    positionMargin += position.margin;
    needed += maintenance(position, mark);
  }
  return {
    wallet: free + locked,
    free,
    profit,
    positionMargin,
    orderMargin: locked - positionMargin,
    maintenance: needed,
  };
}

function balances(call: FuturesCall): unknown {
  const account = owner(call);
  const sums = sumsOf(call.venue, account);
  return [
    {
      accountAlias: `sim${account.id}`,
      asset: marginAsset,
      balance: formatUnits(sums.wallet),
      crossWalletBalance: formatUnits(sums.wallet),
      crossUnPnl: formatUnits(sums.profit),
      availableBalance: formatUnits(sums.free),
      maxWithdrawAmount: formatUnits(sums.free),
      marginAvailable: true,
      updateTime: account.updatedAt,
    },
  ];
}

function accountView(call: FuturesCall): View {
  const { venue } = call;
  const account = owner(call);
  const sums = sumsOf(venue, account);
  const figures = {
    initialMargin: formatUnits(sums.positionMargin + sums.orderMargin),
    maintMargin: formatUnits(sums.maintenance),
    walletBalance: formatUnits(sums.wallet),
    unrealizedProfit: formatUnits(sums.profit),
    marginBalance: formatUnits(sums.wallet + sums.profit),
    positionInitialMargin: formatUnits(sums.positionMargin),
    openOrderInitialMargin: formatUnits(sums.orderMargin),
    crossWalletBalance: formatUnits(sums.wallet),
    crossUnPnl: formatUnits(sums.profit),
  };
  const totals = Object.entries(figures).map(([name, value]) => [
    `total${name[0]?.toUpperCase()}${name.slice(1)}`,
    value,
  ]);
  const available = {
    availableBalance: formatUnits(sums.free),
    maxWithdrawAmount: formatUnits(sums.free),
  };
  return {
    feeTier: 0,
    canTrade: true,
    canDeposit: true,
    canWithdraw: false,
    updateTime: 0,
    multiAssetsMargin: false,
    tradeGroupId: -1,
    ...Object.fromEntries(totals),
    ...available,
    assets: [
      {
        asset: marginAsset,
        ...figures,
        ...available,
        marginAvailable: true,
        updateTime: account.updatedAt,
      },
    ],
    positions: positionsShown(venue, account, null).map((position) =>
      accountPosition(venue, position),
    ),
  };
}

function positionsShown(venue: FuturesVenue, account: Account, symbol: string | null): Position[] {
  const markets = symbol === null ? [...venue.core.markets.values()] : [findMarket(venue, symbol)];
  return markets.map((market) => venue.positions.of(account, market));
}

const signed = (position: Position): string => {
  const text = quantity(position.market, Math.abs(position.lots));
  return position.lots < 0 ? `-${text}` : text;
};

const entryPrice = ({ market, lots, cost }: Position): string =>
  lots === 0 ? "0.0" : formatUnits((cost * unitsPerOne) / baseOf(market, Math.abs(lots)));

function accountPosition(venue: FuturesVenue, position: Position): View {
  const { market } = position;
  const { mark } = venue.risk.of(market);
  const notional = worth(market, mark, Math.abs(position.lots));
  return {
    symbol: market.symbol,
    positionSide: "BOTH",
    positionAmt: signed(position),
    entryPrice: entryPrice(position),
    unrealizedProfit: formatUnits(unrealised(position, mark)),
    isolated: position.isIsolated,
    isolatedMargin: formatUnits(position.isIsolated ? position.margin : 0n),
    isolatedWallet: formatUnits(position.isIsolated ? position.margin : 0n),
    notional: formatUnits(position.lots < 0 ? -notional : notional),
    initialMargin: formatUnits(position.margin),
    positionInitialMargin: formatUnits(position.margin),
    openOrderInitialMargin: "0",
    maintMargin: formatUnits(maintenance(position, mark)),
    leverage: String(position.leverage),
    maxNotional: "100000000",
    updateTime: position.updatedAt,
  };
}

function positionViews(call: FuturesCall, showsAll: boolean): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const shown = positionsShown(venue, account, parameters.text("symbol"));
  return shown
    .filter(({ lots }) => showsAll || lots !== 0)
    .map((position) => riskView(venue, account, position));
}

function riskView(venue: FuturesVenue, account: Account, position: Position): View {
  const { market, isIsolated, margin } = position;
  const { mark } = venue.risk.of(market);
  const behind = isIsolated ? margin : margin + balanceOf(account, marginAsset).free;
  return {
    ...accountPosition(venue, position),
    breakEvenPrice: entryPrice(position),
    markPrice: price(market, mark),
    unRealizedProfit: formatUnits(unrealised(position, mark)),
    liquidationPrice: price(market, liquidationTicks(position, behind)),
    marginType: isIsolated ? "isolated" : "cross",
    isAutoAddMargin: "false",
    maxNotionalValue: "100000000",
    marginAsset,
    adl: 0,
    bidNotional: "0",
    askNotional: "0",
  };
}

function brackets({ venue, parameters }: FuturesCall): unknown {
  const symbol = parameters.text("symbol");
  const markets = symbol === null ? [...venue.core.markets.values()] : [findMarket(venue, symbol)];
  const views = markets.map((market) => ({
    symbol: market.symbol,
    notionalCoef: 1,
    brackets: [
      {
        bracket: 1,
        initialLeverage: mostLeverage,
        notionalCap: 100_000_000,
        notionalFloor: 0,
        maintMarginRatio: 0.004,
        cum: 0,
      },
    ],
  }));
  return views;
}

function commissionRate(call: FuturesCall): View {
  const market = marketOf(call);
  const rates = owner(call).rates ?? { maker: market.makerRate, taker: market.takerRate };
  return {
    symbol: market.symbol,
    makerCommissionRate: formatUnits(rates.maker),
    takerCommissionRate: formatUnits(rates.taker),
  };
}

function symbolConfig(call: FuturesCall): unknown {
  const { venue, parameters } = call;
  return positionsShown(venue, owner(call), parameters.text("symbol")).map(
    ({ market, isIsolated, leverage }) => ({
      symbol: market.symbol,
      marginType: isIsolated ? "ISOLATED" : "CROSSED",
      isAutoAddMargin: false,
      leverage,
      maxNotionalValue: "100000000",
    }),
  );
}

function incomes(call: FuturesCall): unknown {
  const { venue, parameters } = call;
  const account = owner(call);
  const symbol = parameters.text("symbol");
  const kind = parameters.text("incomeType");
  const start = parameters.time("startTime") ?? 0;
  const end = parameters.time("endTime") ?? Number.POSITIVE_INFINITY;
  return venue.risk.incomes
    .filter(
      (income) =>
        income.account === account &&
        (symbol === null || income.market.symbol === symbol) &&
        (kind === null || income.kind === kind) &&
        income.at >= start &&
        income.at <= end,
    )
    .slice(-parameters.limit("limit", 100, 1000))
    .map(({ market, units, at, id, kind: incomeType }) => ({
      symbol: market.symbol,
      incomeType,
      income: formatUnits(units),
      asset: marginAsset,
      info: incomeType,
      time: at,
      tranId: id,
      tradeId: "",
    }));
}
