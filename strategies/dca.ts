import {
  type Context,
  decimal,
  defineStrategy,
  integer,
  type Order,
  percent,
} from "@trading/engine";

/** What the strategy remembers of the deal that runs. */
type Deal = {
  /** The order that opens it. */
  first: Order | null;
  /** Safety orders to place once the first order has filled. */
  rungs: readonly Rung[];
  /** Sells at the three targets, nearest first, null for a part too small to sell; empty until the deal has begun. */
  targets: (Order | null)[];
  isStopped: boolean;
  /** Whether something filled since the orders were last set. */
  hasChanged: boolean;
};

/** A buy order of the plan, and the stop that is in force once it has filled. */
type Rung = Readonly<{ name: string; price: number; quantity: number; stop: number }>;

type Parameters = Readonly<{
  baseOrder: number;
  patience: number;
  safetyOrders: number;
  safetyOrder: number;
  step: number;
  scale: number;
  target1: number;
  share1: number;
  target2: number;
  share2: number;
  target3: number;
  stop: number;
}>;
type DcaContext = Context<Parameters, Readonly<Record<never, never>>, Deal>;

export default defineStrategy({
  name: "dca",
  title: "DCA",
  description:
    "Buys more the further the price falls and sells the whole in three steps above the average.",
  category: "averaging down",
  risk: "high",
  timeframes: ["1m", "5m", "15m", "30m", "1h", "2h", "4h"],
  documentation: `
A deal begins with a limit order for 10 of the quote currency at the last close. Where the price runs away it is taken back after one candle (or as many as set) and placed again at the last close. Once it has filled, up to 5 safety orders of 10 rest below it, each 1 % of the first price further down; each may be larger than the one before (size scale).

Three sell orders rest above the average price: at +1 % for 40 % of what is held, at +3 % for 40 % of the rest, at +20 % for all that is left. A stop rests 5 % below the average. Each safety order that fills moves the average, so targets and stop move with it. After the first target the stop waits at the average (break-even before fees) and the safety orders are taken back, because the stop would now be reached before them. After the second target it waits at the price of the first. When everything is sold, the next deal begins.

It earns a little, often, while the price swings, and loses much at once when it falls through all safety orders to the stop. All orders rest from the candle after the one in which something filled; every buy brings its own stop, which rests from the moment it fills, so that nothing is held without one. A stop ends the deal: what a safety order bought in the same candle is sold at the next open.

Before a deal begins, its buy orders are held against the funds and the market's limits; those refused are named in the result with the reason and left out. On a perpetual an order needs its margin only, and one that lies beyond the price at which those above it would be liquidated is refused too. A safety order that lies below the stop that would be in force by then is left out too, since the stop comes first.

Preset Spot 1x (the default) is the original table, which never needed a loan. Wide ladder spaces the orders for calmer timeframes.

A market's smallest order holds for sales too: 10 of the quote currency cannot be sold in parts where the smallest order is 5, because the first part would be 4. Such a part is named in the result and sold with the next target; what is sold last is all that is left.

Drawn while something is held are the average price, the next safety order, the next target and the stop.

What was fixed: the original did not say how a limit order is placed "at market"; here it is at the last close, which may wait. Break-even was not defined; here it is the average price, so that fees are still lost there. Safety orders after the first target could never fill before the stop and are taken back.
`,
  presets: [
    {
      title: "Spot 1×",
      description: "The original table: long only, no loan.",
      values: {},
      leverage: null,
    },
    {
      title: "Wide ladder",
      description: "Steps of 2.5 %, each order half as large again, a stop of 15 %.",
      values: { step: 0.025, scale: 1.5, stop: 0.15 },
    },
  ],
  parameters: {
    baseOrder: decimal({
      label: "First order",
      help: "Amount of the quote currency that opens a deal.",
      default: 10,
      min: 1,
      max: 1_000_000,
      step: 1,
    }),
    patience: integer({
      label: "First order waits",
      help: "Candles after which it is placed again at the last close; more where orders arrive late.",
      unit: "candles",
      default: 1,
      min: 1,
      max: 100,
      step: 1,
    }),
    safetyOrders: integer({
      label: "Safety orders",
      help: "How many rest below the first order.",
      unit: "orders",
      default: 5,
      min: 0,
      max: 20,
      step: 1,
    }),
    safetyOrder: decimal({
      label: "Safety order",
      help: "Amount of the quote currency of the first safety order.",
      default: 10,
      min: 1,
      max: 1_000_000,
      step: 1,
    }),
    step: percent({
      label: "Step",
      help: "Distance between orders, as a share of the first price.",
      default: 0.01,
      min: 0.001,
      max: 0.1,
      step: 0.001,
    }),
    scale: decimal({
      label: "Size scale",
      help: "Each safety order is this many times the one before.",
      default: 1,
      min: 0.5,
      max: 3,
      step: 0.05,
    }),
    target1: percent({
      label: "Target 1",
      help: "Distance above the average price.",
      default: 0.01,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    share1: percent({
      label: "Sold at target 1",
      help: "Share of what is held.",
      default: 0.4,
      min: 0.01,
      max: 0.98,
      step: 0.01,
    }),
    target2: percent({
      label: "Target 2",
      help: "Distance above the average price.",
      default: 0.03,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    share2: percent({
      label: "Sold at target 2",
      help: "Share of what is left after target 1.",
      default: 0.4,
      min: 0.01,
      max: 0.98,
      step: 0.01,
    }),
    target3: percent({
      label: "Target 3",
      help: "Distance above the average price; sells all that is left.",
      default: 0.2,
      min: 0.001,
      max: 2,
      step: 0.001,
    }),
    stop: percent({
      label: "Stop",
      help: "Distance below the average price, until target 1 is reached.",
      default: 0.05,
      min: 0.005,
      max: 0.5,
      step: 0.001,
    }),
  },

  state: (): Deal => newDeal(),

  onFill({ state }, fill) {
    state.hasChanged = true;
    if (fill.reason === "stop") state.isStopped = true;
  },

  onCandle(context) {
    const { state, position } = context;
    if (position.isFlat) begin(context);
    else if (state.isStopped) leave(context);
    else if (state.hasChanged) follow(context);
    // Lines are broken where orders move, so that none leads from one price to another.
    else draw(context);
  },
});

const newDeal = (): Deal => ({
  first: null,
  rungs: [],
  targets: [],
  isStopped: false,
  hasChanged: false,
});

/** Nothing is held: a first order rests at this close for a while, unless one does already. */
function begin(context: DcaContext): void {
  const { state, parameters, close } = context;
  if (state.first?.status === "open") return;
  context.cancelAll();
  Object.assign(state, newDeal());
  const plan = planFrom(close, parameters);
  const checked = context.preflight(plan.map((rung) => ({ ...rung, side: "buy" })));
  const [first, ...rungs] = plan.filter((_, i) => checked[i]?.cause === null);
  if (first === undefined || first !== plan[0]) return;
  state.first = buy(context, first, { expiresAfter: parameters.patience });
  state.rungs = rungs;
}

/** The first order and the safety orders below it, as far as each comes before the stop of those above. */
function planFrom(first: number, parameters: Parameters): Rung[] {
  const { baseOrder, safetyOrder, safetyOrders, step, scale, stop } = parameters;
  const plan: Rung[] = [];
  let spent = 0;
  let bought = 0;
  const add = (name: string, price: number, quote: number) => {
    spent += quote;
    bought += quote / price;
    plan.push({ name, price, quantity: quote / price, stop: (spent / bought) * (1 - stop) });
  };
  add("first order", first, baseOrder);
  let quote = safetyOrder;
  for (let i = 1; i <= safetyOrders; i++) {
    const price = first * (1 - i * step);
    if (price <= (plan.at(-1)?.stop ?? 0)) break;
    add(`safety order ${i}`, price, quote);
    quote *= scale;
  }
  return plan;
}

/** Every buy brings its own stop, which rests from the moment it fills. */
function buy(context: DcaContext, rung: Rung, expiry: { expiresAfter?: number } = {}): Order {
  const { name, price, quantity, stop } = rung;
  return context.bracket({ side: "buy", limit: price, quantity, stop, reason: name, ...expiry });
}

/** Something filled: the safety orders, targets and stops that are left follow the new average. */
function follow(context: DcaContext): void {
  const { state, position, parameters, close } = context;
  const { target1, stop } = parameters;
  const average = position.entryPrice;
  const reached = reachedOf(state);
  const stops = [average * (1 - stop), average, average * (1 + target1)];
  const stopPrice = stops[reached] ?? average;
  if (close <= stopPrice) {
    leave(context);
    return;
  }
  state.hasChanged = false;
  if (state.targets.length === 0) for (const rung of state.rungs) buy(context, rung);
  setTargets(context, average);
  for (const order of context.openOrders) {
    if (order.kind === "stop" && order.status === "open")
      context.amend(order, { price: stopPrice });
    else if (order.side === "buy" && reached > 0) context.cancel(order);
  }
}

/** How many targets the price has been at; one that was too small to sell counts once a later one has filled. */
const reachedOf = ({ targets }: Deal) =>
  targets.findLastIndex((order) => order?.status === "filled") + 1;

/** The average, and the orders around it that the price reaches next. */
function draw(context: DcaContext): void {
  let [safety, stop, target] = [0, 0, Number.POSITIVE_INFINITY];
  for (const { side, kind, price, status } of context.openOrders) {
    if (status !== "open") continue;
    if (side === "buy") safety = Math.max(safety, price);
    else if (kind === "stop") stop = Math.max(stop, price);
    else target = Math.min(target, price);
  }
  context.plot("Average price", context.position.entryPrice);
  context.plot("Next target", Number.isFinite(target) ? target : Number.NaN);
  context.plot("Next safety order", safety || Number.NaN);
  context.plot("Stop", stop || Number.NaN);
}

/**
 * Places the targets that are left, or moves them to the new average and quantity. A part that the market would not take is
 * sold with the next; the last sells all.
 */
function setTargets(context: DcaContext, average: number): void {
  const { state, position, parameters } = context;
  const { target1, target2, target3, share1, share2 } = parameters;
  const targets = [target1, target2, target3];
  let left = position.quantity;
  let tooSmall = 0;
  for (let i = reachedOf(state); i < targets.length; i++) {
    const share = [share1, share2][i];
    const price = average * (1 + (targets[i] as number));
    const name = `target ${i + 1}`;
    const part = left * (share ?? 1);
    left -= part;
    const wanted = tooSmall + part;
    const line = { name, side: "sell", price, quantity: wanted, reduceOnly: true } as const;
    const checked = share === undefined ? null : context.preflight([line])[0];
    const quantity = checked?.cause ? 0 : (checked?.quantity ?? wanted);
    tooSmall = wanted - quantity;
    state.targets[i] = target(context, state.targets[i] ?? null, { ...line, quantity });
  }
}

/** The order of a target as it is to be now; null where nothing is to be sold there. */
function target(
  context: DcaContext,
  existing: Order | null,
  { name, price, quantity }: Readonly<{ name: string; price: number; quantity: number }>,
): Order | null {
  const isOpen = existing?.status === "open";
  if (quantity > 0 && isOpen) context.amend(existing, { price, quantity });
  else if (isOpen) context.cancel(existing);
  if (quantity === 0) return null;
  return isOpen ? existing : sellAt(context, name, price, quantity);
}

const sellAt = (context: DcaContext, reason: string, price: number, quantity: number): Order =>
  context.limit({ side: "sell", price, quantity, reduceOnly: true, reason });

/** The stop was reached: what is still held, or was bought by later orders, is sold at the next open. */
function leave(context: DcaContext): void {
  context.cancelAll();
  context.exit("stop");
}
