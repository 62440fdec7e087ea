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
    drawLevels(canvas, chosen, colours);
    drawTrade(canvas, chosen, colours, size + 2, true);
  }
}

/** Many trades in four strokes of the pen instead of thousands; a mark that would cover its neighbour is left out. */
function drawCrowd(
  canvas: Canvas,
  trades: readonly ChartTrade[],
  { up, down }: TradeColours,
  radius: number,
): void {
  const { context, ratio, x, y } = canvas;
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
  for (const { side, won, open, entryIndex, entryPrice, exitIndex, exitPrice } of trades) {
    const tone = won ? "up" : "down";
    const buys = side === "long";
    const apart = entryIndex === exitIndex ? sameCandleApart * radius * ratio : 0;
    const [from, to] = [x(entryIndex) - apart, x(exitIndex) + apart];
    lines[tone].moveTo(from, y(entryPrice));
    lines[tone].lineTo(to, y(exitPrice));
    mark(from, entryPrice, buys, buys ? "up" : "down");
    if (!open) mark(to, exitPrice, !buys, tone);
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

function drawTrade(
  canvas: Canvas,
  trade: ChartTrade,
  colours: TradeColours,
  radius: number,
  chosen: boolean,
): void {
  const { context, ratio, x, y } = canvas;
  const result = trade.won ? colours.up : colours.down;
  const apart = trade.entryIndex === trade.exitIndex ? sameCandleApart * radius * ratio : 0;
  const [x1, y1] = [x(trade.entryIndex) - apart, y(trade.entryPrice)];
  const [x2, y2] = [x(trade.exitIndex) + apart, y(trade.exitPrice)];
  context.save();
  context.strokeStyle = result;
  context.lineWidth = (chosen ? 2 : 1) * ratio;
  context.setLineDash(chosen ? [] : [3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
  context.setLineDash([]);
  const buys = trade.side === "long";
  const outline = colours.ground;
  drawTriangle(canvas, x1, y1, buys, { fill: buys ? colours.up : colours.down, outline, radius });
  if (!trade.open) drawTriangle(canvas, x2, y2, !buys, { fill: result, outline, radius });
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
    const entry = Math.hypot(scale.x(trade.entryIndex) - x, scale.y(trade.entryPrice) - y);
    const exit = Math.hypot(scale.x(trade.exitIndex) - x, scale.y(trade.exitPrice) - y);
    if (Math.min(entry, exit) < distance) {
      distance = Math.min(entry, exit);
      nearest = trade;
    }
  }
  return nearest;
}
