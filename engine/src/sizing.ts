import type { Account } from "./account.ts";
import type { PlacedOrder } from "./placed-order.ts";

/** More than this share of what is affordable is no difference of rounding. */
const roundingShare = 1e-9;

/**
 * The quantity an order asks for at the price of its fill, before lots are rounded; fee included where the size is a
 * share of the equity. A share is put up as margin, so that leverage makes its position larger. Shares and risk take at
 * most what the equity carries that nobody else claims, and so does an order that claimed its money.
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
    case "quote": {
      const asked = kind === "quantity" ? amount : amount / price;
      if (order.claim === 0) return asked;
      const most = mostOf(order, price, account, claimed) / unitCost(price, feeRate, account);
      return asked > most * (1 + roundingShare) ? most : asked;
    }
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

const mostOf = ({ side }: PlacedOrder, price: number, account: Account, claimed: number) =>
  account.notionalMax(side === "buy", price, claimed);

/** What one unit takes of the largest notional that funds carry. */
const unitCost = (price: number, feeRate: number, { leverage }: Account) =>
  price * (1 + feeRate * leverage);
