import { readSide, toLots, toTicks } from "../api/order-request.ts";
import type { Parameters } from "../api/parameters.ts";
import { missing, notRequired, Problem } from "../api/problem.ts";
import type { Core, Rejection } from "../core/core.ts";
import type { OrderRequest, TimeInForce } from "../core/order.ts";
import type { Market } from "../core/state.ts";

const types = [
  "LIMIT",
  "MARKET",
  "STOP",
  "STOP_MARKET",
  "TAKE_PROFIT",
  "TAKE_PROFIT_MARKET",
] as const;
type FuturesType = (typeof types)[number];

const times = ["GTC", "IOC", "FOK", "GTX"] as const;
const sources = ["CONTRACT_PRICE", "MARK_PRICE"] as const;
const preventions = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"] as const;

const complaint = (code: number, message: string) => (): Problem => new Problem(code, message);

export const futuresOrderParameters = [
  "symbol",
  "side",
  "positionSide",
  "type",
  "timeInForce",
  "quantity",
  "reduceOnly",
  "price",
  "newClientOrderId",
  "clientAlgoId",
  "algoType",
  "stopPrice",
  "triggerPrice",
  "closePosition",
  "workingType",
  "priceProtect",
  "newOrderRespType",
  "selfTradePreventionMode",
];

/** Reads a futures order; isAlgo asks for a conditional one, plain calls refuse those. */
export function readFuturesOrder(
  core: Core,
  market: Market,
  parameters: Parameters,
  isAlgo: boolean,
): OrderRequest {
  const side = readSide(parameters);
  const type = readType(parameters, isAlgo);
  const isClosePosition = parameters.flag("closePosition") ?? false;
  const isReduceOnly = parameters.flag("reduceOnly") ?? false;
  const limit = readLimit(market, parameters, type);
  const stop = readTrigger(market, parameters, type);
  const time = readTime(parameters, limit > 0 && !isAlgo);
  const isTakeProfit = type.startsWith("TAKE_PROFIT");
  return {
    clientId:
      parameters.clientId(isAlgo ? "clientAlgoId" : "newClientOrderId") ?? core.random.token(22),
    side,
    type,
    timeInForce: time,
    limit,
    lots: readLots(market, parameters, isClosePosition, isReduceOnly),
    quote: 0n,
    isPostOnly: time === "GTX",
    stop,
    stopAbove: (side === "BUY") !== isTakeProfit,
    prevention:
      parameters.choice(
        "selfTradePreventionMode",
        preventions,
        complaint(-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid."),
      ) ?? "NONE",
    isReduceOnly,
    isClosePosition,
    stopSource:
      parameters.choice(
        "workingType",
        sources,
        complaint(-1130, "Data sent for parameter 'workingType' is not valid."),
      ) ?? "CONTRACT_PRICE",
  };
}

function readType(parameters: Parameters, isAlgo: boolean): FuturesType {
  parameters.required("type");
  const type = parameters.choice("type", types, complaint(-1116, "Invalid orderType.")) ?? "LIMIT";
  const isConditional = type !== "LIMIT" && type !== "MARKET";
  if (isConditional && !isAlgo) {
    throw new Problem(
      -4120,
      "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    );
  }
  if (!isConditional && isAlgo) throw new Problem(-1116, "Invalid orderType.");
  const side = parameters.text("positionSide");
  if (side !== null && side !== "BOTH") {
    throw new Problem(-4061, "Order's position side does not match user's setting.");
  }
  return type;
}

function readLots(
  market: Market,
  parameters: Parameters,
  isClosePosition: boolean,
  isReduceOnly: boolean,
): number {
  const units = parameters.decimal("quantity");
  if (isClosePosition) {
    if (units !== null)
      throw new Problem(-4137, "Quantity must be zero with closePosition equals true.");
    if (isReduceOnly) throw notRequired("reduceonly");
    return 0;
  }
  if (units === null) throw missing("quantity");
  if (units === 0n) throw new Problem(-4003, "Quantity less than or equal to zero.");
  if (units % BigInt(market.lotUnits) !== 0n) {
    throw new Problem(-1111, "Precision is over the maximum defined for this asset.");
  }
  return toLots(market, units);
}

const hasLimit = (type: FuturesType): boolean =>
  type === "LIMIT" || type === "STOP" || type === "TAKE_PROFIT";

function readLimit(market: Market, parameters: Parameters, type: FuturesType): number {
  const units = parameters.decimal("price");
  if (!hasLimit(type)) {
    if (units !== null) throw notRequired("price");
    return 0;
  }
  if (units === null) throw missing("price");
  return onTick(market, units);
}

/** A price on the market's grid, in futures' words. */
export function onTick(market: Market, units: bigint): number {
  if (units === 0n) throw new Problem(-4001, "Price less than 0.");
  if (units % BigInt(market.tickUnits) !== 0n)
    throw new Problem(-4014, "Price not increased by tick size.");
  return toTicks(market, units);
}

function readTrigger(market: Market, parameters: Parameters, type: FuturesType): number {
  const units = parameters.decimal("triggerPrice") ?? parameters.decimal("stopPrice");
  if (type === "LIMIT" || type === "MARKET") {
    if (units !== null) throw notRequired("stopprice");
    return 0;
  }
  if (units === null) throw missing("triggerPrice");
  return onTick(market, units);
}

function readTime(parameters: Parameters, isNeeded: boolean): TimeInForce {
  const time = parameters.choice("timeInForce", times, complaint(-1115, "Invalid timeInForce."));
  if (isNeeded && time === null) throw missing("timeInForce");
  return time ?? "GTC";
}

/** Futures say the engine's refusals in their own words. */
const words: Readonly<Record<string, readonly [number, string]>> = {
  "Duplicate order sent.": [-4116, "ClientOrderId is duplicated."],
  "Order would trigger immediately.": [-2021, "Order would immediately trigger."],
  "Order would immediately match and take.": [
    -5022,
    "Due to the order could not be executed as maker, the Post Only order will be rejected. The order will not be recorded in the order history.",
  ],
  "Filter failure: LOT_SIZE": [-4005, "Quantity greater than max quantity."],
  "Filter failure: MARKET_LOT_SIZE": [-4005, "Quantity greater than max quantity."],
  "Filter failure: PRICE_FILTER": [-4002, "Price greater than max price."],
  "Filter failure: PERCENT_PRICE_BY_SIDE": [
    -4131,
    "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
  ],
  "Filter failure: NOTIONAL": [
    -4164,
    "Order's notional must be no smaller than 5 (unless you choose reduce only).",
  ],
  "Filter failure: MAX_NUM_ORDERS": [-2025, "Reach max open order limit."],
  "Filter failure: MAX_NUM_ALGO_ORDERS": [-4045, "Reach max stop order limit."],
  "Market is closed.": [-4108, "Symbol is not in trading status."],
};

export function futuresRefusal({ code, message }: Rejection): Problem {
  const [futuresCode, text] = words[message] ?? [code, message];
  return new Problem(futuresCode, text);
}
