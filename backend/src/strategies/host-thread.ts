import { parentPort } from "node:worker_threads";
import * as engine from "@trading/engine";
import type { CodePlace, HostAnswer, HostOrder, RunOrder } from "./host-protocol.ts";

/**
 * The thread in which one order is carried out; it is thrown away afterwards, so nothing a strategy does to it
 * reaches the next run. Before the code is evaluated, everything that could see the machine is taken away. That is
 * the inner wall; the process around it has no key, file or environment to find either.
 */

const port = parentPort;
const now = performance.now.bind(performance);
const progressEveryMs = 100;

port?.once("message", (order: HostOrder) => {
  disarm();
  port.postMessage(carryOut(order));
});

function carryOut(order: HostOrder): HostAnswer {
  try {
    switch (order.kind) {
      case "describe":
        return { kind: "described", manifest: describe(order.code) };
      case "run":
        return { kind: "ran", result: run(order.run, order.explainableMs) };
      case "check":
        return { kind: "checked", result: check(order) };
    }
  } catch (error) {
    return failureOf(error);
  }
}

function describe(code: string): engine.StrategyDescription {
  return engine.describeStrategy(engine.evaluateStrategy(code, engine));
}

const tooLongToExplain =
  "The run took so long that explaining it would not fit into the time that a backtest has.";

/** What the run computes is there for those that explain it and compare policies. */
const indicatorBytesMax = 32 * 2 ** 20;

function run(order: RunOrder, explainableMs: number): engine.RunDescription {
  // Explaining takes several runs, the first of which is the run itself.
  const own = order.isExplained ? 0.2 : 1;
  const indicatorMemory = new engine.IndicatorMemory(indicatorBytesMax);
  const input = { ...anyInputOf(order, (share) => tell(share * own)), indicatorMemory };
  const began = now();
  // Compared below, where there is time for it.
  const alone = { ...order.settings, policyRange: false };
  const { result, describe: describeResult } = engine.play({ ...input, settings: alone });
  const isShort = now() - began <= explainableMs;
  const isCompared = isShort && order.settings.policyRange === true;
  const policyRange = isCompared ? engine.comparePolicies(input, result) : null;
  const description = { ...describeResult(), policyRange };
  if (!order.isExplained) return description;
  if (!isShort)
    return {
      ...description,
      explanation: { waterfall: null, reasons: { waterfall: tooLongToExplain } },
    };
  const explanation = engine.explainRun(input, result, (share) => tell(own + share * (1 - own)));
  return { ...description, explanation };
}

function check({ run, moments }: Extract<HostOrder, { kind: "check" }>): engine.StrategyCheck {
  return engine.checkStrategy(anyInputOf(run), { moments, onProgress: tell });
}

function anyInputOf(order: RunOrder, onProgress?: (share: number) => void): engine.AnyInput {
  const { others = [] } = order;
  const input = { ...inputOf(order), ...(onProgress && { onProgress }) };
  return others.length === 0 ? input : { ...input, markets: [order, ...others] };
}

function inputOf({ code, version, isExplained: _, ...rest }: RunOrder): engine.RunInput {
  const strategy = engine.evaluateStrategy(code, engine);
  return { ...rest, strategy, strategyVersion: version, isPlotted: false };
}

let told = now();

function tell(share: number): void {
  if (now() - told < progressEveryMs) return;
  told = now();
  port?.postMessage({ kind: "progress", share } satisfies HostAnswer);
}

/** What an error says of itself; it was made by a strategy and may lie or fail in every part. */
function failureOf(error: unknown): HostAnswer {
  const thrown = error instanceof Error ? error : new Error(textOf(() => error));
  const origin = thrown.cause instanceof Error ? thrown.cause : thrown;
  return {
    kind: "failed",
    message: textOf(() => thrown.message),
    place: placeOf(textOf(() => origin.stack)),
    candleAt: thrown instanceof engine.StrategyError ? thrown.at : null,
  };
}

function textOf(read: () => unknown): string {
  try {
    return String(read());
  } catch {
    return "The strategy threw something that cannot be read.";
  }
}

/** `new Function` puts two lines before the code. */
const linesBefore = 2;

function placeOf(stack: string): CodePlace | null {
  const found = /<anonymous>:(\d+):(\d+)/.exec(stack);
  if (found === null) return null;
  return { line: Number(found[1]) - linesBefore, column: Number(found[2]) - 1 };
}

/** Takes the machine away from code that finds a way around the names it may use. */
function disarm(): void {
  const makers = [() => 0, async () => 0, function* () {}, async function* () {}];
  for (const maker of makers) {
    const prototype = Object.getPrototypeOf(maker);
    Object.defineProperty(prototype, "constructor", { value: undefined });
  }
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!engine.languageGlobals.has(name)) Reflect.deleteProperty(globalThis, name);
  }
  engine.lockLanguage();
}
