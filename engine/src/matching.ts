import type { Account } from "./account.ts";
import type { Columns, Detail } from "./columns.ts";
import { Doubts } from "./doubts.ts";
import type { Execution } from "./execution.ts";
import { extremesOf } from "./extremes.ts";
import { FinerCandles } from "./finer-candles.ts";
import type { LateChanges } from "./late-changes.ts";
import { Lookout } from "./lookout.ts";
import type { Moment } from "./moment.ts";
import { Opens, type Step } from "./opens.ts";
import { PathInside } from "./path-inside.ts";
import { Reach } from "./reach.ts";
import type { FillSettings } from "./run-settings.ts";
import { Ways } from "./ways.ts";
import { WorstInside } from "./worst-inside.ts";

/** The first of some finer candles, and the one after the last. */
export type Rows = readonly [from: number, to: number];

/** When a candle opens, and whether it does so with a finer one. */
export type Opened = Readonly<{ at: number; isFiner: boolean }>;

/** Pays what is due by the open of a finer candle, where the market stands at `price`. */
export type PayDue = (opensAt: number, price: number) => void;

export type MatchingNeeds = Readonly<{
  candles: Columns;
  account: Account;
  moment: Moment;
  late: LateChanges;
  detail?: Detail | undefined;
  /** Length of a candle. */
  lengthMs: number;
}>;

/**
 * Which waiting orders a candle meets: at its open market orders, then limits and stops that the open reached or passed, which
 * fill at the open; then what it does inside, by the policy. The policy `detail` meets the finer candles inside the candle one
 * by one, each as `pessimistic` would.
 */
export class Matching {
  ambiguousCandles = 0;
  readonly lookout: Lookout;
  readonly #candles: Columns;
  readonly #execution: Execution;
  readonly #moment: Moment;
  readonly #late: LateChanges;
  readonly #reach: Reach;
  readonly #opens: Opens;
  readonly #inside: PathInside | WorstInside;
  readonly #volumeShareMax: number | null;
  readonly #finer: FinerCandles | null;
  readonly #lengthMs: number;
  readonly #doubts: Doubts;
  readonly #ways: Ways;
  /** When the last candle opened, finer or not, that was let open before it closed; `NaN` before the first. */
  #opened = Number.NaN;
  /** The candle whose finer ones are met one by one as each of them closes; -1 before the first. */
  #stepped = -1;
  /** The candle that has been met to its end last; -1 before the first. */
  #ended = -1;
  /** Whether what waits now is watched already. */
  #isWatched = false;

  constructor(needs: MatchingNeeds, fillSettings: FillSettings, execution: Execution) {
    const { account, candles, detail, late, lengthMs, moment } = needs;
    const { fillPolicy, volumeShareMax } = fillSettings;
    this.#candles = candles;
    this.#execution = execution;
    this.#moment = moment;
    this.#late = late;
    this.#doubts = new Doubts(execution, moment);
    this.#reach = new Reach(execution, moment);
    this.#opens = new Opens(execution, moment, late, this.#reach);
    const path = new PathInside(execution, moment, this.#reach);
    this.#ways = new Ways(account, execution, moment, this.#reach, path);
    this.#inside =
      fillPolicy === "path" ? path : new WorstInside(execution, moment, this.#reach, this.#ways);
    this.#volumeShareMax = volumeShareMax;
    this.#finer = fillPolicy === "detail" && detail ? new FinerCandles(detail.candles) : null;
    this.#lengthMs = lengthMs;
    this.lookout = new Lookout(extremesOf(candles), this.#finer !== null);
  }

  /** Whether finer candles are read. */
  get isDetailed(): boolean {
    return this.#finer !== null;
  }

  /**
   * Begins to let the open of the candle `index` meet what waits, mostly while the rest is not known yet; `meet` goes on from there.
   * Tells each step before it is taken, so that those of other markets may come first; null where nothing changes or fills.
   */
  open(index: number, isRestKnown: boolean): Iterator<Step, void> | null {
    const { candles, row } = this.#firstOf(index);
    return this.#open(candles, row, index, isRestKnown);
  }

  /** Lets the candle `index` meet every order that was placed before it. */
  meet(index: number, payDue: PayDue | null): void {
    this.#begin();
    if (this.#finer === null || !this.#meetAllFiner(this.#finer, index, payDue)) {
      this.#meetRow(this.#candles, index, index);
    }
    this.end(index);
  }

  /** Whether the candle `index` comes to where anything waits now. */
  comesToOrder(index: number): boolean {
    if (this.lookout.nextReached(index, index + 1) > index) return false;
    this.#lookAgain();
    return this.lookout.nextReached(index, index + 1) === index;
  }

  /** The finer candles that make up the candle `index` and open from a time on; null without any. */
  rowsOf(index: number, fromMs: number): Rows | null {
    if (this.#finer === null) return null;
    const rows = this.#finerOf(this.#finer, index);
    if (rows === null) return null;
    const { time } = this.#finer.candles;
    let [from, to] = rows;
    while (from < to && (time[from] as number) < fromMs) from++;
    return from < to ? [from, to] : null;
  }

  /** As `open`, for a finer candle inside the candle `index`; `meetFiner` goes on from there. */
  openFiner(row: number, index: number, isRestKnown: boolean): Iterator<Step, void> | null {
    if (this.#finer === null) return null;
    return this.#open(this.#finer.candles, row, index, isRestKnown);
  }

  /** Lets a finer candle inside the candle `index` meet what waits, as it closes; `end` follows when the candle does. */
  meetFiner(row: number, index: number): void {
    if (this.#finer === null) return;
    if (this.#stepped !== index) this.#begin();
    this.#stepped = index;
    this.#meetRow(this.#finer.candles, row, index);
    // What is due later in the candle is for who holds now.
    this.#execution.goInside();
    this.#lookAgain();
  }

  #begin(): void {
    this.#reach.isAmbiguous = false;
    this.#isWatched = false;
  }

  /** The candle `index` has closed, and all of it was met. */
  end(index: number): void {
    this.#ended = index;
    if (this.#reach.isAmbiguous) this.ambiguousCandles++;
    if (this.#endByCount(index) || !this.#isWatched) this.#lookAgain();
  }

  #open(
    candles: Columns,
    row: number,
    index: number,
    isRestKnown: boolean,
  ): Iterator<Step, void> | null {
    if (isRestKnown) this.#moment.read(candles, row, index, this.#volumeShareMax);
    else this.#moment.readOpen(candles, row, index, this.#volumeShareMax);
    this.#opened = candles.time[row] as number;
    const steps = this.#opens.inTurn();
    this.#lookAgain();
    return steps && this.#thenLookAgain(steps);
  }

  *#thenLookAgain(steps: Iterator<Step, void>): Generator<Step, void> {
    for (let next = steps.next(); next.done !== true; next = steps.next()) yield next.value;
    this.#lookAgain();
  }

  /** The exchange takes the position at a price inside the candle `index`: it is assumed that the market came there. */
  takeOver(index: number, price: number): void {
    this.#moment.read(this.#candles, index, index, this.#volumeShareMax);
    this.#execution.takeOver(price);
    const isUnderWay = this.#stepped === index && this.#ended !== index;
    const isCounted = this.#ended === index && this.#reach.isAmbiguous;
    if (!isUnderWay && !isCounted) this.ambiguousCandles++;
    this.#reach.isAmbiguous = true;
    this.#lookAgain();
  }

  /** Lets orders that were just placed on the close of the candle `index` meet that close. */
  meetClose(index: number): void {
    this.#moment.readClose(this.#candles, index, this.#volumeShareMax);
    this.#opens.meetOrders();
    this.#lookAgain();
  }

  /** The finer candles inside the candle `index`; null where they are not all there. */
  #finerOf(finer: FinerCandles, index: number): Rows | null {
    const time = this.#candles.time[index] as number;
    const [from, to] = finer.within(time, time + this.#lengthMs);
    return finer.makeUp(from, to, this.#candles, index) ? [from, to] : null;
  }

  /** Whether the finer candles inside the candle `index` are all there; else none of them is met. */
  #meetAllFiner(finer: FinerCandles, index: number, payDue: PayDue | null): boolean {
    const rows = this.#finerOf(finer, index);
    if (rows === null) return false;
    const [from, to] = rows;
    for (let row = from; row < to; row++) {
      payDue?.(finer.candles.time[row] as number, this.#lastClose(finer, row, from, index));
      this.#meetRow(finer.candles, row, index);
    }
    return true;
  }

  /** The last close before a finer candle. */
  #lastClose(finer: FinerCandles, row: number, first: number, index: number): number {
    const close = row > first ? finer.candles.close[row - 1] : this.#candles.close[index - 1];
    return close as number;
  }

  /** With what the candle `index` opens: its first finer candle, which says when its first trade came, or by itself. */
  openingOf(index: number): Opened {
    const { candles, row } = this.#firstOf(index);
    return { at: candles.time[row] as number, isFiner: candles === this.#finer?.candles };
  }

  /** The first finer candle inside the candle `index`; where that is missing, the candle itself. */
  #firstOf(index: number): Readonly<{ candles: Columns; row: number }> {
    const row = this.#finer?.firstOf(this.#candles, index, this.#lengthMs) ?? 0;
    // Before the first one nothing is known of its range.
    const isThere = this.#finer !== null && row > 0;
    return isThere ? { candles: this.#finer.candles, row } : { candles: this.#candles, row: index };
  }

  /** Meets a row of candles inside the candle `index`, without its open where that was met before. */
  #meetRow(candles: Columns, row: number, index: number): void {
    if (this.#opened === candles.time[row])
      this.#moment.readRest(candles, row, this.#volumeShareMax);
    else {
      this.#moment.read(candles, row, index, this.#volumeShareMax);
      this.#opens.meet();
    }
    if (this.#isFarInside()) return;
    this.#execution.goInside();
    const worst = this.#ways.worst();
    this.#doubts.begin();
    this.#inside.meet(worst);
    if (this.#doubts.remain() || worst?.isOpen) this.#reach.isAmbiguous = true;
  }

  /** Whether the candle, for all that is known without reading it, comes nowhere near an order that waits now. */
  #isFarInside(): boolean {
    if (this.#finer !== null) return false;
    const { index } = this.#moment;
    this.#lookAgain();
    this.#isWatched = this.lookout.nextReached(index, index + 1) > index;
    return this.#isWatched;
  }

  /** Forgets the orders that have ended, and watches those that wait. */
  #lookAgain(): void {
    this.#execution.forgetEnded();
    this.lookout.watchAnew(this.#execution.orders);
    if (!this.#late.isEmpty) this.lookout.lookAnyway();
  }

  /** Ends what may fill in no later candle; false where that cannot be any order. */
  #endByCount(index: number): boolean {
    if (index < this.lookout.lastIndex) return false;
    for (const order of this.#execution.orders) {
      if (order.isWaiting && order.ends.lastIndex <= index) this.#execution.expire(order);
    }
    return true;
  }
}
