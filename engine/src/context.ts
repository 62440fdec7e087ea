import type { Account } from "./account.ts";
import type { Broker } from "./broker.ts";
import type { Clock } from "./clock.ts";
import type { Columns } from "./columns.ts";
import type { IndicatorSet } from "./line.ts";
import type {
  Amendment,
  BracketWish,
  LimitWish,
  MarketWish,
  Order,
  StopLimitWish,
  StopWish,
  TakeProfitWish,
  TrailingStopWish,
} from "./order.ts";
import type { ParameterValues } from "./parameters.ts";
import type { Plots } from "./plots.ts";
import { Position } from "./position.ts";
import type { CheckedOrder, PlannedOrder, Preflight } from "./preflight.ts";

type Column = "open" | "high" | "low" | "close" | "volume" | "time";

/** The parts of one run that a strategy acts through; they stay behind the context. */
export type ContextNeeds = Readonly<{
  candles: Columns;
  clock: Clock;
  account: Account;
  broker: Broker;
  plots: Plots;
  preflight: Preflight;
  symbol: string;
}>;

/**
 * What a strategy sees and does on the close of a candle. History ends here: nothing of a later candle can be reached.
 * An order placed now can fill from the next candle on. A refused order is counted, and says why in its `cause`.
 */
export class Context<Parameters = ParameterValues, Set = IndicatorSet, State = unknown> {
  readonly parameters: Parameters;
  readonly indicators: Set;
  /** What the strategy's `state` made for this run. */
  readonly state: State;
  readonly position: Position;
  /** Name of the market. */
  readonly symbol: string;
  readonly #candles: Columns;
  readonly #clock: Clock;
  readonly #account: Account;
  readonly #broker: Broker;
  readonly #plots: Plots;
  readonly #preflight: Preflight;

  constructor(needs: ContextNeeds, parameters: Parameters, indicators: Set, state: State) {
    this.parameters = parameters;
    this.indicators = indicators;
    this.state = state;
    this.symbol = needs.symbol;
    this.position = new Position(needs.account, needs.clock, needs.candles.close);
    this.#candles = needs.candles;
    this.#clock = needs.clock;
    this.#account = needs.account;
    this.#broker = needs.broker;
    this.#plots = needs.plots;
    this.#preflight = needs.preflight;
  }

  /** Number of the candle, counted from 0 at the first candle of the data. */
  get index(): number {
    return this.#clock.index;
  }

  /** Open time of the candle, ms since epoch, UTC. */
  get time(): number {
    return this.#candles.time[this.#clock.index] as number;
  }

  get open(): number {
    return this.#candles.open[this.#clock.index] as number;
  }

  get high(): number {
    return this.#candles.high[this.#clock.index] as number;
  }

  get low(): number {
    return this.#candles.low[this.#clock.index] as number;
  }

  get close(): number {
    return this.#candles.close[this.#clock.index] as number;
  }

  get volume(): number {
    return this.#candles.volume[this.#clock.index] as number;
  }

  /** A number of an earlier candle: `ago("close", 1)` is the close before this one. `NaN` before the first candle. */
  ago(column: Column, candles: number): number {
    return this.#candles[column][this.#clock.index - Math.max(0, candles)] ?? Number.NaN;
  }

  /**
   * Money that new positions can be opened with and no order holds that waits, in the quote currency; below 0 where losses have left
   * less than positions and orders need.
   */
  get cash(): number {
    const { claimed, claimedSoon } = this.#account;
    const free = this.#account.freeAt(this.close);
    return Math.max(Math.min(0, free - claimed.money), free - claimedSoon.money);
  }

  /** Cash and the position at the last close, in the quote currency. */
  get equity(): number {
    return this.#account.equityAt(this.close);
  }

  /** How many times its margin a position may be worth; 1 on spot. */
  get leverage(): number {
    return this.#account.leverage;
  }

  /** Orders that wait for a fill, oldest first. */
  get openOrders(): readonly Order[] {
    return this.#broker.openOrders;
  }

  /** Fills at the open of the next candle. */
  market(wish: MarketWish): Order {
    return this.#broker.placing.market(asRead(wish));
  }

  /** Rests until the price is there or better. */
  limit(wish: LimitWish): Order {
    return this.#broker.placing.limit(asRead(wish));
  }

  /** Waits until the price reaches it, then fills at market. */
  stop(wish: StopWish): Order {
    return this.#broker.placing.stop(asRead(wish));
  }

  /** Waits until the price reaches `price`, then rests at `limit`. */
  stopLimit(wish: StopLimitWish): Order {
    return this.#broker.placing.stopLimit(asRead(wish));
  }

  /** Waits until the price is at `price` or better, then fills at market. */
  takeProfit(wish: TakeProfitWish): Order {
    return this.#broker.placing.takeProfit(asRead(wish));
  }

  /** A stop that follows the best price since now, or since the price was at `from`. */
  trailingStop(wish: TrailingStopWish): Order {
    return this.#broker.placing.trailingStop(asRead(wish));
  }

  /** An entry with a stop, a target or both resting from the moment it fills; the entry's order is returned. */
  bracket(wish: BracketWish): Order {
    return this.#broker.placing.bracket(asRead(wish));
  }

  /** Leaves the whole position at the open of the next candle. */
  exit(reason?: string): Order {
    return this.#broker.placing.exit(reason);
  }

  /** Takes an order back; false when it is not waiting any more. */
  cancel(order: Order): boolean {
    return this.#broker.changes.cancel(order);
  }

  /** Changes price, size or both of an order that waits; false, and counted with the cause, where that cannot be. */
  amend(order: Order, amendment: Amendment): boolean {
    return this.#broker.changes.amend(order, asRead(amendment));
  }

  /** The first of these that fills cancels the others. False, counted and all taken back where one waits no more. */
  oneCancelsOther(...orders: readonly Order[]): boolean {
    return this.#broker.changes.oneCancelsOther(orders);
  }

  /** The others wait until the first has filled, and end with it. False, counted and all taken back where one waits no more. */
  oneTriggersOther(first: Order, ...others: readonly Order[]): boolean {
    return this.#broker.changes.oneTriggersOther(first, others);
  }

  /** Takes back every order that waits. */
  cancelAll(): void {
    this.#broker.changes.cancelAll();
  }

  /**
   * Holds orders that are meant to rest against the market's limits and the funds, the first lines first. Each comes back on
   * the market's grid with the cause for which it would be refused, or null; the result names those refused. With leverage a
   * line needs its margin, and lies before the price at which what the lines before it hold would be liquidated. Places nothing.
   */
  preflight(planned: readonly PlannedOrder[]): readonly CheckedOrder[] {
    return this.#preflight.check(planned);
  }

  /** Draws a point of the line `name` at this candle. */
  plot(name: string, value: number): void {
    this.#plots.add(name, value);
  }
}

/** What a strategy hands over, read once: a field may answer differently each time it is asked. */
const asRead = <Wish>(wish: Wish): Wish =>
  typeof wish === "object" && wish !== null ? { ...wish } : wish;
