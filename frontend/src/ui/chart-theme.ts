/** The colours of the page, read from its tokens so that the chart follows theme and colour-blind pair. */
export type ChartTheme = Readonly<{
  ground: string;
  line: string;
  grid: string;
  text: string;
  muted: string;
  accent: string;
  up: string;
  down: string;
  amber: string;
  font: string;
}>;

const token = (style: CSSStyleDeclaration, name: string, fallback: string): string =>
  style.getPropertyValue(name).trim() || fallback;

export function readChartTheme(element: Element): ChartTheme {
  const style = getComputedStyle(element);
  const ground = token(style, "--ground", "#0e1116");
  return {
    ground,
    line: token(style, "--line", "#262e39"),
    grid: token(style, "--grid", "#171c24"),
    text: token(style, "--text", "#e6eaf0"),
    muted: token(style, "--muted", "#8b96a5"),
    accent: token(style, "--accent", "#4c8dff"),
    up: token(style, "--up", "#26a69a"),
    down: token(style, "--down", "#ef5350"),
    amber: token(style, "--amber", "#e0a63a"),
    font: style.fontFamily || "system-ui",
  };
}

/** A colour of the theme with an alpha from 0 to 1; tokens are `#rrggbb`. */
export function withAlpha(colour: string, alpha: number): string {
  const byte = Math.round(alpha * 255)
    .toString(16)
    .padStart(2, "0");
  return /^#[0-9a-f]{6}$/i.test(colour) ? `${colour}${byte}` : colour;
}

/** Mixes two `#rrggbb` colours; the chart library does not read `color-mix`. */
export function mix(one: string, other: string, share: number): string {
  const parts = [1, 3, 5].map((at) => {
    const a = Number.parseInt(one.slice(at, at + 2), 16);
    const b = Number.parseInt(other.slice(at, at + 2), 16);
    return Math.round(a * share + b * (1 - share))
      .toString(16)
      .padStart(2, "0");
  });
  return `#${parts.join("")}`;
}

/** Colours for the lines a strategy plots, in order: far apart in hue, readable on both grounds, not the pair for money. */
export function plotColours(theme: ChartTheme): readonly string[] {
  return [theme.accent, theme.amber, "#a277ff", "#3fb6d3", "#d16ba5", "#8fae3c"];
}
