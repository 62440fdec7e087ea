import type { Canvas } from "./layer.ts";
import { type PixelColumn, pixelColumns } from "./pixel-columns.ts";

export type LineStyle = Readonly<{ colour: string; width?: number }>;

/** Below this many device pixels per candle a line is drawn as columns of pixels: sharper, and many times cheaper. */
const crowded = 0.75;

/** Draws a column of values as a line; not-a-number breaks it. */
export function drawLine(canvas: Canvas, values: Float64Array, style: LineStyle): void {
  if (canvas.spacing < crowded) drawColumns(canvas, values, style);
  else drawStroke(canvas, values, style);
}

/** Fills between values and a level, as for equity above the axis or drawdown below zero. */
export function drawArea(
  canvas: Canvas,
  values: Float64Array,
  level: number | "bottom",
  colours: readonly [atLine: string, atLevel: string],
): void {
  const { context, from, x } = canvas;
  const to = Math.min(canvas.to, values.length);
  if (to - from < 2) return;
  const bottom = level === "bottom" ? canvas.height : canvas.y(level);
  const top = level === "bottom" ? 0 : canvas.height;
  const gradient = context.createLinearGradient(0, top, 0, bottom);
  gradient.addColorStop(0, colours[0]);
  gradient.addColorStop(1, colours[1]);
  context.fillStyle = gradient;
  if (canvas.spacing < crowded) {
    for (const column of columnsOf(canvas, values)) {
      const height = Math.round(canvas.y(column.last));
      context.fillRect(column.x, Math.min(height, bottom), 1, Math.abs(bottom - height));
    }
    return;
  }
  context.beginPath();
  context.moveTo(x(from), bottom);
  for (let index = from; index < to; index++)
    context.lineTo(x(index), canvas.y(values[index] ?? 0));
  context.lineTo(x(to - 1), bottom);
  context.closePath();
  context.fill();
}

/** Fills between two columns of values. */
export function drawBand(
  canvas: Canvas,
  low: Float64Array,
  high: Float64Array,
  colour: string,
): void {
  const { context, from, x, y } = canvas;
  const to = Math.min(canvas.to, low.length);
  const step = Math.max(1, Math.floor(1 / canvas.spacing));
  context.beginPath();
  for (let index = from; index < to; index += step) context.lineTo(x(index), y(high[index] ?? 0));
  const last = from + Math.floor((to - 1 - from) / step) * step;
  for (let index = last; index >= from; index -= step) context.lineTo(x(index), y(low[index] ?? 0));
  context.closePath();
  context.fillStyle = colour;
  context.fill();
}

function drawStroke(canvas: Canvas, values: Float64Array, style: LineStyle): void {
  const { context, ratio, x, y } = canvas;
  const to = Math.min(canvas.to, values.length);
  context.strokeStyle = style.colour;
  context.lineWidth = Math.max(1, (style.width ?? 1) * ratio);
  context.lineJoin = "round";
  context.beginPath();
  let isDown = false;
  for (let index = canvas.from; index < to; index++) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) isDown = false;
    else if (isDown) context.lineTo(x(index), y(value));
    else {
      context.moveTo(x(index), y(value));
      isDown = true;
    }
  }
  context.stroke();
}

function drawColumns(canvas: Canvas, values: Float64Array, style: LineStyle): void {
  const { context, ratio, y } = canvas;
  const thick = Math.max(1, Math.round((style.width ?? 1) * ratio));
  context.fillStyle = style.colour;
  let before: PixelColumn | null = null;
  for (const column of columnsOf(canvas, values)) {
    const isJoined = before !== null && before.x === column.x - 1;
    const from = isJoined && before ? before.last : column.first;
    const top = Math.round(y(Math.max(column.max, from)));
    const bottom = Math.round(y(Math.min(column.min, from)));
    context.fillRect(column.x, top, 1, Math.max(thick, bottom - top));
    before = column;
  }
}

const columnsOf = ({ from, to, x, spacing }: Canvas, values: Float64Array) =>
  pixelColumns(values, from, Math.min(to, values.length), x(from), spacing);
