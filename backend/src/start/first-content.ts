import type { BacktestRequest, BacktestView } from "@trading/contracts/backtests";
import type { DataTask, Series } from "@trading/contracts/market-data";
import type { StrategyView } from "@trading/contracts/strategies";
import type { ApiClient } from "./api-client.ts";

type Needs = Readonly<{
  trader: ApiClient;
  operator: ApiClient;
  /** Which exchanges can be reached from here, and why the others cannot. */
  probe(): Promise<readonly Reached[]>;
  now(): number;
  pauseMs: number;
  /** What is being done now. */
  note(text: string): void;
  /** What somebody should know later too. */
  say(sentence: string): void;
}>;

/** An exchange that was tried: `problem` is null when it answered. */
export type Reached = Readonly<{ exchange: string; quote: string; problem: string | null }>;

export type FirstContent = Readonly<{
  candles: "recorded" | "synthetic";
  exchange: string | null;
  backtests: number;
}>;

const coins = ["BTC", "ETH", "SOL"];
const timeframe = "1h";
const historyMs = 2 * 365 * 86_400_000;

/**
 * Brings candles and makes a few backtests and a comparison through the API, so that the first page shows something.
 * Real candles where an exchange can be reached, else the generated series, which are labelled so everywhere. May run
 * again after it was interrupted: what is there already stays as it is.
 */
export async function makeFirstContent(needs: Needs): Promise<FirstContent> {
  const exchange = await downloadCandles(needs);
  if (exchange === null) {
    needs.note("generating example candles");
    await needs.operator.post("/examples", {});
  }
  const series = await findSeries(needs.trader, exchange);
  const backtests = await makeBacktests(needs, series);
  await makeComparison(needs.trader, backtests);
  return {
    candles: exchange === null ? "synthetic" : "recorded",
    exchange,
    backtests: backtests.length,
  };
}

/** Tries one exchange after the other; the name of the one that had every coin, or null. */
async function downloadCandles(needs: Needs): Promise<string | null> {
  needs.note("looking for an exchange that answers");
  const tried = await needs.probe();
  sayRefusals(needs, tried);
  for (const { exchange, quote } of tried.filter(({ problem }) => problem === null)) {
    try {
      for (const coin of coins) await download(needs, exchange, `${coin}/${quote}`);
      return exchange;
    } catch (error) {
      sayRefusals(needs, [{ exchange, quote, problem: (error as Error).message }]);
    }
  }
  return null;
}

/** Without a network all of them have the same reason, which is said once. */
function sayRefusals({ say }: Needs, tried: readonly Reached[]): void {
  const byReason = Map.groupBy(tried, ({ problem }) => problem);
  for (const [problem, refused] of byReason) {
    if (problem === null) continue;
    say(`  · ${refused.map(({ exchange }) => exchange).join(", ")} refused: ${problem}`);
  }
}

async function download(needs: Needs, exchange: string, symbol: string): Promise<void> {
  const from = new Date(needs.now() - historyMs).toISOString();
  let task = await needs.trader.post<DataTask>("/downloads", { exchange, symbol, timeframe, from });
  while (task.status === "queued" || task.status === "running") {
    needs.note(`${symbol} from ${exchange}: ${Math.round(task.progress.share * 100)} %`);
    await pause(needs);
    task = await needs.trader.get<DataTask>(`/data-tasks/${task.id}`);
  }
  if (task.status !== "done")
    throw new Error(task.problem?.detail ?? `the download ended ${task.status}`);
}

async function findSeries(trader: ApiClient, exchange: string | null): Promise<readonly Series[]> {
  const source = exchange === null ? "synthetic" : "exchange";
  const page = await trader.get<{ items: Series[] }>(`/series?source=${source}&pageSize=200`);
  // Another exchange may have given up half way.
  const items = page.items.filter((one) => exchange === null || one.exchange === exchange);
  const order = (one: Series) => coins.indexOf(one.base) + (coins.includes(one.base) ? 0 : 100);
  const sorted = items.filter((one) => one.rows > 0).sort((a, b) => order(a) - order(b));
  if (sorted.length === 0) throw new Error("no candles have arrived");
  return sorted;
}

type Plan = Readonly<{
  title: string;
  strategy: string;
  /** Which of the series; the first one where there are fewer. */
  series: number;
  timeframe: BacktestRequest["timeframe"];
  parameters?: BacktestRequest["parameters"];
}>;

/** From the least to the most telling: the workbench opens on the newest, and lists show the newest first. */
const plans: readonly Plan[] = [
  { title: "Buy and hold", strategy: "buy-and-hold", series: 0, timeframe: "4h" },
  { title: "The Orphan", strategy: "the-orphan", series: 2, timeframe: "1h" },
  {
    title: "SMA crossover, fast",
    strategy: "sma-crossover",
    series: 1,
    timeframe: "1h",
    parameters: { fast: 10, slow: 30 },
  },
  { title: "EMA crossover", strategy: "ema-crossover", series: 0, timeframe: "4h" },
  {
    title: "SMA crossover",
    strategy: "sma-crossover",
    series: 0,
    timeframe: "4h",
    parameters: { fast: 20, slow: 100 },
  },
];

async function makeBacktests(needs: Needs, series: readonly Series[]): Promise<BacktestView[]> {
  const known = await strategiesForPlans(needs);
  const { items: there } = await needs.trader.get<{ items: BacktestView[] }>(
    "/backtests?pageSize=200",
  );
  const made: BacktestView[] = [];
  for (const plan of plans.filter(({ strategy }) => known.has(strategy))) {
    const candles = series[plan.series] ?? series[0];
    if (candles === undefined) break;
    const title = `${plan.title} on ${candles.symbol}`;
    needs.note(`backtest: ${title}`);
    const before = there.find((backtest) => backtest.title === title);
    const asked =
      before ??
      (await needs.trader.post<BacktestView>("/backtests", request(plan, title, candles)));
    made.push(await finished(needs, asked));
  }
  return made.filter(({ status }) => status === "done");
}

/** How often the list is read without anything new before what is still missing is given up. */
const quietLooksMax = 100;

/** The worker looks through the strategy files while this runs: waits until it has found those that the plans name. */
async function strategiesForPlans(needs: Needs): Promise<ReadonlySet<string>> {
  let known = new Set<string>();
  for (let quiet = 0; quiet < quietLooksMax; quiet++) {
    const { items } = await needs.trader.get<{ items: StrategyView[] }>("/strategies");
    if (items.length > known.size) quiet = 0;
    known = new Set(items.map(({ name }) => name));
    if (plans.every(({ strategy }) => known.has(strategy))) break;
    needs.note("looking through the strategies");
    await pause(needs);
  }
  return known;
}

const request = (plan: Plan, title: string, candles: Series) => ({
  title,
  strategy: plan.strategy,
  parameters: plan.parameters ?? {},
  candles: { kind: "series", seriesId: candles.id },
  timeframe: candles.timeframes.includes(plan.timeframe) ? plan.timeframe : candles.timeframe,
});

async function finished(needs: Needs, asked: BacktestView): Promise<BacktestView> {
  let backtest = asked;
  while (backtest.status === "queued" || backtest.status === "running") {
    await pause(needs);
    backtest = await needs.trader.get<BacktestView>(`/backtests/${backtest.id}`);
  }
  if (backtest.problem !== null) needs.say(`  · ${backtest.title}: ${backtest.problem.detail}`);
  return backtest;
}

/** The runs over the first market, side by side. */
async function makeComparison(
  trader: ApiClient,
  backtests: readonly BacktestView[],
): Promise<void> {
  const title = "Three ways through the same market";
  const { items } = await trader.get<{ items: { title: string }[] }>("/comparisons");
  if (items.some((one) => one.title === title)) return;
  const symbol = backtests.at(-1)?.symbol;
  const backtestIds = backtests
    .filter((one) => one.symbol === symbol)
    .map(({ id }) => id)
    .reverse();
  if (backtestIds.length >= 2) await trader.post("/comparisons", { title, backtestIds });
}

const pause = ({ pauseMs }: Needs) => new Promise((done) => setTimeout(done, pauseMs));
