import { end } from "../core/closing.ts";
import { type Core, deposit, flush, openAccount } from "../core/core.ts";
import { isOpen, type OrderRequest, type Side } from "../core/order.ts";
import type { Random } from "../core/random.ts";
import type { Account, Market, Order } from "../core/state.ts";
import { place } from "../core/trading.ts";

/** The market's own two accounts: one quotes, one takes. Clients trade against both like anybody's. */
export type House = {
  readonly market: Market;
  readonly maker: Account;
  readonly taker: Account;
  readonly random: Random;
  quotes: Order[];
  orders: number;
};

const wealth = 10n ** 21n;

/** Opens and funds the accounts of one market. */
export function createHouse(core: Core, market: Market, random: Random): House {
  const [maker, taker] = ["maker", "taker"].map((role) => {
    const account = openAccount(core, `${role}-${market.symbol}`, true);
    for (const asset of [market.base, market.quote]) deposit(core, account, asset, wealth);
    return account;
  });
  if (maker === undefined || taker === undefined) throw new Error("a house has two accounts");
  return { market, maker, taker, random, quotes: [], orders: 0 };
}

const levelsPerSide = 20;

/** Lays a fresh ladder of quotes around a price. */
export function quote(core: Core, house: House, middle: number, lotsPerLevel: number): void {
  withdrawQuotes(core, house, () => true);
  const spacing = Math.max(1, Math.round(middle / 20_000));
  for (let level = 0; level < levelsPerSide; level += 1) {
    const away = spacing * level + 1 + house.random.integer(spacing);
    const size = (): number =>
      Math.max(1, Math.round(lotsPerLevel * (0.3 + house.random.unit()) * (1 + level / 4)));
    offer(core, house, "BUY", middle - away, size());
    offer(core, house, "SELL", middle + away, size());
  }
  flush(core);
}

/** Rests quotes on one side at one price; crossing client orders are traded with first. */
function offer(core: Core, house: House, side: Side, ticks: number, lots: number): void {
  if (ticks < 1) return;
  const placed = place(core, house.maker, house.market, order(house, side, ticks, lots, "GTC"));
  if (placed.kind === "placed" && isOpen(placed.order)) house.quotes.push(placed.order);
}

function withdrawQuotes(core: Core, house: House, isUnwanted: (order: Order) => boolean): void {
  const kept: Order[] = [];
  for (const one of house.quotes) {
    if (!isOpen(one)) continue;
    if (isUnwanted(one)) end(core, one, one.clientId);
    else kept.push(one);
  }
  house.quotes = kept;
}

/**
 * Makes the market trade so many lots at a price: quotes in the way step aside, clients' orders that the
 * price passes are filled first.
 */
export function tradeAt(core: Core, house: House, ticks: number, lots: number): void {
  const { market } = house;
  if (market.status !== "TRADING") return;
  const side: Side = ticks >= market.last ? "BUY" : "SELL";
  withdrawQuotes(core, house, ({ request }) =>
    request.side === "BUY" ? request.limit >= ticks : request.limit <= ticks,
  );
  const enough = Math.max(1, lots);
  offer(core, house, side === "BUY" ? "SELL" : "BUY", ticks, enough);
  const passed = lotsUpTo(market, side, ticks);
  take(core, house, side, ticks, passed);
}

/** Sends an order that trades at once up to a price. */
export function take(core: Core, house: House, side: Side, ticks: number, lots: number): void {
  if (lots < 1 || ticks < 1) return;
  place(core, house.taker, house.market, order(house, side, ticks, lots, "IOC"));
}

function order(
  house: House,
  side: Side,
  limit: number,
  lots: number,
  timeInForce: "GTC" | "IOC",
): OrderRequest {
  house.orders += 1;
  return {
    clientId: `h${house.orders}`,
    side,
    type: "LIMIT",
    timeInForce,
    limit,
    lots,
    quote: 0n,
    isPostOnly: false,
    stop: 0,
    stopAbove: false,
    prevention: "NONE",
  };
}

function lotsUpTo(market: Market, side: Side, ticks: number): number {
  let lots = 0;
  for (const level of market.book.top(side === "BUY" ? "SELL" : "BUY", 5000)) {
    if (side === "BUY" ? level.ticks > ticks : level.ticks < ticks) break;
    lots += level.lots;
  }
  return lots;
}
