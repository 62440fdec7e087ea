import type { Account, Wallet } from "./account.ts";
import { Broker } from "./broker.ts";
import type { Clock } from "./clock.ts";
import { Context } from "./context.ts";
import { FundingSchedule } from "./funding.ts";
import { accountOf, duesOf } from "./lending.ts";
import { type Occasions, occasionsOf } from "./occasions.ts";
import type { Funding } from "./perpetual.ts";
import { Plots } from "./plots.ts";
import { Preflight } from "./preflight.ts";
import type { RunInput } from "./run.ts";
import { Indicators } from "./run-indicators.ts";
import { timeframeMs } from "./timeframe.ts";
import { TradeList } from "./trades.ts";

type Played = Pick<
  RunInput,
  "strategy" | "parameters" | "settings" | "isPlotted" | "indicatorMemory"
>;

type Market = Pick<RunInput, "market" | "timeframe" | "candles" | "detail"> &
  Readonly<{ funding?: Funding | null | undefined }>;

/** What a run needs for one market of it. */
export type MarketParts = Readonly<{
  account: Account;
  broker: Broker;
  funding: FundingSchedule;
  trades: TradeList;
  indicators: Indicators;
  occasions: Occasions | null;
  plots: Plots;
  preflight: Preflight;
  context: Context;
}>;

/** Makes them around the money of a wallet and the clock of the market. What the strategy throws comes out as it is. */
export function marketParts(
  { strategy, parameters, settings, isPlotted, indicatorMemory }: Played,
  { market, timeframe, candles, detail, funding: given }: Market,
  wallet: Wallet,
  clock: Clock,
): MarketParts {
  const { symbol } = market;
  const lengthMs = timeframeMs(timeframe) ?? 0;
  const account = accountOf(wallet, settings);
  const broker = new Broker({ candles, account, market, settings, detail, lengthMs }, clock);
  const { fills, liquidationLevels: levels } = broker;
  const funding = new FundingSchedule(duesOf(settings, given), { candles, lengthMs, fills });
  const trades = new TradeList({ symbol, candles, payments: funding.payments, levels });
  const set = strategy.indicators(parameters);
  const indicators = new Indicators(set, candles, clock, lengthMs, indicatorMemory);
  const occasions = occasionsOf(strategy, set, parameters, indicators, candles);
  const plots = new Plots(clock, candles.close.length, isPlotted !== false);
  for (const [name, line] of Object.entries(strategy.plots(set)))
    plots.addLine(name, line, indicators);
  const preflight = new Preflight({ broker, candles, account, market, settings }, clock);
  const context = new Context(
    { candles, clock, account, broker, plots, preflight, symbol },
    parameters,
    set,
    strategy.state(parameters),
  );
  return { account, broker, funding, trades, indicators, occasions, plots, preflight, context };
}
