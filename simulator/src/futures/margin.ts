import { findMarket, owner } from "../api/operation.ts";
import { Problem } from "../api/problem.ts";
import { balanceOf } from "../core/account.ts";
import { flush, move } from "../core/core.ts";
import { formatUnits } from "../core/decimal.ts";
import { worth } from "../core/market.ts";
import type { Market } from "../core/state.ts";
import type { FuturesCall } from "./call.ts";
import { unrealised } from "./positions.ts";
import { marginAsset } from "./settlement.ts";

type View = Record<string, unknown>;
export const mostLeverage = 125;

export function marketOf({ venue, parameters }: FuturesCall): Market {
  return findMarket(venue, parameters.required("symbol"));
}

export function setLeverage(call: FuturesCall): View {
  const market = marketOf(call);
  const position = call.venue.positions.of(owner(call), market);
  const leverage = call.parameters.integer("leverage");
  if (leverage === null || leverage < 1 || leverage > mostLeverage) {
    throw new Problem(-4028, `Leverage ${leverage ?? ""} is not valid`);
  }
  if (position.isIsolated && position.lots !== 0 && leverage < position.leverage) {
    throw new Problem(
      -4161,
      "Leverage reduction is not supported in Isolated Margin Mode with open positions.",
    );
  }
  position.leverage = leverage;
  return { symbol: market.symbol, leverage, maxNotionalValue: "100000000" };
}

export function setMarginType(call: FuturesCall): View {
  const market = marketOf(call);
  const account = owner(call);
  const position = call.venue.positions.of(account, market);
  const kind = call.parameters.choice(
    "marginType",
    ["ISOLATED", "CROSSED"],
    () => new Problem(-4048, "Margin type is invalid."),
  );
  if (kind === null)
    throw new Problem(
      -1102,
      "Mandatory parameter 'marginType' was not sent, was empty/null, or malformed.",
    );
  const isIsolated = kind === "ISOLATED";
  if (position.isIsolated === isIsolated)
    throw new Problem(-4046, "No need to change margin type.");
  if (position.lots !== 0)
    throw new Problem(-4048, "Margin type cannot be changed if there exists position.");
  const hasOrders = [...account.openByClientId.values()].some((order) => order.market === market);
  if (hasOrders)
    throw new Problem(-4047, "Margin type cannot be changed if there exists open orders.");
  position.isIsolated = isIsolated;
  return { code: 200, msg: "success" };
}

/** Type 1 adds margin to an isolated position, 2 takes what it can spare. */
export function changeMargin(call: FuturesCall): View {
  const { venue, parameters } = call;
  const account = owner(call);
  const position = venue.positions.of(account, marketOf(call));
  const units = parameters.decimal("amount");
  const type = parameters.integer("type");
  if (units === null || units === 0n) throw new Problem(-4050, "Cross balance insufficient.");
  if (!position.isIsolated || position.lots === 0)
    throw new Problem(-4054, "Cannot add position margin: position is 0.");
  const { mark } = venue.risk.of(position.market);
  const spare =
    position.margin +
    unrealised(position, mark) -
    worth(position.market, mark, Math.abs(position.lots)) / BigInt(position.leverage);
  if (type === 1 && units > balanceOf(account, marginAsset).free)
    throw new Problem(-4050, "Cross balance insufficient.");
  if (type !== 1 && (units > spare || units > position.margin))
    throw new Problem(-4051, "Isolated balance insufficient.");
  const added = type === 1 ? units : -units;
  position.margin += added;
  move(venue.core, account, marginAsset, -added, added, "margin");
  flush(venue.core);
  return {
    amount: Number(formatUnits(units)),
    code: 200,
    msg: "Successfully modify position margin.",
    type,
  };
}
