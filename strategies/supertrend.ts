import { boolean, decimal, defineStrategy, integer, percent, supertrend } from "@trading/engine";

export default defineStrategy({
  name: "supertrend",
  title: "Supertrend",
  description: "Holds a market as long as it stays above a line that follows its range.",
  category: "trend",
  risk: "medium",
  timeframes: ["30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d"],
  documentation: `
The line runs 3 average true ranges (of 10 candles) below the middle of each candle and only rises, until a close falls below it; then it runs above and only falls. When it changes to below the price, the strategy buys at the next open; when it changes to above, it sells.

The line itself is the stop: it rests in the market from the entry on and is moved after every close, so that a fall inside a candle ends the trade at the line. After that the strategy waits for the next change of sides. The size is a share of the equity (all of it by default).

It earns in long trends and pays for every false change in a market that goes sideways. A wider line changes sides less often and gives back more at the end of each trend.

Preset Spot 1x (the default): long only. Both ways sells short below the line as well; that needs a market that lends.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no loan.", values: {}, leverage: null },
    {
      title: "Both ways",
      description: "Short below the line as well, on a perpetual without leverage.",
      values: { allowShort: true },
      leverage: 1,
    },
  ],
  parameters: {
    length: integer({
      label: "Length",
      help: "Candles of the average true range.",
      unit: "candles",
      default: 10,
      min: 2,
      max: 200,
      step: 1,
    }),
    multiplier: decimal({
      label: "Distance",
      help: "Average true ranges between the price and the line.",
      default: 3,
      min: 0.5,
      max: 10,
      step: 0.1,
    }),
    share: percent({
      label: "Size",
      help: "Share of the equity in one trade.",
      default: 1,
      min: 0.01,
      max: 1,
      step: 0.01,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators: ({ length, multiplier }) => supertrend(length, multiplier),

  plots: ({ line }) => ({ Supertrend: line }),

  onCandle(context) {
    const { line, direction } = context.indicators;
    const { share, allowShort } = context.parameters;
    const { position } = context;
    // Sides are known from the second value on.
    const hasTurned = direction.value * direction.previous < 0;
    const isUp = direction.value > 0;

    if (!hasTurned) {
      for (const order of context.openOrders) {
        if (order.kind === "stop" && order.price !== line.value)
          context.amend(order, { price: line.value });
      }
      return;
    }
    if (!position.isFlat) context.exit("changed sides");
    if (isUp) context.bracket({ side: "buy", share, stop: line.value, reason: "above the line" });
    else if (allowShort)
      context.bracket({ side: "sell", share, stop: line.value, reason: "below the line" });
  },
});
