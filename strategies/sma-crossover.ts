import { crosses, decimal, defineStrategy, integer, percent, sma } from "@trading/engine";

export default defineStrategy({
  name: "sma-crossover",
  title: "SMA crossover",
  description:
    "Buys when a fast average of closes crosses above a slow one, sells when it crosses back.",
  category: "trend",
  risk: "medium",
  documentation: `
Two simple moving averages follow the closing prices. When the fast one crosses above the slow one the strategy buys at the next open; when it crosses below, it sells at the next open. It is long or out of the market, never short.

With a quantity of 0 it buys with all its cash; any other quantity buys that much each time. A stop loss and a take profit, where set, are measured from the close of the candle that gave the signal and rest from the entry on: whichever is reached first ends the trade and cancels the other. A cross down ends the trade in any case.

It makes money in long trends and loses in sideways markets, where every cross pays two fees. Averages are compared exactly; two that are equal have not crossed.
`,
  parameters: {
    fast: integer({
      label: "Fast average",
      help: "Length of the average that reacts first.",
      unit: "candles",
      default: 50,
      min: 1,
      max: 1_000,
      step: 1,
    }),
    slow: integer({
      label: "Slow average",
      help: "Length of the average that shows the trend.",
      unit: "candles",
      default: 200,
      min: 2,
      max: 5_000,
      step: 1,
    }),
    quantity: decimal({
      label: "Quantity",
      help: "How much to buy each time; 0 buys with all cash.",
      default: 0,
      min: 0,
      max: 1_000_000_000,
      step: 0.001,
    }),
    stopLoss: percent({
      label: "Stop loss",
      help: "Distance below the signal's close; 0 is off.",
      default: 0,
      min: 0,
      max: 0.9,
      step: 0.001,
    }),
    takeProfit: percent({
      label: "Take profit",
      help: "Distance above the signal's close; 0 is off.",
      default: 0,
      min: 0,
      max: 10,
      step: 0.001,
    }),
  },

  indicators: ({ fast, slow }) => ({ fast: sma(fast), slow: sma(slow) }),

  plots: ({ fast, slow }) => ({ "Fast average": fast, "Slow average": slow }),

  decidesOn: ({ fast, slow }) => [crosses(fast, slow)],

  onCandle(context) {
    const { fast, slow } = context.indicators;
    if (context.position.isFlat && fast.crossesAbove(slow)) {
      const { quantity, stopLoss, takeProfit } = context.parameters;
      context.bracket({
        side: "buy",
        ...(quantity > 0 ? { quantity } : { share: 1 }),
        stop: stopLoss > 0 ? context.close * (1 - stopLoss) : undefined,
        target: takeProfit > 0 ? context.close * (1 + takeProfit) : undefined,
      });
    } else if (context.position.isLong && fast.crossesBelow(slow)) {
      context.exit();
    }
  },
});
