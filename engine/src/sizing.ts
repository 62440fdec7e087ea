import type { Account } from "./account.ts";
import type { PlacedOrder } from "./placed-order.ts";

/**
 * The quantity an order asks for at the price of its fill, before lots are rounded; fee included where the size is a
 * share of the equity. A share is put up as margin, so that leverage makes its position larger. Shares and risk take at
 * most what the equity carries.
 */
export function quantityOf(
  order: PlacedOrder,
  price: number,
  feeRate: number,
  account: Account,
): number {
  const { kind, amount } = order.size;
  const { leverage } = account;
  switch (kind) {
    case "quantity":
      return amount;
    case "quote":
      return amount / price;
    case "position":
      return Math.abs(account.held);
    case "share":
      return (
        Math.min(account.equityAt(price) * amount * leverage, mostOf(order, price, account)) /
        (price * (1 + feeRate * leverage))
      );
    case "risk": {
      const lossPerUnit = Math.abs(price - order.riskStop);
      const affordable = mostOf(order, price, account) / (price * (1 + feeRate * leverage));
      return Math.min((account.equityAt(price) * amount) / lossPerUnit, affordable);
    }
  }
}

const mostOf = ({ side }: PlacedOrder, price: number, account: Account) =>
  account.notionalMax(side === "buy", price);
