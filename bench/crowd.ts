import {
  bollinger,
  type Context,
  defineStrategy,
  donchian,
  ema,
  type IndicatorSet,
  type Line,
  macd,
  price,
  rsi,
  type Strategy,
  stochastic,
  supertrend,
} from "@trading/engine";

/** Buys one unit where `enters` says so and leaves where `leaves` does. */
function rule<Set extends IndicatorSet>(
  name: string,
  indicators: () => Set,
  enters: (lines: Set, context: Context<object, Set>) => boolean,
  leaves: (lines: Set, context: Context<object, Set>) => boolean,
): Strategy {
  return defineStrategy({
    name,
    title: name,
    description: "One of a crowd.",
    category: "bench",
    risk: "low",
    timeframes: ["1m"],
    documentation: "Runs before another strategy, so that the engine has seen many kinds.",
    parameters: {},
    indicators,
    onCandle(context) {
      const own = context as unknown as Context<object, Set>;
      const { indicators: lines } = own;
      if (context.position.isFlat && enters(lines, own)) {
        context.market({ side: "buy", quantity: 1 });
      } else if (context.position.isLong && leaves(lines, own)) context.exit();
    },
  });
}

const crosses = (a: Line, b: Line | number) => a.crossesAbove(b);

/** Seven strategies of other classes than the crossover, with other indicators. */
export const crowd: readonly Strategy[] = [
  rule(
    "averages",
    () => ({ fast: ema(20), slow: ema(100) }),
    ({ fast, slow }) => crosses(fast, slow),
    ({ fast, slow }) => crosses(slow, fast),
  ),
  rule(
    "strength",
    () => ({ strength: rsi(14) }),
    ({ strength }) => strength.crossesBelow(25),
    ({ strength }) => strength.crossesAbove(60),
  ),
  rule(
    "bands",
    () => ({ bands: bollinger(20, 2), close: price() }),
    ({ bands, close }) => close.crossesBelow(bands.lower),
    ({ bands, close }) => close.crossesAbove(bands.middle),
  ),
  rule(
    "momentum",
    () => ({ lines: macd(34, 144, 9) }),
    ({ lines }) => crosses(lines.line, lines.signal),
    ({ lines }) => crosses(lines.signal, lines.line),
  ),
  rule(
    "channel",
    () => ({ channel: donchian(55) }),
    ({ channel }, { high }) => high >= channel.upper.value,
    ({ channel }, { close }) => close < channel.middle.value,
  ),
  rule(
    "oscillator",
    () => ({ lines: stochastic(14, 3, 3) }),
    ({ lines }) => lines.k.value < 20 && crosses(lines.k, lines.d),
    ({ lines }) => lines.k.value > 80,
  ),
  rule(
    "trend",
    () => ({ trend: supertrend(10, 3) }),
    ({ trend }) => trend.direction.crossesAbove(0),
    ({ trend }) => trend.direction.crossesBelow(0),
  ),
];
