import { escapeHtml } from "../platform/escape-html.ts";
import { minuteOf, number } from "./report-words.ts";

export type ChartLine = Readonly<{
  label: string;
  /** Where there is no value the line is broken. */
  values: readonly (number | null)[];
  /** Chooses the colour. */
  kind: "main" | "quiet" | "loss";
}>;

/** Drawings are stretched to the width of the page, texts stand beside them: so they can be read on a phone too. */
const width = 1_000;
const height = 250;

/** Lines over time, with a scale on the left, the first and last day below and a legend above. */
export function lineChart(
  label: string,
  time: readonly number[],
  lines: readonly ChartLine[],
): string {
  const all = lines.flatMap((line) => line.values).filter((one) => one !== null);
  const [first, last] = [time[0], time.at(-1)];
  if (all.length === 0 || first === undefined || last === undefined)
    return "<p>Nothing to draw.</p>";
  const low = all.reduce((a, b) => Math.min(a, b));
  const high = all.reduce((a, b) => Math.max(a, b));
  const span = high - low || 1;
  const x = (ms: number) => ((ms - first) / (last - first || 1)) * width;
  const y = (value: number) => height * (1 - (value - low) / span);
  const drawn = lines.flatMap(({ values, kind }) =>
    unbroken(values).map(({ from, values: known }) => {
      const points = known.map(
        (value, i) => `${x(time[from + i] ?? first).toFixed(1)},${y(value).toFixed(1)}`,
      );
      return `<polyline class="${kind}" points="${points.join(" ")}"/>`;
    }),
  );
  const ticks = ticksOf(low, high).map((tick) => ({ ...tick, at: y(tick.value) }));
  const grid = ticks.map(
    ({ at }) =>
      `<line class="grid" x1="0" x2="${width}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`,
  );
  const scale = ticks.map(({ text, at }) => ({ text, at: at / height }));
  const legend = lines.map(
    (line) => `<span><i class="${line.kind}"></i>${escapeHtml(line.label)}</span>`,
  );
  return figureOf({
    label,
    legend: legend.join(""),
    scale,
    drawing: [...grid, ...drawn].join(""),
    ends: [dayOf(first), dayOf(last)],
  });
}

type Stretch = Readonly<{ from: number; values: number[] }>;

/** The stretches of values between those that there are not. */
function unbroken(values: readonly (number | null)[]): Stretch[] {
  const found: Stretch[] = [];
  for (const [at, value] of values.entries()) {
    if (value === null) continue;
    const last = found.at(-1);
    if (last && last.from + last.values.length === at) last.values.push(value);
    else found.push({ from: at, values: [value] });
  }
  return found;
}

/** About five round numbers, all with as many decimals as tell them apart. */
function ticksOf(low: number, high: number): { value: number; text: string }[] {
  const rough = (high - low || 1) / 5;
  const ten = 10 ** Math.floor(Math.log10(rough));
  const step = ten * ([1, 2, 5, 10].find((factor) => factor * ten >= rough) ?? 10);
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const value = (first + i) * step;
    return { value, text: number(value, digits) };
  });
}

export type Bar = Readonly<{ label: string; won: number; lost: number }>;

/** Counts side by side, won on top of lost; each bar says what it counts when pointed at. */
export function barChart(label: string, bars: readonly Bar[], ends: Ends): string {
  const highest = bars.reduce((most, { won, lost }) => Math.max(most, won + lost), 0);
  if (highest === 0) return "<p>Nothing to draw.</p>";
  const step = width / bars.length;
  const tall = (count: number) => (count / highest) * height;
  const drawn = bars.map(({ label: span, won, lost }, i) => {
    const rect = (kind: string, from: number, count: number) =>
      count === 0
        ? ""
        : `<rect class="${kind}" x="${(i * step + step * 0.05).toFixed(1)}" y="${(height - tall(from + count)).toFixed(1)}" width="${(step * 0.9).toFixed(1)}" height="${tall(count).toFixed(1)}"/>`;
    const title = escapeHtml(`${span}: ${won} won, ${lost} lost`);
    return `<g><title>${title}</title>${rect("lost", 0, lost)}${rect("won", lost, won)}</g>`;
  });
  const scale = [
    { text: number(highest), at: 0 },
    { text: "0", at: 1 },
  ];
  return figureOf({ label, legend: "", scale, drawing: drawn.join(""), ends });
}

/** What stands below a chart at its left and its right end. */
export type Ends = readonly [left: string, right: string];

type Figure = Readonly<{
  label: string;
  legend: string;
  /** Texts by their share of the height from the top. */
  scale: readonly Readonly<{ text: string; at: number }>[];
  drawing: string;
  ends: Ends;
}>;

function figureOf({ label, legend, scale, drawing, ends: [left, right] }: Figure): string {
  const texts = scale.map(
    ({ text, at }) => `<span style="top:${(at * 100).toFixed(1)}%">${escapeHtml(text)}</span>`,
  );
  // As wide in all charts of a page, unless numbers are very long.
  const longest = scale.reduce((most, { text }) => Math.max(most, text.length), 7);
  return `<figure class="chart">
<figcaption>${legend}</figcaption>
<div class="scale" style="min-width:${longest}ch" aria-hidden="true">${texts.join("")}</div>
<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img" aria-label="${escapeHtml(label)}">${drawing}</svg>
<div class="ends"><span>${escapeHtml(left)}</span><span>${escapeHtml(right)}</span></div>
</figure>`;
}

const dayOf = (ms: number): string => minuteOf(ms).slice(0, 10);
