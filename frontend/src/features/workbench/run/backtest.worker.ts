import { timeframeMs } from "@trading/contracts/timeframes";
import * as engine from "@trading/engine";
import type {
  BrowserExplanation,
  CandleSet,
  FromWorker,
  RunProblem,
  RunWish,
  Script,
  ToWorker,
} from "./protocol.ts";

/**
 * Runs backtests beside the page, with the engine that the server uses. Strategy code is evaluated here and nowhere
 * else in the browser; the policy sent with this file gives it no network.
 */
const scope = self as unknown as {
  onmessage: ((event: MessageEvent<ToWorker>) => void) | null;
  postMessage(message: FromWorker, transfer?: Transferable[]): void;
};

engine.lockLanguage();

let set: CandleSet | null = null;
/** Of the candles that are here; made with their first run. */
let certificates: readonly engine.CandleCertificate[] | null = null;
let script: Script | null = null;
/** A slider that leaves the lengths of averages alone computes none of them again. */
let indicatorMemory: engine.IndicatorMemory | null = null;
const indicatorBytesMax = 32 * 2 ** 20;
let strategy: engine.Strategy | RunProblem | null = null;

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case "candles":
      set = data.set;
      certificates = null;
      indicatorMemory = new engine.IndicatorMemory(indicatorBytesMax);
      return;
    case "script":
      script = data.script;
      strategy = evaluate(data.script);
      return;
    case "run":
      run(data.id, data.wish);
      return;
    case "explain":
      explain(data.id, data.wish);
      return;
    case "check":
      check(data.id, data.wish, data.moments);
  }
};

function evaluate({ code }: Script): engine.Strategy | RunProblem {
  try {
    return engine.evaluateStrategy(code, engine);
  } catch (error) {
    return { code: "strategy-refused", detail: sentence(error) };
  }
}

function run(id: number, wish: RunWish): void {
  const startedAt = performance.now();
  attempt(id, wish, (input) => {
    const { result, describe } = engine.play(input);
    const description = describe();
    const elapsedMs = performance.now() - startedAt;
    const { onCandles, plotsBelow } = input.strategy;
    const isOfWallet = onCandles !== undefined;
    const { equity, plots, moments = null } = result;
    const { numbers } = description.fills;
    const buffers = new Set([
      equity.buffer,
      numbers.buffer,
      ...plots.map((plot) => plot.values.buffer),
    ]);
    certificates ??= marketsOf(input).map(certificateOf);
    const drawn = { equity, moments, plots, plotsBelow };
    const answer = { description, ...drawn, elapsedMs, certificates, isOfWallet };
    scope.postMessage({ kind: "done", id, result: answer }, [...buffers] as ArrayBuffer[]);
  });
}

const marketsOf = (input: engine.AnyInput) => ("markets" in input ? input.markets : [input]);

const certificateOf = ({ candles, timeframe }: Pick<CandleSet, "candles" | "timeframe">) =>
  engine.certify(candles, timeframeMs[timeframe as keyof typeof timeframeMs]);

function explain(id: number, wish: RunWish): void {
  attempt(id, wish, (input) => {
    const bare = { ...input, isPlotted: false };
    const { result } = engine.play(bare);
    const explanation = engine.explainRun(bare, result);
    const policyRange = engine.comparePolicies(bare, result);
    const { equity, moments = null } = result;
    const band = bandOf(bare, equity, policyRange);
    const explained = { explanation, policyRange, band, moments };
    scope.postMessage({ kind: "explained", id, explained });
  });
}

function check(id: number, wish: RunWish, moments: number): void {
  attempt(id, wish, (input) => {
    // The strategy is checked, not the candles: the newest will do.
    const found = engine.checkStrategy(engine.newestOf(input, checkedMax), { moments });
    scope.postMessage({ kind: "checked", id, check: found });
  });
}

const checkedMax = 10_000;

/** Lowest and highest equity of each candle over all policies; null where they fill alike. */
function bandOf(
  input: engine.AnyInput,
  own: Float64Array,
  { runs, parting }: engine.PolicyRange,
): BrowserExplanation["band"] {
  if (parting === 0) return null;
  const low = own.slice();
  const high = own.slice();
  for (const { policy } of runs.slice(1)) {
    const settings = { ...input.settings, fillPolicy: policy };
    const { equity } = engine.play({ ...input, settings }).result;
    for (let i = 0; i < equity.length; i++) {
      low[i] = Math.min(low[i] as number, equity[i] as number);
      high[i] = Math.max(high[i] as number, equity[i] as number);
    }
  }
  return { low, high };
}

/** Does something with the input of a run, or says what is wrong with it. */
function attempt(id: number, wish: RunWish, action: (input: engine.AnyInput) => void): void {
  if (!set || !script || !strategy) return;
  if ("detail" in strategy) {
    fail(id, strategy);
    return;
  }
  const checked = engine.checkParameters(strategy.parameters, wish.parameters);
  if (checked.kind === "refused") {
    const detail = checked.problems.map(({ where, message }) => `${where}: ${message}`).join("; ");
    fail(id, { code: "parameters-refused", detail });
    return;
  }
  const { version: strategyVersion } = script;
  const { values: parameters } = checked;
  try {
    const { others = [], ...first } = set;
    // Other policies are run when they are looked at, not with every slider.
    const settings = { ...wish.settings, policyRange: false };
    const memory = indicatorMemory ?? undefined;
    const about = { strategy, strategyVersion, parameters, settings, indicatorMemory: memory };
    const one = { ...first, ...about };
    action(others.length === 0 ? one : { ...one, markets: [first, ...others] });
  } catch (error) {
    fail(id, { code: codeOf(error), detail: sentence(error) });
  }
}

function fail(id: number, problem: RunProblem): void {
  scope.postMessage({ kind: "failed", id, problem });
}

/** The engine's errors say what they are; anything else came out of the strategy. */
const codeOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : "strategy-failed";

const sentence = (error: unknown): string =>
  error instanceof Error ? error.message : `The strategy threw ${String(error)}.`;
