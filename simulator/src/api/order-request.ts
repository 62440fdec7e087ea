import type { Core } from "../core/core.ts";
import type { OrderRequest, SelfTradePrevention, Side, TimeInForce } from "../core/order.ts";
import type { Market } from "../core/state.ts";
import type { Parameters } from "./parameters.ts";
import { missing, notRequired, Problem } from "./problem.ts";

export const orderTypes = [
  "LIMIT",
  "LIMIT_MAKER",
  "MARKET",
  "STOP_LOSS",
  "STOP_LOSS_LIMIT",
  "TAKE_PROFIT",
  "TAKE_PROFIT_LIMIT",
] as const;
export type OrderType = (typeof orderTypes)[number];

const timesInForce = ["GTC", "IOC", "FOK"] as const;
const preventions = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"] as const;

const invalid = (code: number, message: string) => (): Problem => new Problem(code, message);

/** What each type needs and refuses, besides its quantity. */
const rules: Readonly<
  Record<OrderType, { hasLimit: boolean; hasTime: boolean; hasStop: boolean }>
> = {
  LIMIT: { hasLimit: true, hasTime: true, hasStop: false },
  LIMIT_MAKER: { hasLimit: true, hasTime: false, hasStop: false },
  MARKET: { hasLimit: false, hasTime: false, hasStop: false },
  STOP_LOSS: { hasLimit: false, hasTime: false, hasStop: true },
  STOP_LOSS_LIMIT: { hasLimit: true, hasTime: true, hasStop: true },
  TAKE_PROFIT: { hasLimit: false, hasTime: false, hasStop: true },
  TAKE_PROFIT_LIMIT: { hasLimit: true, hasTime: true, hasStop: true },
};

/** Names of one order's parameters; the legs of a pair have their own. */
export type OrderNames = Readonly<{
  price: string;
  stopPrice: string;
  timeInForce: string;
  clientId: string;
  strategyId: string;
  strategyType: string;
  icebergQty: string;
  trailingDelta: string;
}>;

export const plainNames: OrderNames = {
  price: "price",
  stopPrice: "stopPrice",
  timeInForce: "timeInForce",
  clientId: "newClientOrderId",
  strategyId: "strategyId",
  strategyType: "strategyType",
  icebergQty: "icebergQty",
  trailingDelta: "trailingDelta",
};

export function readSide(parameters: Parameters): Side {
  parameters.required("side");
  return parameters.choice("side", ["BUY", "SELL"], invalid(-1117, "Invalid side.")) ?? "BUY";
}

/** Reads a new order. Throws the problem Binance answers. */
export function readOrder(core: Core, market: Market, parameters: Parameters): OrderRequest {
  const side = readSide(parameters);
  parameters.required("type");
  const type =
    parameters.choice("type", orderTypes, invalid(-1116, "Invalid orderType.")) ?? "LIMIT";
  return readLeg(core, market, parameters, side, type, plainNames);
}

/** Reads one order of a known side and type under the given parameter names. */
export function readLeg(
  core: Core,
  market: Market,
  parameters: Parameters,
  side: Side,
  type: OrderType,
  names: OrderNames,
): OrderRequest {
  refuseUnsupported(parameters, names);
  const rule = rules[type];
  const time = readTime(parameters, names, rule.hasTime);
  const { lots, quote } = readQuantity(market, parameters, type);
  const limit = readPrice(market, parameters, names.price, rule.hasLimit);
  const stop = readStop(market, parameters, names, rule.hasStop);
  const strategyId = parameters.integer(names.strategyId);
  const strategyType = parameters.integer(names.strategyType);
  if (strategyType !== null && strategyType < 1_000_000) {
    throw new Problem(-1134, "`strategyType` was less than 1000000.");
  }
  const isStopLoss = type.startsWith("STOP_LOSS");
  return {
    clientId: parameters.clientId(names.clientId) ?? core.random.token(22),
    side,
    type,
    timeInForce: time,
    limit,
    lots,
    quote,
    isPostOnly: type === "LIMIT_MAKER",
    stop,
    stopAbove: (side === "BUY") === isStopLoss,
    prevention: readPrevention(parameters),
    ...(strategyId === null ? {} : { strategyId }),
    ...(strategyType === null ? {} : { strategyType }),
  };
}

function refuseUnsupported(parameters: Parameters, names: OrderNames): void {
  if (parameters.has(names.icebergQty)) {
    throw new Problem(-1013, "Iceberg orders are not supported for this symbol.");
  }
  if (parameters.has(names.trailingDelta)) {
    throw new Problem(-1013, "Trailing stop orders are not supported for this symbol.");
  }
  if (parameters.has("pegPriceType")) {
    throw new Problem(-1013, "Pegged orders are not supported for this symbol.");
  }
}

function readTime(parameters: Parameters, names: OrderNames, isNeeded: boolean): TimeInForce {
  const time = parameters.choice(
    names.timeInForce,
    timesInForce,
    invalid(-1115, "Invalid timeInForce."),
  );
  if (isNeeded && time === null) throw missing(names.timeInForce);
  if (!isNeeded && time !== null) throw notRequired(names.timeInForce);
  return time ?? "GTC";
}

function readQuantity(
  market: Market,
  parameters: Parameters,
  type: OrderType,
): { lots: number; quote: bigint } {
  const quantity = parameters.decimal("quantity");
  const quote = parameters.decimal("quoteOrderQty");
  if (type === "MARKET" && quantity === null && quote === null) {
    throw new Problem(
      -1102,
      "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
    );
  }
  if (type !== "MARKET" && quantity === null) throw missing("quantity");
  if (quote !== null && (type !== "MARKET" || quantity !== null))
    throw notRequired("quoteOrderQty");
  if (quantity === null) {
    if (quote === null || quote === 0n) throw new Problem(-1013, "Invalid quote order qty.");
    return { lots: 0, quote };
  }
  return { lots: toLots(market, quantity), quote: 0n };
}

/** A quantity on the market's grid. Throws for zero and for what lies between two lots. */
export function toLots(market: Market, units: bigint): number {
  if (units === 0n) throw new Problem(-1013, "Invalid quantity.");
  const lot = BigInt(market.lotUnits);
  const lots = units / lot;
  if (units % lot !== 0n || lots > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new Problem(-1013, "Filter failure: LOT_SIZE");
  }
  return Number(lots);
}

/** A price on the market's grid. Throws for zero and for what lies between two ticks. */
export function toTicks(market: Market, units: bigint, what = "price"): number {
  if (units === 0n) throw new Problem(-1013, `Invalid ${what}.`);
  const tick = BigInt(market.tickUnits);
  const ticks = units / tick;
  if (units % tick !== 0n || ticks > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new Problem(-1013, "Filter failure: PRICE_FILTER");
  }
  return Number(ticks);
}

function readPrice(
  market: Market,
  parameters: Parameters,
  name: string,
  isNeeded: boolean,
): number {
  const price = parameters.decimal(name);
  if (isNeeded && price === null) throw missing(name);
  if (!isNeeded && price !== null) throw notRequired(name);
  return price === null ? 0 : toTicks(market, price);
}

function readStop(
  market: Market,
  parameters: Parameters,
  names: OrderNames,
  isNeeded: boolean,
): number {
  const stop = parameters.decimal(names.stopPrice);
  if (isNeeded && stop === null) {
    throw new Problem(
      -1102,
      `Param '${names.stopPrice}' or '${names.trailingDelta}' must be sent, but both were empty/null!`,
    );
  }
  if (!isNeeded && stop !== null) throw notRequired(names.stopPrice);
  return stop === null ? 0 : toTicks(market, stop, "stopPrice");
}

function readPrevention(parameters: Parameters): SelfTradePrevention {
  const mode = parameters.choice(
    "selfTradePreventionMode",
    preventions,
    invalid(-1013, "This symbol does not allow the specified self-trade prevention mode."),
  );
  return mode ?? "EXPIRE_MAKER";
}
