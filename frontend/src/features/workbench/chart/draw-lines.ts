import { decimate } from "./decimate.ts";
import type { Canvas } from "./layer.ts";

export type LineStyle = Readonly<{ colour: string; width?: number; dash?: readonly number[] }>;

/** Draws a column as a line; not-a-number breaks it. */
export function drawLine(canvas: Canvas, values: Float64Array, style: LineStyle): void {
  const { context, ratio } = canvas;
  context.save();
  context.strokeStyle = style.colour;
  context.lineWidth = Math.max(1, (style.width ?? 1) * ratio);
  context.lineJoin = "round";
  context.setLineDash((style.dash ?? []).map((length) => length * ratio));
  context.beginPath();
  tracePath(canvas, values);
  context.stroke();
  context.restore();
}

/** Fills between a column and a level, as for equity above the axis or drawdown below zero. */
export function drawArea(
  canvas: Canvas,
  values: Float64Array,
  level: number,
  colours: readonly [atLine: string, atLevel: string],
): void {
  const { context, from, to, x } = canvas;
  if (to - from < 2) return;
  const bottom = Number.isFinite(level) ? canvas.y(level) : canvas.height;
  const gradient = context.createLinearGradient(0, bottom > 0 ? 0 : canvas.height, 0, bottom);
  gradient.addColorStop(0, colours[0]);
  gradient.addColorStop(1, colours[1]);
  context.save();
  context.fillStyle = gradient;
  context.beginPath();
  context.moveTo(x(from), bottom);
  tracePath(canvas, values, false);
  context.lineTo(x(to - 1), bottom);
  context.closePath();
  context.fill();
  context.restore();
}

function tracePath(canvas: Canvas, values: Float64Array, breaks = true): void {
  const { context, x, y } = canvas;
  const to = Math.min(canvas.to, values.length);
  const bucket = Math.max(1, Math.floor(1 / Math.max(canvas.spacing, 1e-6)));
  let isDown = !breaks;
  for (const index of decimate(values, canvas.from, to, bucket)) {
    const value = values[index] ?? Number.NaN;
    const height = y(value);
    if (Number.isNaN(value) || Number.isNaN(height)) {
      isDown = !breaks;
    } else if (isDown) {
      context.lineTo(x(index), height);
    } else {
      context.moveTo(x(index), height);
      isDown = true;
    }
  }
}
