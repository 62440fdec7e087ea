import {
  bollinger,
  boolean,
  crosses,
  decimal,
  defineStrategy,
  ema,
  integer,
  percent,
  price,
  sma,
  standardDeviation,
} from "@trading/engine";

export default defineStrategy({
  name: "the-orphan",
  title: "The Orphan",
  description:
    "Buys breakouts above a Bollinger band in an up trend when the market wakes up, and trails the stop.",
  category: "breakout",
  risk: "high",
  timeframes: ["5m", "15m", "30m", "1h", "2h", "4h"],
  documentation: `
A breakout needs three things at once. The close crosses above the upper Bollinger band (24 candles, 2.1 deviations). The close is above its exponential average of 200 candles, so the trend points up. And the market is awake: the standard deviation of the last 15 closes is above its own average of 28 candles.

The strategy then buys for 100 of the quote currency at the next open, or for all it has where that is less. A stop 2 % below and a target 9 % above the close of the signal rest from the entry on. Once the price has been 1 % above that close, the stop trails: it follows 1 % behind the best price since then and never turns back. A close that crosses below the lower band also ends the trade.

Preset Spot 1x (the default): long only, without leverage. Preset Original trades a linear perpetual with leverage 10: the stake of 100 is put up as margin and 1,000 are bought, so that a stop 2 % away loses a fifth of the stake; liquidation lies about 9 % away, and the smallest distance to it is in the result. With "Also sell short" on, the mirror image sells breakdowns below the lower band in a down trend.

What was fixed: its trailing stop did not say which prices move it; here the high of a candle does, and the moved stop acts from the next candle on, or at once where the close is already back behind it.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no leverage.", values: {}, leverage: null },
    {
      title: "Original",
      description:
        "A perpetual at 10×, long and short: the stake is the margin of ten times as much.",
      values: { allowShort: true },
      leverage: 10,
    },
    {
      title: "Both ways",
      description: "Long and short on a perpetual, without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
  ],
  parameters: {
    bandLength: integer({
      label: "Band length",
      help: "Candles of the Bollinger bands.",
      unit: "candles",
      default: 24,
      min: 5,
      max: 200,
      step: 1,
    }),
    bandWidth: decimal({
      label: "Band width",
      help: "Distance of the bands from their middle.",
      unit: "deviations",
      default: 2.1,
      min: 0.5,
      max: 5,
      step: 0.1,
    }),
    trendLength: integer({
      label: "Trend",
      help: "Candles of the exponential average that gives the direction.",
      unit: "candles",
      default: 200,
      min: 10,
      max: 1_000,
      step: 5,
    }),
    volatilityLength: integer({
      label: "Volatility",
      help: "Candles of the standard deviation.",
      unit: "candles",
      default: 15,
      min: 2,
      max: 200,
      step: 1,
    }),
    volatilityAverage: integer({
      label: "Volatility average",
      help: "Candles of its average, which it must exceed.",
      unit: "candles",
      default: 28,
      min: 2,
      max: 200,
      step: 1,
    }),
    stake: decimal({
      label: "Stake",
      help: "Put into each trade, in the quote currency; leverage buys a multiple of it.",
      default: 100,
      min: 1,
      max: 10_000_000,
      step: 1,
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
      default: 0.09,
      min: 0.001,
      max: 0.9,
      step: 0.001,
    }),
    trailFrom: percent({
      label: "Trail from",
      help: "Distance from the signal's close at which the stop begins to trail.",
      default: 0.01,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    trailBy: percent({
      label: "Trail by",
      help: "Distance of the trailing stop from the best price.",
      default: 0.01,
      min: 0.001,
      max: 0.5,
      step: 0.001,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators({ bandLength, bandWidth, trendLength, volatilityLength, volatilityAverage }) {
    const volatility = standardDeviation(volatilityLength);
    return {
      close: price("close"),
      bands: bollinger(bandLength, bandWidth),
      trend: ema(trendLength),
      volatility,
      usualVolatility: sma(volatilityAverage, volatility),
    };
  },

  plots: ({ bands, trend }) => ({
    "Upper band": bands.upper,
    "Lower band": bands.lower,
    Trend: trend,
  }),

  decidesOn: ({ close, bands }) => [crosses(close, bands.upper), crosses(close, bands.lower)],

  onCandle(context) {
    const { close, bands, trend, volatility, usualVolatility } = context.indicators;
    const { stake, stop, target, trailFrom, trailBy, allowShort } = context.parameters;
    const { position } = context;
    const breaksOut = close.crossesAbove(bands.upper);
    const breaksDown = close.crossesBelow(bands.lower);

    if (!position.isFlat) {
      if (position.isLong ? breaksDown : breaksOut) context.exit("opposite band");
      return;
    }

    if (volatility.value <= usualVolatility.value) return;
    const last = context.close;
    const share = Math.min(1, stake / context.equity);
    const enter = (side: "buy" | "sell", up: 1 | -1) =>
      context.bracket({
        side,
        share,
        stop: last * (1 - up * stop),
        target: last * (1 + up * target),
        trail: { by: trailBy, from: last * (1 + up * trailFrom) },
      });
    if (breaksOut && last > trend.value) enter("buy", 1);
    else if (breaksDown && last < trend.value && allowShort) enter("sell", -1);
  },
});
