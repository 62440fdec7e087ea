import {
  bollinger,
  boolean,
  decimal,
  defineStrategy,
  integer,
  percent,
  rsi,
} from "@trading/engine";

export default defineStrategy({
  name: "bollinger-mean-reversion",
  title: "Bollinger mean reversion",
  description:
    "Buys when the price has fallen out of its band and sells when it is back at the middle.",
  category: "mean reversion",
  risk: "medium",
  timeframes: ["15m", "30m", "1h", "2h", "4h"],
  documentation: `
The price of a market without a trend swings around its average. Bollinger bands (20 candles, 2 deviations) say how far is unusual: a close below the lower band, while the relative strength index of 14 candles is below 30, buys at the next open for half of the equity. The trade ends at the next open after a close at or above the middle of the band. A stop 3 % below the close of the signal rests from the entry on, and a trade that has not come back after 48 candles is given up.

It wins often and little, and loses when a trend begins: then the bands widen, the price stays outside and the stop is what limits the loss. A market that falls for long costs stop after stop.

Preset Spot 1x (the default): long only. Both ways sells closes above the upper band short as well, mirrored; that needs a market that lends.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no loan.", values: {}, leverage: null },
    {
      title: "Both ways",
      description: "Sells above the upper band short as well, on a perpetual without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
  ],
  parameters: {
    length: integer({
      label: "Band length",
      help: "Candles of the Bollinger bands.",
      unit: "candles",
      default: 20,
      min: 5,
      max: 200,
      step: 1,
    }),
    deviations: decimal({
      label: "Band width",
      help: "Standard deviations from the middle.",
      default: 2,
      min: 0.5,
      max: 5,
      step: 0.1,
    }),
    oversold: integer({
      label: "Oversold below",
      help: "Relative strength index of 14 candles; mirrored around 50 for shorts. 100 asks nothing.",
      default: 30,
      min: 1,
      max: 100,
      step: 1,
    }),
    share: percent({
      label: "Size",
      help: "Share of the equity in one trade.",
      default: 0.5,
      min: 0.01,
      max: 1,
      step: 0.01,
    }),
    stop: percent({
      label: "Stop",
      help: "Distance from the signal's close.",
      default: 0.03,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    patience: integer({
      label: "Given up after",
      help: "Candles after which a trade ends that has not come back.",
      unit: "candles",
      default: 48,
      min: 1,
      max: 1_000,
      step: 1,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators: ({ length, deviations }) => ({
    bands: bollinger(length, deviations),
    strength: rsi(14),
  }),

  plots: ({ bands }) => ({
    "Upper band": bands.upper,
    "Middle band": bands.middle,
    "Lower band": bands.lower,
  }),

  onCandle(context) {
    const { bands, strength } = context.indicators;
    const { oversold, share, stop, patience, allowShort } = context.parameters;
    const { position, close } = context;
    const middle = bands.middle.value;

    if (!position.isFlat) {
      if (position.isLong ? close >= middle : close <= middle) context.exit("middle");
      else if (position.candles >= patience) context.exit("out of patience");
    } else if (close < bands.lower.value && strength.value < oversold) {
      context.bracket({ side: "buy", share, stop: close * (1 - stop), reason: "below the band" });
    } else if (allowShort && close > bands.upper.value && strength.value > 100 - oversold) {
      context.bracket({ side: "sell", share, stop: close * (1 + stop), reason: "above the band" });
    }
  },
});
