import type { Claim, PlacedOrder } from "./placed-order.ts";

/** What the account of a market tells of its position and its money. */
export type Owner = Readonly<{
  held: number;
  lastPrice: number;
  leverage: number;
  freedBy: (quantity: number, price: number) => number;
  freeAt: (price: number) => number;
  heldMax: (isBuy: boolean, price: number) => number;
}>;

/** What the orders of one market need besides what it needs now: money, and worth of a larger position. */
export type Need = Readonly<{ money: number; exposure: number }>;

const nothing: Need = { money: 0, exposure: 0 };

type ClaimOf = (order: PlacedOrder) => Claim | null;
type Part = Readonly<{ quantity: number; price: number; unitCost: number }>;
type Side = PlacedOrder["side"];

type Counted = Readonly<{ order: PlacedOrder; claim: Claim }>;

/** What orders claim of which only one can fill, and the one that is worth most. */
type Rivalry = { largest: Counted; readonly claims: Claim[] };

/** Money that one unit takes while it is held, and the fee. */
export const unitCostOf = ({ price, feeRate }: Claim, { leverage }: Owner): number =>
  price * (1 / leverage + feeRate);

/** How much of what is held an order of a side would close first. */
export const closedBy = (side: Side, { held }: Owner): number =>
  Math.max(0, side === "sell" ? held : -held);

/**
 * The need of the worst position that the orders of a market can reach: all buys that wait fill, or all sales do. What turns a
 * position needs no more than the other way round exceeds it, and who quotes on both sides needs the larger one.
 */
export function needOf(account: Owner, orders: readonly PlacedOrder[], claimOf: ClaimOf): Need {
  const plain = plainNeed(account, orders, claimOf);
  if (plain !== null) return plain;
  const book = new Book(account, orders, claimOf);
  const [buys, sales] = [book.needOf("buy"), book.needOf("sell")];
  return {
    money: Math.max(0, buys.money, sales.money),
    exposure: Math.max(0, buys.exposure, sales.exposure),
  };
}

/** The same where nothing that waits is tied to others or closes anything: sums. Null where something does. */
function plainNeed(account: Owner, orders: readonly PlacedOrder[], claimOf: ClaimOf): Need | null {
  const money = { buy: 0, sell: 0 };
  const exposure = { buy: 0, sell: 0 };
  for (const order of orders) {
    if (!order.isWaiting) continue;
    const { side, rivals, followers } = order;
    if (followers.length > 0) return null;
    const claim = claimOf(order);
    if (claim === null) continue;
    if (rivals.length > 0 || closedBy(side, account) > 0) return null;
    money[side] += claim.quantity * unitCostOf(claim, account);
    exposure[side] += claim.quantity * claim.price;
  }
  return {
    money: Math.max(money.buy, money.sell),
    exposure: Math.max(exposure.buy, exposure.sell),
  };
}

class Book {
  readonly #account: Owner;
  readonly #waiting: readonly PlacedOrder[];
  readonly #claimOf: ClaimOf;

  constructor(account: Owner, orders: readonly PlacedOrder[], claimOf: ClaimOf) {
    this.#account = account;
    this.#waiting = orders.filter((order) => order.isWaiting && !order.isForced);
    this.#claimOf = claimOf;
    // Stops that follow the price stand where they stand now, whether or not anybody looked.
    for (const { trail } of this.#waiting) trail?.catchUp();
  }

  needOf(side: Side): Need {
    const parts = this.#partsOf(side);
    if (parts.length === 0) return nothing;
    const against = closedBy(side, this.#account);
    const exits = against === 0 ? [] : this.#exits(side);
    const exited = Math.min(against, sumOf(exits));
    const triggers = this.#triggersOf(side);
    const passed = triggers.opened > 0 ? Math.max(0, triggers.opened - this.#exitsBeyond(side)) : 0;
    // Closing a short costs its price, closing a long brings it: the worse of both.
    const isDearFirst = side === "buy" && against > 0;
    const [closers, opening] = cut(parts, against - exited + passed, isDearFirst);
    const closing = exited > 0 ? [...exits, ...closers] : closers;
    const opened = sumOf(opening);
    if (opened <= 1e-9 * sumOf(parts)) return nothing;
    const turned = against > 0 ? this.#account.freedBy(against, meanPriceOf(closing)) : 0;
    const cost = opening.reduce((sum, one) => sum + one.quantity * one.unitCost, 0);
    const worth = opening.reduce((sum, one) => sum + one.quantity * one.price, 0);
    const freed = Math.min(triggers.freed, triggers.cost);
    return { money: cost - turned - freed, exposure: worth - against * this.#account.lastPrice };
  }

  /** What orders add to a side, in the order they wait; of rivals only the largest, since only one can fill. */
  #partsOf(side: Side): readonly Part[] {
    const counted = this.#countedOf(this.#waiting, side);
    const rivalries = rivalriesOf(counted);
    // What closes first depends on quantities, so where something is held the largest of each counts.
    const isTurned = closedBy(side, this.#account) > 0;
    return largestOnly(counted, rivalries).map(({ order, claim }) => {
      const rivalry = isTurned ? rivalries.get(order.rivals) : undefined;
      return rivalry ? largestOf(rivalry.claims, this.#account) : partOf(claim, this.#account);
    });
  }

  #countedOf(orders: readonly PlacedOrder[], side: Side): readonly Counted[] {
    return orders.flatMap((order) => {
      const claim = order.side === side ? this.#claimOf(order) : null;
      return claim === null ? [] : [{ order, claim }];
    });
  }

  /** What may close the position before the other orders of that side do. */
  #exits(side: Side): readonly Part[] {
    const { held, lastPrice } = this.#account;
    return this.#exitsOf(side).map(({ size, price: asked }) => {
      const price = asked > 0 && Number.isFinite(asked) ? asked : lastPrice;
      const { amount, kind } = size;
      const wanted = kind === "quantity" ? amount : Math.abs(held);
      return { quantity: Math.min(Math.abs(held), wanted), price, unitCost: price };
    });
  }

  /** How much more than what is held they close; a whole position however large. */
  #exitsBeyond(side: Side): number {
    const amounts = this.#exitsOf(side).map(({ size: { kind, amount } }) =>
      kind === "quantity" ? amount : Number.POSITIVE_INFINITY,
    );
    const all = amounts.reduce((sum, amount) => sum + amount, 0);
    return Math.max(0, all - closedBy(side, this.#account));
  }

  #exitsOf(side: Side): readonly PlacedOrder[] {
    return this.#waiting.filter((one) => isExitOf(one, side) && one.status === "open");
  }

  /** What must have happened before orders of a side wake: how much was opened that they close, and what closing freed. */
  #triggersOf(side: Side) {
    const account = this.#account;
    let unsold = side === "buy" ? closedBy("sell", account) : closedBy("buy", account);
    const sum = { opened: 0, freed: 0, cost: 0 };
    for (const first of this.#waiting) {
      if (first.followers.length === 0 || first.side === side || first.status !== "open") continue;
      const held = first.followers.filter((one) => one.status === "held");
      const counted = this.#countedOf(held, side);
      const claims = largestOnly(counted, rivalriesOf(counted)).map(({ claim }) => claim);
      if (claims.length === 0) continue;
      const { quantity, price } = this.#takenBy(first);
      const closing = Math.min(unsold, quantity);
      unsold -= closing;
      // What it opens may be closed by others that wake with it.
      const isLeft = [...first.legs, ...first.followers].some((one) => isExitOf(one, side));
      const opened = first.reduceOnly || isLeft ? 0 : quantity - closing;
      const claimed = sumOf(claims);
      const covered = Math.min(opened, claimed);
      sum.opened += covered;
      // What they close of that costs nothing that closing something else would have to pay.
      const all = claims.reduce((money, one) => money + one.quantity * unitCostOf(one, account), 0);
      const cost = (all * (claimed - covered)) / claimed;
      if (closing > 0) sum.freed += Math.min(cost, account.freedBy(closing, price));
      sum.cost += cost;
    }
    return sum;
  }

  /** How much a trigger takes at least, and for what price at the worst; nothing where that is not known. */
  #takenBy(first: PlacedOrder): Readonly<{ quantity: number; price: number }> {
    const claim = this.#claimOf(first);
    if (claim !== null) return claim;
    const { amount, kind } = first.size;
    const { held, lastPrice } = this.#account;
    const asked = first.price > 0 && Number.isFinite(first.price) ? first.price : lastPrice;
    const exits = this.#exits(first.side).map(({ price }) => price);
    const price = first.side === "sell" ? Math.min(asked, ...exits) : Math.max(asked, ...exits);
    if (kind === "quantity") return { quantity: amount, price };
    return { quantity: kind === "position" ? Math.abs(held) : 0, price };
  }
}

/** Cuts off what comes first up to a quantity, the cheap or the dear before the others. */
function cut(
  parts: readonly Part[],
  quantity: number,
  isDearFirst: boolean,
): [Part[], readonly Part[]] {
  const before: Part[] = [];
  if (quantity === 0) return [before, parts];
  const direction = isDearFirst ? -1 : 1;
  const after: Part[] = [];
  let left = quantity;
  for (const part of parts.toSorted((a, b) => direction * (a.unitCost - b.unitCost))) {
    const first = Math.min(left, part.quantity);
    left -= first;
    if (first > 0) before.push({ ...part, quantity: first });
    if (part.quantity > first) after.push({ ...part, quantity: part.quantity - first });
  }
  return [before, after];
}

function rivalriesOf(counted: readonly Counted[]): ReadonlyMap<readonly PlacedOrder[], Rivalry> {
  const rivalries = new Map<readonly PlacedOrder[], Rivalry>();
  for (const one of counted) {
    const { rivals } = one.order;
    if (rivals.length === 0) continue;
    const known = rivalries.get(rivals) ?? { largest: one, claims: [] };
    if (worthOf(one.claim) > worthOf(known.largest.claim)) known.largest = one;
    known.claims.push(one.claim);
    rivalries.set(rivals, known);
  }
  return rivalries;
}

const largestOnly = (counted: readonly Counted[], rivalries: ReturnType<typeof rivalriesOf>) =>
  counted.filter((one) => (rivalries.get(one.order.rivals)?.largest ?? one) === one);

const worthOf = ({ quantity, price }: Claim) => quantity * price;

const partOf = (claim: Claim, account: Owner): Part => ({
  quantity: claim.quantity,
  price: claim.price,
  unitCost: unitCostOf(claim, account),
});

const largestOf = (claims: readonly Claim[], account: Owner): Part => ({
  quantity: Math.max(...claims.map(({ quantity }) => quantity)),
  price: Math.max(...claims.map(({ price }) => price)),
  unitCost: Math.max(...claims.map((one) => unitCostOf(one, account))),
});

const isExitOf = ({ isWaiting, reduceOnly, side }: PlacedOrder, ofSide: Side) =>
  isWaiting && reduceOnly && side === ofSide;

const sumOf = (parts: readonly Readonly<{ quantity: number }>[]) =>
  parts.reduce((sum, { quantity }) => sum + quantity, 0);

function meanPriceOf(parts: readonly Part[]): number {
  const worth = parts.reduce((sum, { quantity, price }) => sum + quantity * price, 0);
  return worth / sumOf(parts);
}
