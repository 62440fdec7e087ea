import { type ChartOptions, CrosshairMode, type DeepPartial, type Time } from "lightweight-charts";
import { type ChartTheme, mix, withAlpha } from "../../../ui/chart-theme.ts";

/** How the chart answers to hands and time. */
export const behaviour: DeepPartial<ChartOptions> = {
  autoSize: true,
  crosshair: { mode: CrosshairMode.Normal },
  localization: { locale: "en-US", timeFormatter: crosshairTime },
  timeScale: {
    timeVisible: true,
    minBarSpacing: 0.005,
    enableConflation: true,
    rightOffset: 2,
  },
};

/** The chart in the colours of a theme. */
export function lookOf(theme: ChartTheme): DeepPartial<ChartOptions> {
  const { line, grid, ground, muted, accent } = theme;
  const cross = {
    color: mix(muted, ground, 0.6),
    labelBackgroundColor: mix(muted, ground, 0.35),
  };
  return {
    layout: {
      background: { color: ground },
      textColor: muted,
      fontFamily: theme.font,
      fontSize: 11,
      panes: { separatorColor: line, separatorHoverColor: withAlpha(accent, 0.25) },
    },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: { vertLine: cross, horzLine: cross },
    rightPriceScale: { borderColor: line, entireTextOnly: true },
    timeScale: { borderColor: line },
  };
}

function crosshairTime(time: Time): string {
  return `${new Date(Number(time) * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
