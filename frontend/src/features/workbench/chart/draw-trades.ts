import type { Canvas } from "./layer.ts";

/** A trade as the chart needs it: where it began and ended among the candles. */
export type ChartTrade = Readonly<{
  number: number;
  side: "long" | "short";
  entryIndex: number;
  exitIndex: number;
  entryPrice: number;
  exitPrice: number;
  won: boolean;
  /** Closed only because the data ended. */
  open: boolean;
  stopPrice: number | null;
  targetPrice: number | null;
  /** One by one, where there is more than one entry or more than one exit; `index` counts candles. */
  fills?: readonly Readonly<{ index: number; price: number; buys: boolean }>[] | undefined;
}>;

export type TradeColours = Readonly<{ up: string; down: string; text: string; ground: string }>;

const size = 6;

/** The part of `trades` (ordered by entry) that touches candles `from` to `to`. */
export function tradesBetween(
  trades: readonly ChartTrade[],
  from: number,
  to: number,
): readonly ChartTrade[] {
  return trades.filter((trade) => trade.exitIndex >= from && trade.entryIndex < to);
}

/** Triangles at entry and exit, tip on the fill, joined by a line in the colour of the result. */
export function drawTrades(
  canvas: Canvas,
  trades: readonly ChartTrade[],
  selected: number | null,
  colours: TradeColours,
): void {
  const visible = tradesBetween(trades, canvas.from, canvas.to);
  const room = canvas.width / canvas.ratio / Math.max(1, visible.length);
  const radius = Math.min(size, Math.max(2, room / 3));
  const others = visible.filter((trade) => trade.number !== selected);
  if (radius < size) drawCrowd(canvas, others, colours, radius);
  else for (const trade of others) drawTrade(canvas, trade, colours, radius, false);
  const chosen = visible.find((trade) => trade.number === selected);
  if (chosen) {
    // With every further entry the stop of a trade may have moved.
    if (!hasEntries(chosen)) drawLevels(canvas, chosen, colours);
    drawTrade(canvas, chosen, colours, size + 2, true);
  }
}

const hasEntries = ({ side, fills = [] }: ChartTrade) =>
  fills.filter(({ buys }) => buys === (side === "long")).length > 1;

/** Many trades in four strokes of the pen instead of thousands; a mark that would cover its neighbour is left out. */
function drawCrowd(
  canvas: Canvas,
  trades: readonly ChartTrade[],
  { up, down }: TradeColours,
  radius: number,
): void {
  const { context, ratio, y } = canvas;
  const lines = { up: new Path2D(), down: new Path2D() };
  const marks = { up: new Path2D(), down: new Path2D() };
  const lastAt = new Map<string, number>();
  const mark = (left: number, price: number, pointsUp: boolean, tone: "up" | "down") => {
    const top = y(price);
    const kind = `${tone} ${pointsUp} ${Math.round(top / (2 * ratio))}`;
    if (Math.abs(left - (lastAt.get(kind) ?? Number.NEGATIVE_INFINITY)) < ratio) return;
    lastAt.set(kind, left);
    addTriangle(marks[tone], left, top, pointsUp, radius * ratio);
  };
  for (const trade of trades) {
    const tone = trade.won ? "up" : "down";
    const { from, to, filled } = shapeOf(trade, canvas, radius);
    lines[tone].moveTo(from.left, y(from.price));
    lines[tone].lineTo(to.left, y(to.price));
    for (const one of filled) mark(one.left, one.price, one.buys, one.tone);
  }
  context.lineWidth = ratio;
  for (const [tone, colour] of [
    ["down", down],
    ["up", up],
  ] as const) {
    context.strokeStyle = colour;
    context.fillStyle = colour;
    context.stroke(lines[tone]);
    context.fill(marks[tone]);
  }
}

/** How far entry and exit in one candle stand from its middle, in radii: over each other they would be no triangles. */
const sameCandleApart = 1.2;

type Point = Readonly<{ left: number; price: number }>;
type Filled = Point & Readonly<{ buys: boolean; tone: "up" | "down" }>;

/** From where to where a trade went, and where it was filled: one by one where its averages would hide that. */
function shapeOf(
  trade: ChartTrade,
  { ratio, x }: Pick<Canvas, "ratio" | "x">,
  radius: number,
): Readonly<{ from: Point; to: Point; filled: readonly Filled[] }> {
  const { side, won, open, entryIndex, entryPrice, exitIndex, exitPrice, fills } = trade;
  const isLong = side === "long";
  const result = won ? "up" : "down";
  const toneOf = (buys: boolean) => (buys === isLong ? (buys ? "up" : "down") : result);
  if (fills) {
    const filled = fills.map(({ index, price, buys }): Filled => {
      return { left: x(index), price, buys, tone: toneOf(buys) };
    });
    const end = { left: x(exitIndex), price: exitPrice };
    return { from: filled[0] ?? end, to: open ? end : (filled.at(-1) ?? end), filled };
  }
  const apart = entryIndex === exitIndex ? sameCandleApart * radius * ratio : 0;
  const from = { left: x(entryIndex) - apart, price: entryPrice };
  const to = { left: x(exitIndex) + apart, price: exitPrice };
  const entry: Filled = { ...from, buys: isLong, tone: toneOf(isLong) };
  return { from, to, filled: open ? [entry] : [entry, { ...to, buys: !isLong, tone: result }] };
}

function drawTrade(
  canvas: Canvas,
  trade: ChartTrade,
  colours: TradeColours,
  radius: number,
  chosen: boolean,
): void {
  const { context, ratio, y } = canvas;
  const result = trade.won ? colours.up : colours.down;
  const { from, to, filled } = shapeOf(trade, canvas, radius);
  context.save();
  context.strokeStyle = result;
  context.lineWidth = (chosen ? 2 : 1) * ratio;
  context.setLineDash(chosen ? [] : [3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(from.left, y(from.price));
  context.lineTo(to.left, y(to.price));
  context.stroke();
  context.setLineDash([]);
  const outline = colours.ground;
  for (const { left, price, buys, tone } of filled)
    drawTriangle(canvas, left, y(price), buys, { fill: colours[tone], outline, radius });
  context.restore();
}

function drawTriangle(
  { context, ratio }: Canvas,
  x: number,
  y: number,
  pointsUp: boolean,
  { fill, outline, radius }: { fill: string; outline: string; radius: number },
): void {
  context.beginPath();
  addTriangle(context, x, y, pointsUp, radius * ratio);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = ratio;
  context.strokeStyle = outline;
  context.stroke();
}

/** A triangle with its tip at a point. */
function addTriangle(
  path: CanvasPath,
  x: number,
  y: number,
  pointsUp: boolean,
  half: number,
): void {
  const base = y + (pointsUp ? 1 : -1) * half * 1.7;
  path.moveTo(x, y);
  path.lineTo(x - half, base);
  path.lineTo(x + half, base);
  path.closePath();
}

function drawLevels(canvas: Canvas, trade: ChartTrade, colours: TradeColours): void {
  const levels = [
    { price: trade.stopPrice, colour: colours.down, name: "stop" },
    { price: trade.targetPrice, colour: colours.up, name: "target" },
  ];
  const { context, ratio, x, y } = canvas;
  const left = x(trade.entryIndex);
  const right = Math.max(x(trade.exitIndex), left + 24 * ratio);
  for (const { price, colour, name } of levels) {
    if (price === null) continue;
    const height = Math.round(y(price)) + 0.5;
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = ratio;
    context.setLineDash([6 * ratio, 3 * ratio]);
    context.beginPath();
    context.moveTo(left, height);
    context.lineTo(right, height);
    context.stroke();
    context.fillStyle = colour;
    context.font = `${11 * ratio}px "Inter Variable", Inter, system-ui, sans-serif`;
    context.fillText(name, right + 4 * ratio, height + 4 * ratio);
    context.restore();
  }
}

/** The trade whose entry or exit triangle lies under a point (CSS pixels), or null. */
export function tradeAt(
  trades: readonly ChartTrade[],
  scale: { x: (index: number) => number; y: (price: number) => number; from: number; to: number },
  x: number,
  y: number,
): ChartTrade | null {
  const reach = 10;
  let nearest: ChartTrade | null = null;
  let distance = reach;
  for (const trade of tradesBetween(trades, scale.from, scale.to)) {
    for (const { left, price } of shapeOf(trade, { x: scale.x, ratio: 1 }, size).filled) {
      const away = Math.hypot(left - x, scale.y(price) - y);
      if (away >= distance) continue;
      distance = away;
      nearest = trade;
    }
  }
  return nearest;
}
