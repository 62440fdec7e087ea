import type { OrderKind, Side, Size } from "./order.ts";
import type { RejectionCause } from "./result.ts";

type SizeKind = "quantity" | "quote" | "share" | "risk";

/** A size with its kind named; `position` is all that is open when the order fills. */
export type KnownSize = Readonly<{ kind: SizeKind | "position"; amount: number }>;

type Wish = Readonly<{ side: Side }> & Size;

const fields = (more: string): ReadonlySet<string> =>
  new Set(`side reason quantity quote share risk ${more}`.trim().split(" "));

const waits = "reduceOnly expiresAfter expiresAt";

/** What may be said of an order. Anything else is a slip, and an order that does something else than its author thinks. */
export const fieldsOf: Readonly<Record<OrderKind | "bracket" | "amendment", ReadonlySet<string>>> =
  {
    market: fields("reduceOnly"),
    limit: fields(`${waits} price postOnly timeInForce`),
    stop: fields(`${waits} price`),
    "stop-limit": fields(`${waits} price limit`),
    "take-profit": fields(`${waits} price`),
    "trailing-stop": fields(`${waits} by byAmount from`),
    bracket: fields("expiresAfter expiresAt limit stop target trail"),
    amendment: fields(""),
  };

/** Reads who and how much out of a wish; a cause where it makes no sense. Strategies may hand over anything. */
export function readWish(wish: Wish, known: ReadonlySet<string>): KnownSize | RejectionCause {
  if (typeof wish !== "object" || wish === null) return "bad-request";
  for (const name in wish) if (!known.has(name)) return "unknown-field";
  if (wish.side !== "buy" && wish.side !== "sell") return "bad-request";
  const { quantity, quote, share, risk } = wish as Partial<Record<SizeKind, unknown>>;
  const given =
    count(quantity !== undefined) +
    count(quote !== undefined) +
    count(share !== undefined) +
    count(risk !== undefined);
  if (given !== 1) return "bad-request";
  if (quantity !== undefined) return sizeOf("quantity", quantity);
  if (quote !== undefined) return sizeOf("quote", quote);
  return share !== undefined ? sizeOf("share", share) : sizeOf("risk", risk);
}

const count = (isGiven: boolean) => (isGiven ? 1 : 0);

function sizeOf(kind: SizeKind, amount: unknown): KnownSize | RejectionCause {
  return typeof amount === "number" ? (amountCause(amount) ?? { kind, amount }) : "bad-request";
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

const isPriceOrNone = (price: number | undefined) => price === undefined || isPrice(price);

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
  if (!isPriceOrNone(limit) || !isPriceOrNone(stop) || !isPriceOrNone(target)) return "bad-price";
  const entry = limit ?? lastClose;
  const [below, above] = side === "buy" ? [stop, target] : [target, stop];
  const [belowCause, aboveCause] =
    side === "buy"
      ? (["wrong-side-stop", "wrong-side-target"] as const)
      : (["wrong-side-target", "wrong-side-stop"] as const);
  if (below !== undefined && below >= entry) return belowCause;
  return above !== undefined && above <= entry ? aboveCause : null;
}
