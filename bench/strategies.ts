import { defineStrategy, sma } from "@trading/engine";

/** Does nothing: what a candle costs by itself. */
export const idle = defineStrategy({
  name: "idle",
  title: "Idle",
  description: "Does nothing.",
  category: "bench",
  risk: "low",
  timeframes: ["1m"],
  documentation: "What a candle costs when nothing happens.",
  parameters: {},
  onCandle() {},
});

/** The crossover with a stop, a target and a trailing stop. */
export const trailing = defineStrategy({
  name: "trailing-crossover",
  title: "Trailing crossover",
  description: "The crossover with a stop, a target and a trailing stop.",
  category: "bench",
  risk: "low",
  timeframes: ["1m"],
  documentation: "What resting and moving orders cost.",
  parameters: {},
  indicators: () => ({ fast: sma(50), slow: sma(200) }),
  onCandle(context) {
    const { fast, slow } = context.indicators;
    const { position } = context;
    if (position.isFlat && fast.crossesAbove(slow)) {
      const { close } = context;
      const trail = { by: 0.02, from: close * 1.01 };
      context.bracket({
        side: "buy",
        quantity: 1,
        stop: close * 0.99,
        target: close * 1.05,
        trail,
      });
    } else if (position.isLong && fast.crossesBelow(slow)) context.exit();
  },
});
