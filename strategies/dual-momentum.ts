import { choice, defineStrategy, integer, percent, rateOfChange } from "@trading/engine";

const day = 86_400_000;

/** Numbers the periods that a time can lie in; 1970-01-05 was the first Monday. */
const periods = {
  candle: (time: number) => time,
  day: (time: number) => Math.floor(time / day),
  week: (time: number) => Math.floor((time - 4 * day) / (7 * day)),
};

export default defineStrategy({
  name: "dual-momentum",
  title: "Dual momentum rotation",
  description: "Holds the strongest of several markets, and none of those that fall.",
  category: "momentum",
  risk: "medium",
  timeframes: ["4h", "6h", "8h", "12h", "1d", "3d", "1w"],
  documentation: `
Looks at several markets in one wallet. Every week (or day, or candle) it ranks them by their gain over the lookback (relative momentum), leaves out those that gained less than the minimum (absolute momentum), and keeps the strongest few in equal parts. What is not among them any more is sold; with the money, once it is there, the new ones are bought. Where nothing rises, the wallet stays in cash.

Give it at least two markets with the same quote currency. A market joins as soon as it has enough candles for the lookback, so later listings may be in the list from the start. One that stops trading keeps its last worth.

It earns where some markets rise for weeks while others do not, and where it is out of a long fall. It loses in markets that turn faster than the lookback: then it buys late, sells late and pays two fees for each change.

Parts are equal when they are bought and drift afterwards; they are not trimmed. Long only, without leverage.

Source: Gary Antonacci, Dual Momentum Investing, 2014.
`,
  parameters: {
    lookback: integer({
      label: "Lookback",
      help: "Over how many candles gains are compared.",
      unit: "candles",
      default: 90,
      min: 2,
      max: 1_000,
      step: 1,
    }),
    every: choice({
      label: "Choose anew",
      help: "When the strongest are chosen, UTC; a week begins on Monday.",
      default: "week",
      choices: [
        { value: "candle", label: "With every candle" },
        { value: "day", label: "Every day" },
        { value: "week", label: "Every week" },
      ],
    }),
    hold: integer({
      label: "Hold",
      help: "How many markets to hold at most.",
      unit: "markets",
      default: 1,
      min: 1,
      max: 20,
      step: 1,
    }),
    minimum: percent({
      label: "Minimum gain",
      help: "Markets that gained less over the lookback are not held.",
      default: 0,
      min: -0.5,
      max: 2,
      step: 0.01,
    }),
  },

  indicators: ({ lookback }) => ({ gain: rateOfChange(lookback) }),

  state: () => ({ period: Number.NaN, chosen: [] as readonly string[] }),

  onCandles(wallet) {
    const { every, hold, minimum } = wallet.parameters;
    const { state, closed } = wallet;
    const period = periods[every](wallet.time);
    if (period !== state.period) {
      state.period = period;
      state.chosen = wallet.markets
        .filter(({ indicators: { gain } }) => gain.value > minimum * 100)
        .sort((a, b) => b.indicators.gain.value - a.indicators.gain.value)
        .slice(0, hold)
        .map(({ symbol }) => symbol);
    }
    const idle = closed.filter((market) => market.openOrders.length === 0);
    const leaving = idle.filter(
      ({ position, symbol }) => position.isLong && !state.chosen.includes(symbol),
    );
    for (const market of leaving) market.exit("weaker");
    // What is bought is paid with what is sold: not before it is.
    if (leaving.length > 0) return;
    for (const market of idle) {
      if (market.position.isFlat && state.chosen.includes(market.symbol))
        market.market({ side: "buy", share: 1 / hold, reason: "strongest" });
    }
  },
});
