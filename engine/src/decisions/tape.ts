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

/** Something that a strategy told its context to do. Orders among what it said stand there as their ids. */
export type Decision = Readonly<{
  /** Index of the candle on whose close it was decided. */
  index: number;
  action: Placing | Change;
  said: readonly unknown[];
  /** The order that came of it, as it is now; null where none did. */
  order: Order | null;
  /** Whether it was done; a tie of orders that do not all wait is not. */
  isDone: boolean;
}>;

/** What a strategy decided in one run, in order. */
export type Tape = Decision[];

const isTie = (action: string): action is (typeof ties)[number] =>
  (ties as readonly string[]).includes(action);

const actions: ReadonlySet<string> = new Set([...placings, ...changes]);

/** The same strategy; what it decides is written to the tape as well. */
export function recorded(strategy: Strategy, tape: Tape): Strategy {
  const watched = new WeakMap<Context, Context>();
  const watch = (context: Context): Context => {
    const known = watched.get(context);
    if (known) return known;
    const made = watching(context, tape);
    watched.set(context, made);
    return made;
  };
  const { onCandle, onCandles, onFill, onStart, onStop } = strategy;
  return {
    ...strategy,
    onCandle: (context) => onCandle(watch(context)),
    onCandles: onCandles && ((wallet) => onCandles(watchingWallet(wallet, watch))),
    onFill: onFill && ((context, fill) => onFill(watch(context), fill)),
    onStart: onStart && ((context) => onStart(watch(context))),
    onStop: onStop && ((context) => onStop(watch(context))),
  };
}

/** A wallet whose markets are watched. */
const watchingWallet = (wallet: WalletContext, watch: (context: Context) => Context) =>
  new Proxy(wallet, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (Array.isArray(value)) return value.map(watch);
      if (name === "market") return (symbol: string) => watch(target.market(symbol));
      return typeof value === "function" ? value.bind(target) : value;
    },
  });

/** A context that behaves as the given one and writes down what it is told to do. */
function watching(context: Context, tape: Tape): Context {
  const ways = new Map<string, unknown>();
  return new Proxy(context, {
    get(target, name) {
      if (typeof name !== "string") return Reflect.get(target, name, target);
      const known = ways.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      const way = actions.has(name)
        ? noting(target, name as Decision["action"], value, tape)
        : value.bind(target);
      ways.set(name, way);
      return way;
    },
  });
}

function noting(context: Context, action: Decision["action"], act: unknown, tape: Tape) {
  return (...said: unknown[]) => {
    const { index } = context;
    const kept = said.map((one) => copyOf(one, 2));
    const answer: unknown = (act as (...said: unknown[]) => unknown).apply(context, said);
    tape.push({
      index,
      action,
      said: kept,
      order: isOrder(answer) ? answer : null,
      isDone: answer !== false,
    });
    return answer;
  };
}

const isOrder = (value: unknown): value is Order =>
  typeof value === "object" && value !== null && "status" in value && "id" in value;

/** What was said, by value: a strategy may use the same object again. */
function copyOf(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (isOrder(value)) return { orderId: value.id };
  if (depth === 0) return null;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, copyOf(one, depth - 1)]),
  );
}

/** A strategy that decides what stands on a tape, whatever comes of it. */
export function replayed(tape: readonly Decision[], like: Strategy): Strategy {
  return {
    ...like,
    parameters: {},
    warmup: () => tape[0]?.index ?? Number.MAX_SAFE_INTEGER,
    indicators: () => ({}),
    plots: () => ({}),
    state: () => new Replay(tape),
    onCandle: (context) => (context.state as Replay).decide(context),
    onCandles: undefined,
    onFill: undefined,
    onStart: undefined,
    onStop: undefined,
  };
}

class Replay {
  readonly #tape: readonly Decision[];
  #next = 0;
  /** What came of the orders of the tape this time, by their ids there. */
  readonly #orders = new Map<number, Order>();

  constructor(tape: readonly Decision[]) {
    this.#tape = tape;
  }

  decide(context: Context): void {
    for (let now = this.#tape[this.#next]; now?.index === context.index; ) {
      this.#perform(context, now);
      this.#next++;
      now = this.#tape[this.#next];
    }
  }

  #perform(context: Context, { action, said, order, isDone }: Decision): void {
    const names = said.map((one) => this.#orderNamed(one, context));
    if (names.includes(null)) {
      // An order that never came about cannot be changed. What it was tied to was taken back then, or goes on without it.
      const orders = names.filter((one) => one !== null && one !== undefined);
      if (!isTie(action)) return;
      const isLed = action === "oneCancelsOther" || names[0] !== null;
      if (isDone && isLed) context[action](...(orders as [Order]));
      else for (const one of orders) context.cancel(one);
      return;
    }
    const given = said.map((one, i) => names[i] ?? one);
    const act = context[action] as (...given: unknown[]) => unknown;
    const answer = act.apply(context, given);
    if (order === null || !isOrder(answer)) return;
    this.#orders.set(order.id, answer);
  }

  /** The order that a part of the tape names; null where there is none now, undefined where it names none. */
  #orderNamed(one: unknown, context: Context): Order | null | undefined {
    if (typeof one !== "object" || one === null || !("orderId" in one)) return undefined;
    const id = one.orderId as number;
    const known = this.#orders.get(id);
    if (known) return known;
    // Stop and target of a bracket come right after its entry.
    for (let before = id - 1; before >= id - 2; before--) {
      const entry = this.#orders.get(before);
      const leg = entry && context.openOrders.find((open) => open.id === entry.id + id - before);
      if (leg) return leg;
    }
    return null;
  }
}
