import { boolean, crosses, defineStrategy, ema, integer, percent } from "@trading/engine";

export default defineStrategy({
  name: "ema-crossover",
  title: "EMA crossover",
  description:
    "Follows the trend that two exponential averages show, with a stop, a target and a fixed risk per trade.",
  category: "trend",
  risk: "medium",
  timeframes: ["5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"],
  documentation: `
Two exponential moving averages follow the closing prices. When the short one crosses above the long one, the strategy buys at the next open. It leaves when the averages cross back, or earlier at a stop 2 % below or a target 4 % above the close of the signal. Stop and target rest from the entry on; one cancels the other.

The size follows from the risk: so much is bought that hitting the stop loses 1 % of the equity, before fees and gaps. A stop closer than the risk asks for more than the equity can pay; then it buys what the equity pays for.

Preset Spot 1x (the default): long only, no loan and no leverage. Preset Original trades a linear perpetual: with "Also sell short" on, a cross down opens a short position of the same risk. Its risk of 1 % at a stop 2 % away is a position of half the equity, so that it needs no leverage.

What was fixed: the original rules did not say from where stop and target are measured; here it is the close of the candle that gave the signal. An opposite cross closes the position first and, where shorting is on, opens the other side at the same open.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no loan.", values: {}, leverage: null },
    {
      title: "Original",
      description: "Long and short on a perpetual, without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
  ],
  parameters: {
    short: integer({
      label: "Short average",
      help: "Length of the average that reacts first.",
      unit: "candles",
      default: 10,
      min: 1,
      max: 500,
      step: 1,
    }),
    long: integer({
      label: "Long average",
      help: "Length of the average that shows the trend.",
      unit: "candles",
      default: 20,
      min: 2,
      max: 1_000,
      step: 1,
    }),
    risk: percent({
      label: "Risk per trade",
      help: "Share of the equity that a hit stop loses.",
      default: 0.01,
      min: 0.001,
      max: 0.1,
      step: 0.001,
    }),
    stop: percent({
      label: "Stop",
      help: "Distance from the signal's close.",
      default: 0.02,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    target: percent({
      label: "Target",
      help: "Distance from the signal's close.",
      default: 0.04,
      min: 0.001,
      max: 0.9,
      step: 0.001,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators: ({ short, long }) => ({ short: ema(short), long: ema(long) }),

  plots: ({ short, long }) => ({ "Short average": short, "Long average": long }),

  decidesOn: ({ short, long }) => [crosses(short, long)],

  onCandle(context) {
    const { short, long } = context.indicators;
    const { risk, stop, target, allowShort } = context.parameters;
    const { position, close } = context;

    if (short.crossesAbove(long)) {
      if (position.isShort) context.exit("cross up");
      if (!position.isLong) {
        context.bracket({
          side: "buy",
          risk,
          stop: close * (1 - stop),
          target: close * (1 + target),
        });
      }
    } else if (short.crossesBelow(long)) {
      if (position.isLong) context.exit("cross down");
      if (allowShort && !position.isShort) {
        context.bracket({
          side: "sell",
          risk,
          stop: close * (1 + stop),
          target: close * (1 - target),
        });
      }
    }
  },
});
