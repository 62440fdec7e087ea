import type { TradedSeries } from "../described-trade.ts";
import { pow } from "../mathematics.ts";
import { changesOf } from "../relative-metrics.ts";
import type { EngineTrade, Fill, RunResult } from "../result.ts";
import { deviationOf, meanOf, medianOf, momentOf, sumOf } from "../statistics.ts";
import { dateKey, dayOf } from "./calendar.ts";
import { entryFeesOf } from "./entry-fees.ts";

export type FreqtradeFigures = Readonly<Record<string, number | string | null>>;

type Asked = Readonly<{
  /** All of them: freqtrade ends what is open with the data and counts it. */
  trades: readonly EngineTrade[];
  fills: readonly Fill[];
  time: Float64Array;
  traded: readonly TradedSeries[];
  capital: number;
  leverage: number;
  timeframe: string;
}> &
  Pick<RunResult, "rejectedOrders" | "orderCounts">;

const dayMs = 86_400_000;
const year = Math.sqrt(365);

/**
 * Freqtrade's figures under its own names, by its own formulas (`optimize_reports.py`, `metrics.py`, 2025), so that results
 * can be held against each other. Where it prints a stand-in number such as −100, this is null. Balances are those of closed
 * trades, returns are per trade over the starting balance.
 */
export function freqtradeFigures(asked: Asked): FreqtradeFigures {
  const { trades, fills, time, traded, capital, leverage, timeframe } = asked;
  const ratios = ratiosOfTrades(asked);
  const profits = trades.map((trade) => trade.pnl);
  const total = sumOf(profits);
  const days = Math.max(1, Math.floor(((time.at(-1) ?? 0) - (time[0] ?? 0)) / dayMs));
  const longs = trades.filter((trade) => trade.side === "long").map((trade) => trade.pnl);
  const shorts = trades.filter((trade) => trade.side === "short").map((trade) => trade.pnl);
  const falls = fallsOf(trades, capital);
  return numbersOnly({
    total_trades: trades.length,
    trade_count_long: longs.length,
    trade_count_short: shorts.length,
    total_volume: sumOf(fills.map((fill) => fill.quantity * fill.price)),
    avg_stake_amount: meanOf(trades.map(notionalOf)) / leverage,
    profit_mean: meanOf(ratios),
    profit_median: medianOf(ratios),
    profit_total: total / capital,
    profit_total_long: sumOf(longs) / capital,
    profit_total_short: sumOf(shorts) / capital,
    profit_total_abs: total,
    profit_total_long_abs: sumOf(longs),
    profit_total_short_abs: sumOf(shorts),
    cagr: pow((capital + total) / capital, 365 / days) - 1,
    ...oddsOf(profits),
    ...ratiosOf(profits, capital, days, falls?.max_drawdown_account ?? 0),
    backtest_start_ts: time[0] ?? null,
    backtest_end_ts: time.at(-1) ?? null,
    backtest_days: days,
    trades_per_day: Math.round((trades.length / days) * 100) / 100,
    market_change: meanOf(changesOf(traded)),
    starting_balance: capital,
    final_balance: capital + total,
    timeframe,
    ...byDays(trades, ratios),
    ...durationsOf(trades),
    ...falls,
    ...pairsOf(trades, capital),
    ...countersOf(asked),
  });
}

const notionalOf = ({ entryPrice, quantity }: EngineTrade) => entryPrice * quantity;

/** Profit of each trade over what opening it cost, with the fee, times the leverage (`calc_profit_ratio`). */
function ratiosOfTrades({ trades, fills, leverage }: Asked): number[] {
  const fees = entryFeesOf(trades, fills);
  return trades.map((trade, i) => {
    const fee = fees[i] as number;
    const opened = notionalOf(trade) + (trade.side === "long" ? fee : -fee);
    return (trade.pnl / opened) * leverage;
  });
}

/** The markets that gave most and least over the starting balance. */
function pairsOf(trades: readonly EngineTrade[], capital: number) {
  const profits = new Map<string, number>();
  for (const { market, pnl } of trades) profits.set(market, (profits.get(market) ?? 0) + pnl);
  const rising = [...profits].sort(([, a], [, b]) => a - b);
  const [worst, worstProfit] = rising[0] ?? [null, Number.NaN];
  const [best, bestProfit] = rising.at(-1) ?? [null, Number.NaN];
  return {
    best_pair: best,
    best_pair_profit_total: bestProfit / capital,
    worst_pair: worst,
    worst_pair_profit_total: worstProfit / capital,
  };
}

function countersOf({ rejectedOrders, orderCounts }: Asked) {
  return {
    rejected_signals: sumOf(Object.values(rejectedOrders)),
    timedout_entry_orders: orderCounts.expiredEntries,
    timedout_exit_orders: orderCounts.expiredExits,
    canceled_entry_orders: orderCounts.cancelledEntries,
    replaced_entry_orders: orderCounts.amendedEntries,
  };
}

/** What cannot be divided is null. */
const numbersOnly = (figures: Readonly<Record<string, number | string | null>>) =>
  Object.fromEntries(
    Object.entries(figures).map(([name, value]) => [
      name,
      typeof value === "number" && !Number.isFinite(value) ? null : value,
    ]),
  );

function oddsOf(profits: readonly number[]) {
  const won = profits.filter((profit) => profit > 0);
  const lost = profits.filter((profit) => profit < 0);
  const winRate = won.length / profits.length;
  const averageWin = won.length > 0 ? meanOf(won) : 0;
  const averageLoss = lost.length > 0 ? -meanOf(lost) : 0;
  return {
    wins: won.length,
    draws: profits.length - won.length - lost.length,
    losses: lost.length,
    winrate: winRate,
    expectancy: winRate * averageWin - (lost.length / profits.length) * averageLoss,
    expectancy_ratio: averageLoss > 0 ? (1 + averageWin / averageLoss) * winRate - 1 : null,
    profit_factor: sumOf(won) / -sumOf(lost),
  };
}

/** Mean profit per day over the deviation of profits per trade, all over the starting balance. */
function ratiosOf(profits: readonly number[], capital: number, days: number, drawdown: number) {
  const shares = profits.map((profit) => profit / capital);
  const losses = shares.filter((share) => share < 0);
  const perDay = sumOf(shares) / days;
  return {
    sharpe: (perDay / spreadOf(shares)) * year,
    sortino: (perDay / spreadOf(losses)) * year,
    calmar: ((perDay * 100) / drawdown) * year,
    sqn: (Math.sqrt(shares.length) * meanOf(shares)) / deviationOf(shares),
  };
}

/** Deviation over n, as numpy has it; `NaN` where there is none. */
const spreadOf = (values: readonly number[]) => Math.sqrt(momentOf(values, 2)) || Number.NaN;

function byDays(trades: readonly EngineTrade[], ratios: readonly number[]) {
  const perDay = new Map<number, { profit: number; share: number }>();
  for (const [i, { exitAt, pnl }] of trades.entries()) {
    const day = perDay.get(dayOf(exitAt)) ?? { profit: 0, share: 0 };
    const share = day.share + (ratios[i] as number);
    perDay.set(dayOf(exitAt), { profit: day.profit + pnl, share });
  }
  const days = [...perDay.keys()];
  if (days.length === 0) return { winning_days: 0, draw_days: 0, losing_days: 0 };
  const span = largest(days) - smallest(days) + 1;
  const profits = [...perDay.values()].map(({ profit }) => profit);
  const shares = [...perDay.values()].map(({ share }) => share);
  // A day between the first and the last exit on which nothing ended is a draw.
  const isQuiet = span > days.length;
  const winning = profits.filter((profit) => profit > 0).length;
  const losing = profits.filter((profit) => profit < 0).length;
  return {
    backtest_best_day: Math.max(largest(shares), isQuiet ? 0 : Number.NEGATIVE_INFINITY),
    backtest_worst_day: Math.min(smallest(shares), isQuiet ? 0 : Number.POSITIVE_INFINITY),
    backtest_best_day_abs: Math.max(largest(profits), isQuiet ? 0 : Number.NEGATIVE_INFINITY),
    backtest_worst_day_abs: Math.min(smallest(profits), isQuiet ? 0 : Number.POSITIVE_INFINITY),
    winning_days: winning,
    draw_days: span - winning - losing,
    losing_days: losing,
  };
}

const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b));
const smallest = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b));

function durationsOf(trades: readonly EngineTrade[]) {
  const seconds = (some: readonly EngineTrade[]) =>
    meanOf(some.map(({ entryAt, exitAt }) => (exitAt - entryAt) / 1_000));
  let wins = 0;
  let losses = 0;
  let mostWins = 0;
  let mostLosses = 0;
  for (const { pnl } of trades) {
    wins = pnl > 0 ? wins + 1 : 0;
    losses = pnl > 0 ? 0 : losses + 1;
    mostWins = Math.max(mostWins, wins);
    mostLosses = Math.max(mostLosses, losses);
  }
  return {
    holding_avg_s: seconds(trades),
    winner_holding_avg_s: seconds(trades.filter((trade) => trade.pnl > 0)),
    loser_holding_avg_s: seconds(trades.filter((trade) => trade.pnl < 0)),
    max_consecutive_wins: mostWins,
    max_consecutive_losses: mostLosses,
  };
}

/** Falls of the balance of closed trades, by exit; null without trades. */
function fallsOf(trades: readonly EngineTrade[], capital: number) {
  if (trades.length === 0) return null;
  let sum = 0;
  let peak = 0;
  let peakAt = trades[0]?.exitAt ?? 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let relative = 0;
  let deepest = { fall: 0, high: 0, low: 0, startAt: 0, endAt: 0 };
  for (const { pnl, exitAt } of trades) {
    sum += pnl;
    lowest = Math.min(lowest, sum);
    highest = Math.max(highest, sum);
    if (sum > peak) {
      peak = sum;
      peakAt = exitAt;
    }
    relative = Math.max(relative, (peak - sum) / (capital + peak));
    if (peak - sum > deepest.fall) {
      deepest = { fall: peak - sum, high: peak, low: sum, startAt: peakAt, endAt: exitAt };
    }
  }
  const { fall, high, low, startAt, endAt } = deepest;
  const isNone = fall === 0;
  return {
    max_drawdown_account: fall / (capital + high),
    max_relative_drawdown: relative,
    max_drawdown_abs: fall,
    max_drawdown_high: high,
    max_drawdown_low: low,
    drawdown_start: isNone ? null : dateKey(dayOf(startAt)),
    drawdown_end: isNone ? null : dateKey(dayOf(endAt)),
    drawdown_duration_s: isNone ? null : (endAt - startAt) / 1_000,
    csum_min: capital + lowest,
    csum_max: capital + highest,
  };
}
