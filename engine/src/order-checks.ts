import type { Side, Size } from "./order.ts";
import type { RejectionCause } from "./result.ts";

const sizeKeys = ["quantity", "quote", "share", "risk"] as const;
type SizeKind = (typeof sizeKeys)[number];

/** A size with its kind named; `position` is all that is open when the order fills. */
export type KnownSize = Readonly<{ kind: SizeKind | "position"; amount: number }>;

type Wish = Readonly<{ side: Side }> & Size;

/** Reads who and how much out of a wish; a cause where it makes no sense. Strategies may hand over anything. */
export function readWish(wish: Wish): KnownSize | RejectionCause {
  if (typeof wish !== "object" || wish === null) return "bad-request";
  if (wish.side !== "buy" && wish.side !== "sell") return "bad-request";
  const given = sizeKeys.filter(
    (key) => (wish as Partial<Record<SizeKind, unknown>>)[key] !== undefined,
  );
  const kind = given[0];
  if (kind === undefined || given.length > 1) return "bad-request";
  const amount = (wish as Partial<Record<SizeKind, unknown>>)[kind];
  if (typeof amount !== "number") return "bad-request";
  return amountCause(amount) ?? { kind, amount };
}

function amountCause(amount: number): RejectionCause | null {
  if (Number.isNaN(amount)) return "not-a-number";
  if (amount === Number.POSITIVE_INFINITY || amount === Number.NEGATIVE_INFINITY) return "infinite";
  if (amount === 0) return "zero-quantity";
  return amount < 0 ? "negative-quantity" : null;
}

/** Whether a number can be the price of an order. */
export const isPrice = (price: unknown): price is number =>
  typeof price === "number" && Number.isFinite(price) && price > 0;

/** A stop waits beyond the market: above it to buy, below it to sell. */
export const stopCause = (side: Side, price: number, market: number): RejectionCause | null =>
  (side === "buy" ? price > market : price < market) ? null : "wrong-side-stop";

/** A bracket's prices on the market's grid; what it does not have is undefined. */
export type BracketPrices = Readonly<Record<"limit" | "stop" | "target", number | undefined>>;

/** The prices of a bracket must surround its entry: the limit, or the last close for a market entry. */
export function bracketCause(
  side: Side,
  { limit, stop, target }: BracketPrices,
  lastClose: number,
): RejectionCause | null {
  const given = [limit, stop, target].filter((price) => price !== undefined);
  if (!given.every(isPrice)) return "bad-price";
  const entry = limit ?? lastClose;
  const [below, above] = side === "buy" ? [stop, target] : [target, stop];
  const [belowCause, aboveCause] =
    side === "buy"
      ? (["wrong-side-stop", "wrong-side-target"] as const)
      : (["wrong-side-target", "wrong-side-stop"] as const);
  if (below !== undefined && below >= entry) return belowCause;
  return above !== undefined && above <= entry ? aboveCause : null;
}
