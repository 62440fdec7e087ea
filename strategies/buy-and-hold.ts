import { defineStrategy } from "@trading/engine";

export default defineStrategy({
  name: "buy-and-hold",
  title: "Buy and hold",
  description: "Buys once with all cash and keeps it: what every other strategy must beat.",
  category: "benchmark",
  risk: "medium",
  documentation: `
Buys at the open of the second candle with all cash and never sells. The position is open at the end and valued at the last close.

Use it to see what the market itself did over the same candles and with the same fee.
`,
  parameters: {},

  onCandle(context) {
    if (context.position.isFlat && context.openOrders.length === 0) {
      context.market({ side: "buy", share: 1 });
    }
  },
});
