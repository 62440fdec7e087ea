import type { Account } from "./account.ts";
import type { PlacedOrder } from "./placed-order.ts";

/**
 * The quantity an order asks for at the price of its fill, before lots are rounded; fee included where the size is a
 * share of the equity. A share is put up as margin, so that leverage makes its position larger. Shares and risk take at
 * most what the equity carries that nobody else claims.
 */
export function quantityOf(
  order: PlacedOrder,
  price: number,
  feeRate: number,
  account: Account,
  claimed: number,
): number {
  const { kind, amount } = order.size;
  switch (kind) {
    case "quantity":
      return amount;
    case "quote":
      return amount / price;
    case "position":
      return Math.abs(account.held);
    case "share": {
      const asked = account.equityAt(price) * amount * account.leverage;
      const most = mostOf(order, price, account, claimed);
      return Math.min(asked, most) / unitCost(price, feeRate, account);
    }
    case "risk": {
      const lossPerUnit = Math.abs(price - order.riskStop);
      const most = mostOf(order, price, account, claimed) / unitCost(price, feeRate, account);
      return Math.min((account.equityAt(price) * amount) / lossPerUnit, most);
    }
  }
}

/** The same, whether or not the equity carries it. */
export function askedOf(
  order: PlacedOrder,
  price: number,
  feeRate: number,
  account: Account,
): number {
  const { kind, amount } = order.size;
  const equity = account.equityAt(price) * amount;
  if (kind === "share") return (equity * account.leverage) / unitCost(price, feeRate, account);
  if (kind === "risk") return equity / Math.abs(price - order.riskStop);
  return quantityOf(order, price, feeRate, account, 0);
}

const mostOf = ({ side }: PlacedOrder, price: number, account: Account, claimed: number) =>
  account.notionalMax(side === "buy", price, claimed);

/** What one unit takes of the largest notional that funds carry. */
const unitCost = (price: number, feeRate: number, { leverage }: Account) =>
  price * (1 + feeRate * leverage);
