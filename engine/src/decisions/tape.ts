import type { Context } from "../context.ts";
import type { Order } from "../order.ts";
import type { WalletContext } from "../several/wallet-context.ts";
import type { Strategy } from "../strategy.ts";

const placings = [
  "market",
  "limit",
  "stop",
  "stopLimit",
  "takeProfit",
  "trailingStop",
  "bracket",
  "exit",
] as const;
const ties = ["oneCancelsOther", "oneTriggersOther"] as const;
const changes = ["cancel", "amend", ...ties, "cancelAll"] as const;

type Placing = (typeof placings)[number];
type Change = (typeof changes)[number];

/** Something that a strategy told its context to do. */
export type Decision = Readonly<{
  /** Symbol of the market. */
  market: string;
  /** Index of the last candle of that market. */
  index: number;
  /** The moment, ms since epoch: the close of the candle that was decided on; infinite for what is said once all have closed. */
  at: number;
  action: Placing | Change;
  said: readonly unknown[];
  /** The order that came of it, as it is now; null where none did. */
  order: Order | null;
  /** Whether it was done; a tie of orders that do not all wait is not. */
  isDone: boolean;
}>;

/** What a strategy decided in one run, in order. */
export type Tape = Decision[];

/** An order among what was said; compared and written as its id. */
export class SaidOrder {
  readonly order: Order;

  constructor(order: Order) {
    this.order = order;
  }

  toJSON(): unknown {
    return { orderId: this.order.id };
  }
}

export const isTie = (action: string): action is (typeof ties)[number] =>
  (ties as readonly string[]).includes(action);

const actions: ReadonlySet<string> = new Set([...placings, ...changes]);

type Watch = (context: Context) => Context;

/** The same strategy; what it decides is written to the tape as well. `lengthOf` tells how long a market's candles are. */
export function recorded(
  strategy: Strategy,
  tape: Tape,
  lengthOf: (symbol: string) => number,
): Strategy {
  const moment = { at: Number.NaN };
  const watched = new WeakMap<Context, Context>();
  const watch: Watch = (context) => {
    const known = watched.get(context);
    if (known) return known;
    const made = watching(context, moment, tape);
    watched.set(context, made);
    return made;
  };
  const onClose: Watch = (context) => {
    moment.at = context.time + lengthOf(context.symbol);
    return watch(context);
  };
  const { onCandle, onCandles, onFill, onStart, onStop } = strategy;
  return {
    ...strategy,
    onCandle: (context) => onCandle(onClose(context)),
    onCandles:
      onCandles &&
      ((wallet) => {
        moment.at = wallet.time;
        return onCandles(watchingWallet(wallet, watch));
      }),
    onFill: onFill && ((context, fill) => onFill(onClose(context), fill)),
    onStart: onStart && ((context) => onStart(onClose(context))),
    onStop:
      onStop &&
      ((context) => {
        moment.at = Number.POSITIVE_INFINITY;
        return onStop(watch(context));
      }),
  };
}

/** A wallet whose markets are watched. */
const watchingWallet = (wallet: WalletContext, watch: Watch) =>
  new Proxy(wallet, {
    get(target, name) {
      if (name === "market") return (symbol: string) => watch(target.market(symbol));
      if (name === "cancelAll")
        return () => {
          for (const market of target.markets) watch(market).cancelAll();
        };
      const value: unknown = Reflect.get(target, name, target);
      return Array.isArray(value) ? value.map(watch) : value;
    },
  });

/** A context that behaves as the given one and writes down what it is told to do. */
function watching(context: Context, moment: Readonly<{ at: number }>, tape: Tape): Context {
  const ways = new Map<string, unknown>();
  return new Proxy(context, {
    get(target, name) {
      if (typeof name !== "string") return Reflect.get(target, name, target);
      const known = ways.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const way = actions.has(name)
        ? noting(target, name as Decision["action"], value, moment, tape)
        : value.bind(target);
      ways.set(name, way);
      return way;
    },
  });
}

function noting(
  context: Context,
  action: Decision["action"],
  act: unknown,
  moment: Readonly<{ at: number }>,
  tape: Tape,
) {
  return (...said: unknown[]) => {
    const { symbol: market, index } = context;
    const { at } = moment;
    const kept = said.map((one) => copyOf(one, 2));
    const answer: unknown = (act as (...said: unknown[]) => unknown).apply(context, said);
    tape.push({
      market,
      index,
      at,
      action,
      said: kept,
      order: isOrder(answer) ? answer : null,
      isDone: answer !== false,
    });
    return answer;
  };
}

export const isOrder = (value: unknown): value is Order =>
  typeof value === "object" && value !== null && "status" in value && "id" in value;

/** What was said, by value: a strategy may use the same object again. */
function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isOrder(value)) return new SaidOrder(value);
  if (depth === 0) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, copyOf(one, depth - 1)]),
  );
}
