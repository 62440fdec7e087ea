import { escapeHtml } from "../platform/escape-html.ts";

export type ChartLine = Readonly<{
  label: string;
  values: readonly number[];
  /** Chooses the colour. */
  kind: "main" | "quiet" | "loss";
}>;

const width = 960;
const height = 280;
const left = 70;
const bottom = 24;

/** Lines over time as SVG, with a scale on the left, the first and last day below and a legend. */
export function lineChart(
  label: string,
  time: readonly number[],
  lines: readonly ChartLine[],
): string {
  const all = lines.flatMap((line) => line.values).filter(Number.isFinite);
  const [first, last] = [time[0], time.at(-1)];
  if (all.length === 0 || first === undefined || last === undefined)
    return "<p>Nothing to draw.</p>";
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const span = high - low || 1;
  const x = (ms: number) => left + ((ms - first) / (last - first || 1)) * (width - left);
  const y = (value: number) => (height - bottom) * (1 - (value - low) / span);
  const drawn = lines.map(({ values, kind }) => {
    const points = values.map(
      (value, i) => `${x(time[i] ?? first).toFixed(1)},${y(value).toFixed(1)}`,
    );
    return `<polyline class="${kind}" points="${points.join(" ")}"/>`;
  });
  const scale = ticksOf(low, high).map((value) => {
    const at = y(value).toFixed(1);
    const text = value.toLocaleString("en-US", { maximumSignificantDigits: 6 });
    return `<line class="grid" x1="${left}" x2="${width}" y1="${at}" y2="${at}"/><text x="${left - 6}" y="${Math.max(10, Number(at) + 4)}" text-anchor="end">${text}</text>`;
  });
  const legend = lines.map(
    (line, i) =>
      `<line class="${line.kind}" x1="${left + 8 + i * 180}" x2="${left + 28 + i * 180}" y1="10" y2="10"/><text x="${left + 34 + i * 180}" y="14">${escapeHtml(line.label)}</text>`,
  );
  const days = `<text x="${left}" y="${height - 6}">${dayOf(first)}</text><text x="${width}" y="${height - 6}" text-anchor="end">${dayOf(last)}</text>`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${scale.join("")}${drawn.join("")}${legend.join("")}${days}</svg>`;
}

/** About five round numbers. */
function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || 1) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5, 10].find((factor) => factor * ten >= rough) ?? 10);
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => (first + i) * step);
}

export type Bar = Readonly<{ label: string; won: number; lost: number }>;

const barsHeight = 160;

/** Counts side by side, won on top of lost; each bar says what it counts when pointed at. */
export function barChart(label: string, bars: readonly Bar[]): string {
  const highest = bars.reduce((most, { won, lost }) => Math.max(most, won + lost), 0);
  if (highest === 0) return "<p>Nothing to draw.</p>";
  const step = (width - left) / bars.length;
  const height = (count: number) => (count / highest) * (barsHeight - bottom);
  const drawn = bars.map(({ label: span, won, lost }, i) => {
    const x = (left + i * step + 0.5).toFixed(1);
    const rect = (kind: string, from: number, count: number) =>
      count === 0
        ? ""
        : `<rect class="${kind}" x="${x}" y="${(barsHeight - bottom - height(from + count)).toFixed(1)}" width="${Math.max(1, step - 1).toFixed(1)}" height="${height(count).toFixed(1)}"/>`;
    const title = escapeHtml(`${span}: ${won} won, ${lost} lost`);
    return `<g><title>${title}</title>${rect("lost", 0, lost)}${rect("won", lost, won)}</g>`;
  });
  const [first, last] = [bars[0]?.label ?? "", bars.at(-1)?.label ?? ""];
  const below = barsHeight - 6;
  const texts = `<text x="${left - 6}" y="10" text-anchor="end">${highest}</text><text x="${left}" y="${below}">${escapeHtml(first)}</text><text x="${width}" y="${below}" text-anchor="end">${escapeHtml(last)}</text>`;
  return `<svg viewBox="0 0 ${width} ${barsHeight}" role="img" aria-label="${escapeHtml(label)}">${drawn.join("")}${texts}</svg>`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
