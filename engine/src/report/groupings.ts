import { CompensatedSum } from "../compensated.ts";
import type { EngineTrade } from "../result.ts";
import {
  dayOf,
  firstOfMonth,
  firstOfYear,
  hourOf,
  monthKey,
  weekdayOf,
  yearKey,
} from "./calendar.ts";
import { type Regime, regimes } from "./regime.ts";

const dayMs = 86_400_000;

/** Closed trades that have something in common; money after fees, in the quote currency. */
export type TradeGroup = Readonly<{
  key: string;
  trades: number;
  won: number;
  lost: number;
  net: number;
  fees: number;
  winShare: number | null;
  profitFactor: number | null;
  average: number;
  averageShare: number;
  best: number;
  worst: number;
  averageDays: number;
}>;

/** What trades can have in common; regime, hours and days are those of the entry, UTC. */
export type Grouping =
  | "market"
  | "side"
  | "entryReason"
  | "exitReason"
  | "entryAndExit"
  | "regime"
  | "hour"
  | "weekday"
  | "month"
  | "year";
export type Groupings = Readonly<Record<Grouping, readonly TradeGroup[]>>;

/** Closed trades by everything they can be told apart by. */
export function groupTrades(
  closed: readonly EngineTrade[],
  regimeOf: (trade: EngineTrade) => Regime,
): Groupings {
  const byCount = (keyOf: (trade: EngineTrade) => string) =>
    groupsOf(closed, keyOf, String).sort((a, b) => b.trades - a.trades || (a.key < b.key ? -1 : 1));
  const inOrder = (keyOf: (trade: EngineTrade) => number, nameOf: (key: number) => string) =>
    groupsOf(closed, keyOf, nameOf).sort((a, b) => (a.key < b.key ? -1 : 1));
  return {
    market: byCount((trade) => trade.market),
    side: byCount((trade) => trade.side),
    entryReason: byCount((trade) => trade.entryReason),
    exitReason: byCount((trade) => trade.exitReason),
    entryAndExit: byCount((trade) => `${trade.entryReason} → ${trade.exitReason}`),
    regime: groupsOf(closed, regimeOf, String).sort((a, b) => placeOf(a) - placeOf(b)),
    hour: inOrder(
      (trade) => hourOf(trade.entryAt),
      (hour) => String(hour).padStart(2, "0"),
    ),
    weekday: inOrder((trade) => weekdayOf(trade.entryAt), String),
    month: inOrder((trade) => firstOfMonth(dayOf(trade.entryAt)), monthKey),
    year: inOrder((trade) => firstOfYear(dayOf(trade.entryAt)), yearKey),
  };
}

const placeOf = ({ key }: TradeGroup) => regimes.indexOf(key as Regime);

function groupsOf<Key>(
  closed: readonly EngineTrade[],
  keyOf: (trade: EngineTrade) => Key,
  nameOf: (key: Key) => string,
): TradeGroup[] {
  const groups = new Map<Key, GroupSums>();
  for (const trade of closed) {
    const key = keyOf(trade);
    let group = groups.get(key);
    if (group === undefined) {
      group = new GroupSums();
      groups.set(key, group);
    }
    group.add(trade);
  }
  return [...groups].map(([key, group]) => group.described(nameOf(key)));
}

/** Sums up trades one by one: a slider asks for all groups anew while it moves. */
class GroupSums {
  #trades = 0;
  #won = 0;
  #lost = 0;
  readonly #profits = new CompensatedSum();
  readonly #losses = new CompensatedSum();
  readonly #fees = new CompensatedSum();
  #shares = 0;
  #heldMs = 0;
  #best = Number.NEGATIVE_INFINITY;
  #worst = Number.POSITIVE_INFINITY;

  add({ pnl, pnlShare, fees, entryAt, exitAt }: EngineTrade): void {
    this.#trades++;
    if (pnl > 0) this.#won++;
    if (pnl < 0) this.#lost++;
    if (pnl < 0) this.#losses.add(pnl);
    else this.#profits.add(pnl);
    this.#fees.add(fees);
    this.#shares += pnlShare;
    this.#heldMs += exitAt - entryAt;
    if (pnl > this.#best) this.#best = pnl;
    if (pnl < this.#worst) this.#worst = pnl;
  }

  described(key: string): TradeGroup {
    const trades = this.#trades;
    const net = this.#profits.value + this.#losses.value;
    return {
      key,
      trades,
      won: this.#won,
      lost: this.#lost,
      net,
      fees: this.#fees.value,
      winShare: this.#won / trades,
      profitFactor: this.#lost === 0 ? null : this.#profits.value / -this.#losses.value,
      average: net / trades,
      averageShare: this.#shares / trades,
      best: this.#best,
      worst: this.#worst,
      averageDays: this.#heldMs / trades / dayMs,
    };
  }
}
