import { atr, boolean, decimal, defineStrategy, donchian, integer, percent } from "@trading/engine";

export default defineStrategy({
  name: "donchian-breakout",
  title: "Donchian breakout",
  description: "Buys a new high of many candles and leaves at a new low of fewer.",
  category: "breakout",
  risk: "medium",
  timeframes: ["1h", "2h", "4h", "6h", "8h", "12h", "1d"],
  documentation: `
A close above the highest high of the 20 candles before it is a breakout: the strategy buys at the next open. It leaves when a close falls below the lowest low of the 10 candles before it, or earlier at a stop 2 average true ranges (of 20 candles) below the close of the signal, which rests from the entry on.

The size follows from the risk: so much is bought that hitting the stop loses 1 % of the equity, before fees and gaps, or what the equity pays for where that is less.

It loses a little on most breakouts, which fail, and lives from the few that become long trends. The rules are those that Richard Dennis taught his "turtles" in 1983, without adding to positions and without several systems side by side.

Preset Spot 1x (the default): long only. Both ways sells new lows short as well, mirrored; that needs a market that lends.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no loan.", values: {}, leverage: null },
    {
      title: "Both ways",
      description: "Sells new lows short as well, on a perpetual without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
    {
      title: "Slow",
      description: "Breakouts of 55 candles, left after 20.",
      values: { entry: 55, exit: 20 },
    },
  ],
  parameters: {
    entry: integer({
      label: "Breakout of",
      help: "A close beyond the range of so many candles before it opens a trade.",
      unit: "candles",
      default: 20,
      min: 2,
      max: 500,
      step: 1,
    }),
    exit: integer({
      label: "Left after",
      help: "A close beyond the opposite end of so many candles before it ends a trade.",
      unit: "candles",
      default: 10,
      min: 2,
      max: 500,
      step: 1,
    }),
    ranges: decimal({
      label: "Stop",
      help: "Distance from the signal's close in average true ranges of 20 candles.",
      default: 2,
      min: 0.5,
      max: 10,
      step: 0.1,
    }),
    risk: percent({
      label: "Risk per trade",
      help: "Share of the equity that a hit stop loses.",
      default: 0.01,
      min: 0.001,
      max: 0.1,
      step: 0.001,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators: ({ entry, exit }) => ({
    entry: donchian(entry),
    exit: donchian(exit),
    range: atr(20),
  }),

  plots: ({ entry, exit }) => ({
    "Highest of entry": entry.upper,
    "Lowest of exit": exit.lower,
  }),

  onCandle(context) {
    const { entry, exit, range } = context.indicators;
    const { ranges, risk, allowShort } = context.parameters;
    const { position, close } = context;
    // The range before this candle: a close cannot leave one that holds it.
    if (position.isLong && close < exit.lower.previous) context.exit("new low");
    else if (position.isShort && close > exit.upper.previous) context.exit("new high");
    if (!position.isFlat) return;
    const distance = ranges * range.value;
    if (close > entry.upper.previous) {
      context.bracket({ side: "buy", risk, stop: close - distance, reason: "new high" });
    } else if (allowShort && close < entry.lower.previous) {
      context.bracket({ side: "sell", risk, stop: close + distance, reason: "new low" });
    }
  },
});
