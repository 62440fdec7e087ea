import {
  boolean,
  choice,
  defineStrategy,
  higher,
  integer,
  macd,
  percent,
  timeframeParameter,
} from "@trading/engine";

/** How far the price had gone at each age of past trends, the newest last; and the trend that runs. */
type Memory = {
  up: number[][];
  down: number[][];
  isUp: boolean;
  startPrice: number;
  startIndex: number;
};

export default defineStrategy({
  name: "macd-forecast",
  title: "MACD forecast",
  description: "Trades MACD crosses that agree with the trend of a higher timeframe.",
  category: "trend",
  risk: "high",
  timeframes: ["5m", "15m", "30m", "1h"],
  documentation: `
The MACD (12, 26, 9) of the chart crosses its signal line: a cross up buys at the next open if the MACD of the higher timeframe (4h) points up as well, that is, stands above its own signal line, or above zero where that is chosen. The opposite cross with the opposite trend ends the trade. Only closed candles of the higher timeframe count.

It buys for 100 of the quote currency, or for all it has where that is less. A stop 2 % below and a target 4 % above the close of the signal rest from the entry on; 0 % switches either off.

Three lines show where past trends stood at the same age: while the MACD is above its signal line the trend is up, and each candle of it remembers how far the price has come since the trend began. Drawn are the 80th, 50th and 20th percentile of the last 50 trends of the same kind, for the first 100 candles of a trend. They are drawn only; no order follows from them.

It earns when both timeframes move the same way for long, and pays for every cross in a market that goes sideways.

Preset Spot 1x (the default): long only. Preset Original trades a linear perpetual with leverage 10 and reverses on the opposite signal. The stake stays what is bought or sold, 100; its margin is 10. A stop 2 % away loses a fifth of that margin; liquidation lies about 9 % away, and the smallest distance to it is in the result.

What was fixed: the original called its stake "100 USD, leverage 10" without saying which of the two is 100; here it is the position.
`,
  presets: [
    { title: "Spot 1×", description: "Long only, no leverage.", values: {}, leverage: null },
    {
      title: "Original",
      description:
        "A perpetual at 10×: reverses on the opposite signal, a tenth of the stake is margin.",
      values: { allowShort: true },
      leverage: 10,
    },
  ],
  parameters: {
    trendTimeframe: timeframeParameter({
      label: "Trend timeframe",
      help: "A multiple of the chart's.",
      default: "4h",
    }),
    trendBy: choice({
      label: "Trend by",
      help: "What the MACD of the higher timeframe is held against.",
      default: "signal",
      choices: [
        { value: "signal", label: "Its signal line" },
        { value: "zero", label: "Zero" },
      ],
    }),
    stake: integer({
      label: "Stake",
      help: "Amount of the quote currency that one trade buys or sells.",
      default: 100,
      min: 1,
      max: 1_000_000,
      step: 1,
    }),
    stop: percent({
      label: "Stop",
      help: "Distance from the signal's close; 0 is off.",
      default: 0.02,
      min: 0,
      max: 0.5,
      step: 0.001,
    }),
    target: percent({
      label: "Target",
      help: "Distance from the signal's close; 0 is off.",
      default: 0.04,
      min: 0,
      max: 0.9,
      step: 0.001,
    }),
    memory: integer({
      label: "Memory",
      help: "Past trends of each kind from which the percentiles are taken.",
      unit: "trends",
      default: 50,
      min: 2,
      max: 200,
      step: 1,
    }),
    forecast: integer({
      label: "Forecast",
      help: "Age of a trend up to which they are drawn.",
      unit: "candles",
      default: 100,
      min: 2,
      max: 500,
      step: 1,
    }),
    allowShort: boolean({
      label: "Also sell short",
      help: "Needs a market that lends; off on spot.",
      default: false,
    }),
  },

  indicators: ({ trendTimeframe }) => ({
    chart: macd(12, 26, 9),
    trend: higher(trendTimeframe, macd(12, 26, 9)),
  }),

  state: (): Memory => ({ up: [], down: [], isUp: false, startPrice: 0, startIndex: -1 }),

  onCandle(context) {
    const { position, close, equity, leverage, state, index, parameters } = context;
    const { stake, stop, target, allowShort } = parameters;
    const { chart, trend } = context.indicators;

    const isUp = chart.line.value > chart.signal.value;
    const bands = remember(state, { isUp, close, index }, parameters);
    for (const [name, value] of bands) context.plot(name, value);

    const against = parameters.trendBy === "zero" ? 0 : trend.signal.value;
    const isBuy = chart.line.crossesAbove(chart.signal) && trend.line.value > against;
    const isSell = chart.line.crossesBelow(chart.signal) && trend.line.value < against;
    const share = Math.min(1, stake / (equity * leverage));
    const enter = (side: "buy" | "sell", up: 1 | -1) =>
      context.bracket({
        side,
        share,
        stop: stop > 0 ? close * (1 - up * stop) : undefined,
        target: target > 0 ? close * (1 + up * target) : undefined,
      });
    if (isBuy) {
      if (position.isShort) context.exit("opposite signal");
      if (!position.isLong) enter("buy", 1);
    } else if (isSell) {
      if (position.isLong) context.exit("opposite signal");
      if (allowShort && !position.isShort) enter("sell", -1);
    }
  },
});

type Now = Readonly<{ isUp: boolean; close: number; index: number }>;
type Limits = Readonly<{ memory: number; forecast: number }>;

/** Where past trends stood at this age, as lines to draw; none where too few are known. Remembers this one after that. */
function remember(
  state: Memory,
  { isUp, close, index }: Now,
  { memory, forecast }: Limits,
): readonly (readonly [string, number])[] {
  if (state.startIndex < 0 || isUp !== state.isUp) {
    Object.assign(state, { isUp, startPrice: close, startIndex: index });
  }
  const age = index - state.startIndex;
  if (age >= forecast) return [];
  const ages = isUp ? state.up : state.down;
  const past = ages[age] ?? [];
  const sorted = past.toSorted((one, other) => one - other);
  ages[age] = [...past, close / state.startPrice - 1].slice(-memory);
  if (sorted.length < 5) return [];
  const at = (share: number) =>
    state.startPrice * (1 + (sorted[Math.round((sorted.length - 1) * share)] ?? 0));
  return [0.8, 0.5, 0.2].map((share) => [`${share * 100}th percentile`, at(share)]);
}
