import { Arrivals } from "./arrivals.ts";
import { Claimant } from "./claimant.ts";
import { type Claimed, nothingClaimed } from "./claims.ts";
import type { Clock } from "./clock.ts";
import type { Detail } from "./columns.ts";
import { Execution, type ExecutionNeeds, type Standing } from "./execution.ts";
import { endOfBlock } from "./extremes.ts";
import type { FillLog } from "./fill-log.ts";
import { fillSettingsOf } from "./fill-settings.ts";
import { LastPrice } from "./last-price.ts";
import { LateChanges } from "./late-changes.ts";
import { noCandle } from "./lookout.ts";
import { Matching, type Opened, type PayDue, type Rows } from "./matching.ts";
import { Moment } from "./moment.ts";
import type { Step } from "./opens.ts";
import type { Order } from "./order.ts";
import { OrderChanges } from "./order-changes.ts";
import type { OrderCounts } from "./order-counts.ts";
import type { PlacedOrder } from "./placed-order.ts";
import { Placing } from "./placing.ts";
import type { LiquidationLevel, RejectionCause } from "./result.ts";

export type BrokerNeeds = ExecutionNeeds &
  Readonly<{ detail?: Detail | undefined; lengthMs: number }>;

const openOrdersMax = 1_000;

/** How far is looked ahead right after orders changed. */
const nearby = 64;

/** Takes the orders of one market in, and lets candles meet those that wait. */
export class Broker {
  /** The next candle that may concern an order; until then none needs to be looked at. */
  due = noCandle;
  /** Whether that candle is known to reach one. */
  #isDueReached = false;
  /** Why nothing can be traded now; null where it can. */
  refusal: RejectionCause | null = null;
  readonly arrivals: Arrivals;
  /** How a strategy places orders. */
  readonly placing: Placing;
  /** What can be done with orders that wait. */
  readonly changes: OrderChanges;
  readonly #clock: Clock;
  readonly #execution: Execution;
  readonly #matching: Matching;
  readonly #late = new LateChanges();
  /** What lets orders hold their money; null where one market has the whole wallet. */
  readonly #claimant: Claimant | null;
  /** How many candles are looked at ahead: few while orders come and go, ever more while they wait. */
  #ahead = nearby;

  constructor(needs: BrokerNeeds, clock: Clock) {
    const fillSettings = fillSettingsOf(needs.settings);
    const moment = new Moment();
    const late = this.#late;
    const execution = new Execution(needs, fillSettings, moment, clock);
    const lastPrice = new LastPrice(needs.candles.close, needs.market.tick, clock);
    const arrivals = new Arrivals(needs, clock);
    const { account } = needs;
    const claimant =
      account.claims && new Claimant(account, account.claims, execution, needs.lengthMs);
    this.#clock = clock;
    this.#execution = execution;
    this.#claimant = claimant;
    this.#matching = new Matching({ ...needs, moment, late }, fillSettings, execution);
    this.arrivals = arrivals;
    this.placing = new Placing(
      {
        ...needs,
        arrivals,
        lastPrice,
        take: (order, cause) => this.#take(order, cause),
        catchUp: () => this.#matching.lookout.catchUp(clock.index + 1),
        hold: (order) => void execution.orders.push(order),
      },
      clock,
    );
    this.changes = new OrderChanges({
      execution,
      lastPrice,
      late,
      claimant,
      arrival: () => arrivals.next,
      lookSoon: () => {
        this.#matching.lookout.lookAnyway();
        this.#lookSoon();
      },
    });
  }

  get fills(): FillLog {
    return this.#execution.fills;
  }

  get rejected(): Readonly<Partial<Record<RejectionCause, number>>> {
    return this.#execution.rejected;
  }

  get orderCounts(): OrderCounts {
    const open = this.#execution.orders.filter((one) => one.status === "open" && !one.isForced);
    const openExits = open.filter((order) => this.#execution.admission.isExit(order)).length;
    const openEntries = open.length - openExits;
    return this.#execution.tally.counts({ openEntries, openExits });
  }

  get liquidationLevels(): readonly LiquidationLevel[] {
    return this.#execution.liquidationLevels;
  }

  /** What orders of other markets hold. */
  get claimedElsewhere(): Claimed {
    return this.#claimant?.claimedElsewhere ?? nothingClaimed;
  }

  /** Whether position or exits changed at this open, and money lacks for what orders hold. */
  get isShort(): boolean {
    return this.#claimant?.isShort ?? false;
  }

  /**
   * Orders that wait from this open on, and are to take their money after all that fills at opens of that time; where it is short,
   * also those that have some.
   */
  coming(index: number, time: number, isShort: boolean): readonly PlacedOrder[] {
    return this.#claimant?.coming(index, time, isShort) ?? [];
  }

  /** Whether the next open may let orders take money. */
  get isClaimDue(): boolean {
    return this.#claimant?.isDue ?? false;
  }

  /** Lets one of them take its money where the market is at this price, or refuses it. */
  claim(order: PlacedOrder, price: number): void {
    this.#claimant?.claim(order, price);
  }

  /** Nothing can be traded any more. */
  end(): void {
    this.refusal = "not-trading";
    this.#claimant?.end();
  }

  /** What stood when the open of the candle at the clock had been met. */
  get standingAtOpen(): Standing {
    return this.#execution.standingAtOpen;
  }

  /** Looks again where the position is to be liquidated: money came or went without a fill. */
  settle(): void {
    if (!this.#execution.settle(-1, false)) return;
    this.#matching.lookout.lookAnyway();
    this.#lookSoon();
  }

  get ambiguousCandles(): number {
    return this.#matching.ambiguousCandles;
  }

  get openOrders(): readonly Order[] {
    return this.#execution.orders
      .filter((order) => order.isWaiting && !order.isForced)
      .map((order) => order.view);
  }

  /** Whether something that is due inside a candle is paid between finer ones. */
  get isDetailed(): boolean {
    return this.#matching.isDetailed;
  }

  /**
   * Begins to fill what the open of the candle at the clock reaches; `isRestKnown` says whether slippage may read the rest of it.
   * Tells each step before it is taken; null where nothing changes or fills.
   */
  open(isRestKnown: () => boolean): Iterator<Step, void> | null {
    const { index } = this.#clock;
    if (index < this.due || !this.#isConcerned) return null;
    this.#lookSoon();
    this.#matching.lookout.resume(index);
    return this.#matching.open(index, isRestKnown());
  }

  /** Whether an order makes the position smaller and nothing else. */
  onlyReduces(order: PlacedOrder): boolean {
    return this.#execution.admission.onlyReduces(order);
  }

  /**
   * Fills what the candle at the clock reaches; looks ahead to before the candle `to` for the next one. What `payDue` pays between
   * finer candles may move a liquidation to where the candle goes, so such a candle is met in any case.
   */
  match(to: number, payDue: PayDue | null = null): void {
    const { index } = this.#clock;
    this.#matching.lookout.resume(index);
    if (!this.#isDueReached && payDue === null) {
      this.#lookAhead(index, to);
      if (this.due > index) return;
    }
    if (this.#isConcerned) {
      this.#matching.meet(index, payDue);
      this.#ahead = nearby;
    }
    this.#lookAhead(index + 1, to);
  }

  /** Whether the candle `index` comes to where an order waits, moves or ends. */
  comesToOrder(index: number): boolean {
    return this.#isConcerned && this.#matching.comesToOrder(index);
  }

  /** With what the candle `index` opens: its first finer candle, which says when its first trade came, or by itself. */
  openingOf(index: number): Opened {
    return this.#matching.openingOf(index);
  }

  /** The finer candles that make up the candle `index` and open from a time on; null without any. */
  rowsOf(index: number, fromMs: number): Rows | null {
    return this.#matching.rowsOf(index, fromMs);
  }

  /** As `open`, for a finer candle inside the candle at the clock. */
  openFiner(row: number, isRestKnown: boolean): Iterator<Step, void> | null {
    this.#lookSoon();
    return this.#matching.openFiner(row, this.#clock.index, isRestKnown);
  }

  /** Fills what a finer candle inside the candle at the clock reaches; `endFiner` follows once the candle has closed. */
  meetFiner(row: number): void {
    this.#matching.meetFiner(row, this.#clock.index);
    this.#lookSoon();
  }

  /** The candle at the clock has closed, and its finer ones were met. */
  endFiner(): void {
    this.#matching.end(this.#clock.index);
    this.#lookAhead(this.#clock.index + 1, this.#clock.index + 1);
  }

  /** Looks from the candle `from` to before `to` for the next one that concerns an order. */
  #lookAhead(from: number, to: number): void {
    this.#isDueReached = false;
    this.due = noCandle;
    if (!this.#isConcerned) return;
    const end = Math.min(to, endOfBlock(from + this.#ahead));
    this.due = this.#matching.lookout.nextReached(from, end);
    this.#isDueReached = this.due < end;
    this.#ahead *= 2;
  }

  /** The exchange takes the position at a price inside the candle at the clock. */
  takeOver(price: number): void {
    this.#matching.lookout.catchUp(this.#clock.index + 1);
    this.#matching.takeOver(this.#clock.index, price);
    this.#lookSoon();
  }

  /** Whether anything waits for candles: orders, or changes on their way. */
  get #isConcerned(): boolean {
    return this.#execution.orders.length > 0 || !this.#late.isEmpty;
  }

  /** Fills at the close of the candle at the clock what was placed on it. */
  matchClose(): void {
    this.#matching.lookout.catchUp(this.#clock.index + 1);
    this.#matching.meetClose(this.#clock.index);
    this.due = this.#execution.orders.length > 0 ? 0 : noCandle;
    this.#isDueReached = false;
  }

  /** Orders changed: the next candle is looked at. */
  #lookSoon(): void {
    this.due = 0;
    this.#isDueReached = false;
    this.#ahead = nearby;
  }

  #take(order: PlacedOrder, cause: RejectionCause | null): Order {
    const isFull =
      this.#execution.orders.length >= openOrdersMax && this.openOrders.length >= openOrdersMax;
    const refused = this.refusal ?? cause ?? (isFull ? "too-many-orders" : null);
    if (refused !== null) {
      this.#execution.refuse(order, refused);
      return order.view;
    }
    order.move("accept");
    const arrival = this.arrivals.next;
    if (arrival !== null) order.delay(arrival);
    this.#execution.orders.push(order);
    this.#claimant?.add(order);
    this.#matching.lookout.catchUp(this.#clock.index + 1);
    this.#matching.lookout.watch(order);
    this.#lookSoon();
    return order.view;
  }
}
