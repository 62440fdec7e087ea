import type { Account } from "./account.ts";
import type { PlacedOrder } from "./placed-order.ts";

/**
 * The quantity an order asks for at the price of its fill, before lots are rounded; fee included where the size is a
 * share of the equity. Shares and risk take at most what the equity pays for.
 */
export function quantityOf(
  order: PlacedOrder,
  price: number,
  feeRate: number,
  account: Account,
): number {
  const { kind, amount } = order.size;
  switch (kind) {
    case "quantity":
      return amount;
    case "quote":
      return amount / price;
    case "position":
      return Math.abs(account.held);
    case "share":
      return (
        Math.min(account.equityAt(price) * amount, spendable(order, price, account)) /
        (price * (1 + feeRate))
      );
    case "risk": {
      const lossPerUnit = Math.abs(price - order.riskStop);
      const affordable = spendable(order, price, account) / (price * (1 + feeRate));
      return Math.min((account.equityAt(price) * amount) / lossPerUnit, affordable);
    }
  }
}

/** What an order may spend at 1x: the equity less what is already held its way, or more what is held against it. */
function spendable(order: PlacedOrder, price: number, account: Account): number {
  const heldItsWay = order.side === "buy" ? account.held : -account.held;
  return Math.max(0, account.equityAt(price) - heldItsWay * price);
}
