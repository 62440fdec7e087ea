import { boolean, decimal, defineStrategy, integer, percent, rsi } from "@trading/engine";

/** A turning point of the index, with the price of its candle. */
type Turn = Readonly<{ strength: number; price: number; index: number }>;

type Memory = {
  isRising: boolean;
  /** The furthest point of the way that the index goes now. */
  extreme: Turn | null;
  /** The last turns that later candles confirmed. */
  low: Turn | null;
  high: Turn | null;
};

export default defineStrategy({
  name: "rsi-divergence",
  title: "RSI divergence",
  description: "Buys when the price makes a lower low that its relative strength does not follow.",
  category: "reversal",
  risk: "high",
  timeframes: ["15m", "30m", "1h", "2h", "4h", "1d"],
  documentation: `
The relative strength index (14 candles) turns up and down. A low of it is confirmed once the index has risen by the prominence (0.5 points) from there; only then does the strategy know it. Where such a low is higher than the one before, at most 20 candles earlier, while the price of its candle is lower, the fall loses its force: a bullish divergence. The strategy buys at the next open.

A stop 2 % below and a target 4 % above the close of the signal rest from the entry on. So much is bought that hitting the stop loses 1.5 % of the equity, before fees and gaps, or what the equity pays for where that is less. A bearish divergence (a higher high of the price with a lower one of the index) ends the trade earlier.

It buys into falling markets: many divergences fail, and a long fall shows one after the other. Larger prominences give fewer and later signals.

Preset Spot 1x (the default): long only. Original trades a linear perpetual and sells bearish divergences short as well; a risk of 1.5 % at a stop 2 % away is three quarters of the equity, so that it needs no leverage.

What was fixed: the original found its peaks by looking at the candles after them, which a trader cannot; here a turn counts from the candle that confirms it. Its prominence had no unit; here it is points of the index.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no loan.", values: {}, leverage: null },
    {
      title: "Original",
      description: "Sells bearish divergences short as well, on a perpetual without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
    {
      title: "Clear turns",
      description: "Turns of 5 points, up to 60 candles apart.",
      values: { prominence: 5, lookback: 60 },
    },
  ],
  parameters: {
    length: integer({
      label: "Length",
      help: "Candles of the relative strength index.",
      unit: "candles",
      default: 14,
      min: 2,
      max: 200,
      step: 1,
    }),
    lookback: integer({
      label: "Lookback",
      help: "The two turns that are compared lie at most so many candles apart.",
      unit: "candles",
      default: 20,
      min: 2,
      max: 500,
      step: 1,
    }),
    prominence: decimal({
      label: "Prominence",
      help: "Points of the index by which it must come back to confirm a turn.",
      default: 0.5,
      min: 0.1,
      max: 30,
      step: 0.1,
    }),
    risk: percent({
      label: "Risk per trade",
      help: "Share of the equity that a hit stop loses.",
      default: 0.015,
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

  indicators: ({ length }) => ({ strength: rsi(length) }),

  plots: ({ strength }) => ({ RSI: strength }),
  plotsBelow: ["RSI"],

  state: (): Memory => ({ isRising: false, extreme: null, low: null, high: null }),

  onCandle(context) {
    const { position, close, parameters } = context;
    const { risk, stop, target, allowShort } = parameters;
    const { high, low, index } = context;
    const strength = context.indicators.strength.value;
    const found = divergence(context.state, { strength, high, low, index }, parameters);
    if (found === null) return;
    const isBullish = found === "bullish";
    if (isBullish ? position.isShort : position.isLong) context.exit(`${found} divergence`);
    if (isBullish ? position.isLong : position.isShort || !allowShort) return;
    const up = isBullish ? 1 : -1;
    context.bracket({
      side: isBullish ? "buy" : "sell",
      risk,
      stop: close * (1 - up * stop),
      target: close * (1 + up * target),
      reason: `${found} divergence`,
    });
  },
});

type Now = Readonly<{ strength: number; high: number; low: number; index: number }>;
type Limits = Readonly<{ lookback: number; prominence: number }>;

/** Follows the index to this candle; the divergence that it confirms, if any. */
function divergence(state: Memory, now: Now, limits: Limits): "bullish" | "bearish" | null {
  const { strength, high, low, index } = now;
  const way = state.isRising ? 1 : -1;
  const here = (isTop: boolean): Turn => ({ strength, price: isTop ? high : low, index });
  const extreme = state.extreme ?? here(state.isRising);
  const back = way * (extreme.strength - strength);
  state.extreme = back <= 0 ? here(state.isRising) : extreme;
  if (back < limits.prominence) return null;
  const before = state.isRising ? state.high : state.low;
  if (state.isRising) state.high = extreme;
  else state.low = extreme;
  state.isRising = !state.isRising;
  state.extreme = here(state.isRising);
  if (before === null || extreme.index - before.index > limits.lookback) return null;
  const goesFurther = way * (extreme.price - before.price) > 0;
  const isWeaker = way * (extreme.strength - before.strength) < 0;
  if (!goesFurther || !isWeaker) return null;
  return way === 1 ? "bearish" : "bullish";
}
