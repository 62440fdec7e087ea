import {
  type Context,
  choice,
  defineStrategy,
  integer,
  type Order,
  percent,
  pow,
} from "@trading/engine";

/** Two neighbouring lines: bought at the lower one, sold at the upper one, over and over. */
type Cell = Readonly<{ buyAt: number; sellAt: number; quantity: number }> & { order: Order };

type Grid = {
  cells: Cell[];
  isLaid: boolean;
  isStopped: boolean;
  /** Below this the grid is given up; 0 for never. */
  stopPrice: number;
};

type Parameters = Readonly<{
  lines: number;
  below: number;
  above: number;
  spacing: "arithmetic" | "geometric";
  share: number;
  stop: number;
}>;
type GridContext = Context<Parameters, Readonly<Record<never, never>>, Grid>;

export default defineStrategy({
  name: "grid",
  title: "Grid",
  description:
    "Rests buy orders below the price and sell orders above it, and earns on every swing.",
  category: "market making",
  risk: "high",
  timeframes: ["1m", "5m", "15m", "30m", "1h"],
  documentation: `
At the first close the range from 10 % below to 10 % above is divided by 10 lines, at equal distances (arithmetic) or equal ratios (geometric). Between each two neighbours lies a cell with an equal share of the money: it buys at its lower line and sells at its upper line, again and again. Cells above the price begin with coins, which are bought at once at the next open; cells below begin with a buy order. As soon as an order fills, its opposite rests from the next candle on.

Each swing across one cell earns the distance of its lines less two fees: lines closer than two fees lose with every swing. A price that leaves the range upwards leaves everything sold; one that leaves it downwards leaves everything bought, and the loss grows with the fall. Therefore a stop 5 % below the lowest line sells everything, takes the orders back and lays a new grid around the price; a stop of 0 % waits for the price to return instead.

Before the grid is laid, each line is held against the market's limits (price steps, lot, minimum notional) and the funds, those nearest to the price first. A line that would be refused is named in the result with the reason, and its cell is left out; two lines that fall on one price step count as one. On a perpetual the money used is put up as margin and buys as many times more as the leverage says; lines beyond the price at which the coins of those above them would be liquidated are left out. A line that is refused later because its money was spent elsewhere in the wallet rests again once it is free, while the price is above the line. A grid that is liquidated all the same is laid anew.

A trade in the result lasts from the first buy until nothing is held any more, so that a grid shows few and long trades. Its swings are the fills, which are listed and drawn with the trade that is chosen.

Drawn are the lowest and the highest line, the next buy and the next sale that rest between them, and the stop.

Spot 1x (the default) holds at most what 90 % of the equity pays for, without a loan.
`,
  presets: [
    {
      title: "Spot 1×",
      description: "Ten lines within 10 % of the price.",
      values: {},
      leverage: null,
    },
    {
      title: "Wide and geometric",
      description: "Twenty lines of equal ratio from 30 % below to 40 % above.",
      values: { lines: 20, below: 0.3, above: 0.4, spacing: "geometric", stop: 0.1 },
    },
    {
      title: "Perpetual 3×",
      description: "Ten lines with three times the money; its stop lies before the liquidation.",
      values: {},
      leverage: 3,
    },
  ],
  parameters: {
    lines: integer({
      label: "Lines",
      help: "Prices at which orders rest; one more than there are cells.",
      unit: "lines",
      default: 10,
      min: 2,
      max: 200,
      step: 1,
    }),
    below: percent({
      label: "Lowest line",
      help: "Distance below the close at which the grid is laid.",
      default: 0.1,
      min: 0.005,
      max: 0.9,
      step: 0.005,
    }),
    above: percent({
      label: "Highest line",
      help: "Distance above that close.",
      default: 0.1,
      min: 0.005,
      max: 5,
      step: 0.005,
    }),
    spacing: choice({
      label: "Spacing",
      help: "Equal distances in price, or equal ratios.",
      default: "arithmetic",
      choices: [
        { value: "arithmetic", label: "Equal distances" },
        { value: "geometric", label: "Equal ratios" },
      ],
    }),
    share: percent({
      label: "Money used",
      help: "Share of the equity, divided equally among the cells.",
      default: 0.9,
      min: 0.01,
      max: 1,
      step: 0.01,
    }),
    stop: percent({
      label: "Stop",
      help: "Distance below the lowest line; 0 is off.",
      default: 0.05,
      min: 0,
      max: 0.5,
      step: 0.005,
    }),
  },

  state: (): Grid => noGrid(),

  onFill(context, fill) {
    const { state } = context;
    if (fill.reason === "stop" || fill.reason === "liquidation") state.isStopped = true;
    const cell = state.cells.find(({ order }) => order.id === fill.orderId);
    if (cell === undefined || cell.order.status !== "filled") return;
    cell.order = fill.side === "buy" ? sell(context, cell) : buy(context, cell);
  },

  onCandle(context) {
    const { state, position, close } = context;
    for (const cell of state.cells)
      if (mayRestAgain(context, cell)) cell.order = buy(context, cell);
    if (state.isStopped || close <= state.stopPrice) {
      context.cancelAll();
      if (!position.isFlat) {
        context.exit("stop");
        return;
      }
      Object.assign(state, noGrid());
    }
    if (!state.isLaid) lay(context);
    draw(context);
  },
});

const noGrid = (): Grid => ({ cells: [], isLaid: false, isStopped: false, stopPrice: 0 });

/** Lays a grid around this close: what the lines above sell is bought first. */
function lay(context: GridContext): void {
  const { state, parameters, close } = context;
  const cells = cellsAround(context);
  const plan = cells.map(({ name, buyAt, sellAt, quantity, isFull }) =>
    isFull
      ? ({ name, side: "sell", price: sellAt, quantity } as const)
      : ({ name, side: "buy", price: buyAt, quantity } as const),
  );
  const checked = context.preflight(plan);
  // Quantities of whole lots from here on: no cell may sell what another one bought.
  const accepted = cells.flatMap((cell, i) => {
    const line = checked[i];
    return line?.cause === null ? [{ ...cell, quantity: line.quantity }] : [];
  });
  const toBuy = sum(accepted.filter((cell) => cell.isFull));
  state.isLaid = true;
  if (accepted.length === 0) return;
  if (toBuy > 0) context.market({ side: "buy", quantity: toBuy, reason: "coins to sell" });
  state.cells = accepted.map((cell) => ({
    ...cell,
    order: cell.isFull ? sell(context, cell) : buy(context, cell),
  }));
  if (parameters.stop === 0) return;
  state.stopPrice = close * (1 - parameters.below) * (1 - parameters.stop);
  // Takes what is held by then: never more, because it only reduces.
  const quantity = sum(accepted);
  const { stopPrice: price } = state;
  context.stop({ side: "sell", price, quantity, reduceOnly: true, reason: "stop" });
}

/** The range, the two orders in it that the price reaches next, and the stop. */
function draw(context: GridContext): void {
  const { cells, stopPrice } = context.state;
  if (cells.length === 0) return;
  let [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
  let [nextBuy, nextSale] = [0, Number.POSITIVE_INFINITY];
  for (const { buyAt, sellAt, order } of cells) {
    lowest = Math.min(lowest, buyAt);
    highest = Math.max(highest, sellAt);
    if (order.status !== "open") continue;
    if (order.side === "buy") nextBuy = Math.max(nextBuy, buyAt);
    else nextSale = Math.min(nextSale, sellAt);
  }
  context.plot("Highest line", highest);
  context.plot("Next sale", Number.isFinite(nextSale) ? nextSale : Number.NaN);
  context.plot("Next buy", nextBuy || Number.NaN);
  context.plot("Lowest line", lowest);
  context.plot("Stop", stopPrice || Number.NaN);
}

/** Another market of the wallet may have had the money of a line: it rests again once that is free, while the price is above it. */
const mayRestAgain = (
  { cash, close, leverage }: GridContext,
  { buyAt, quantity, order }: Cell,
): boolean =>
  order.cause === "beyond-funds" && buyAt < close && cash * leverage > buyAt * quantity * 1.01;

type PlannedCell = Omit<Cell, "order"> &
  Readonly<{
    name: string;
    /** Whether it begins with coins: the price is below it. */
    isFull: boolean;
  }>;

/** The cells of a grid around this close, those nearest to it first; each is named after the line at which it begins. */
function cellsAround({ close, equity, leverage, parameters }: GridContext): PlannedCell[] {
  const { lines, share } = parameters;
  const money = (equity * leverage * share) / (lines - 1);
  const cells: PlannedCell[] = [];
  for (let i = 0; i < lines - 1; i++) {
    const buyAt = lineAt(i, close, parameters);
    const sellAt = lineAt(i + 1, close, parameters);
    const isFull = buyAt >= close;
    const name = isFull ? `line ${i + 2} (sell)` : `line ${i + 1} (buy)`;
    cells.push({ name, buyAt, sellAt, quantity: money / buyAt, isFull });
  }
  const distance = ({ buyAt, sellAt, isFull }: PlannedCell) =>
    Math.abs((isFull ? sellAt : buyAt) - close);
  return cells.sort((one, other) => distance(one) - distance(other));
}

/** The price of a line, counted from 0 at the lowest. */
function lineAt(index: number, close: number, parameters: Parameters): number {
  const { lines, below, above, spacing } = parameters;
  const lowest = close * (1 - below);
  const highest = close * (1 + above);
  const way = index / (lines - 1);
  return spacing === "arithmetic"
    ? lowest + (highest - lowest) * way
    : lowest * pow(highest / lowest, way);
}

const buy = (context: GridContext, { buyAt, quantity }: Omit<Cell, "order">): Order =>
  context.limit({ side: "buy", price: buyAt, quantity, reason: "line" });

const sell = (context: GridContext, { sellAt, quantity }: Omit<Cell, "order">): Order =>
  context.limit({ side: "sell", price: sellAt, quantity, reduceOnly: true, reason: "line" });

const sum = (cells: readonly Omit<Cell, "order">[]): number =>
  cells.reduce((total, { quantity }) => total + quantity, 0);
