import { afterEach, expect, test, vi } from "vitest";
import { BrowserRun, type RunOutcome, type WorkerLike } from "./browser-run.ts";
import type { BrowserResult, CandleSet, FromWorker, ToWorker } from "./protocol.ts";

const candles = { timeframe: "1h", dataRevision: "r" } as CandleSet;
const script = { name: "s", version: "v", code: "" };
const settings = { capital: 1, makerFee: 0, takerFee: 0, slippageBps: 0 };
const wish = (fast: number) => ({ parameters: { fast }, settings });

class FakeWorker implements WorkerLike {
  readonly seen: ToWorker[] = [];
  isAlive = true;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null = null;
  onerror: ((event: ErrorEvent) => void) | null = null;
  postMessage(message: ToWorker): void {
    this.seen.push(message);
  }
  terminate(): void {
    this.isAlive = false;
  }
  finish(id: number): void {
    const data: FromWorker = { kind: "done", id, result: { elapsedMs: 1 } as BrowserResult };
    this.onmessage?.({ data } as MessageEvent<FromWorker>);
  }
  runs(): number[] {
    return this.seen.flatMap((one) =>
      one.kind === "run" ? [Number(one.wish.parameters.fast)] : [],
    );
  }
}

function bench() {
  const workers: FakeWorker[] = [];
  const outcomes: RunOutcome[] = [];
  const runner = new BrowserRun({
    start: () => {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker;
    },
    onOutcome: (outcome) => outcomes.push(outcome),
    budgetMs: 1_000,
  });
  runner.takeCandles(candles);
  runner.takeScript(script);
  return { runner, workers, outcomes };
}

afterEach(() => vi.useRealTimers());

test("while a run is under way only the newest wish waits", () => {
  const { runner, workers, outcomes } = bench();
  for (const fast of [1, 2, 3, 4]) runner.run(wish(fast));
  expect(workers[0]?.runs()).toEqual([1]);
  workers[0]?.finish(1);
  expect(workers[0]?.runs()).toEqual([1, 4]);
  workers[0]?.finish(2);
  expect(outcomes.map((outcome) => outcome.wish.parameters.fast)).toEqual([1, 4]);
});

test("a run beyond its budget is stopped, and the next one starts in a fresh worker", () => {
  vi.useFakeTimers();
  const { runner, workers, outcomes } = bench();
  runner.run(wish(1));
  vi.advanceTimersByTime(1_001);
  expect(workers[0]?.isAlive).toBe(false);
  expect(outcomes[0]).toMatchObject({ kind: "failed", problem: { code: "strategy-too-slow" } });
  runner.run(wish(2));
  expect(workers[1]?.seen.map(({ kind }) => kind)).toEqual(["candles", "script", "run"]);
});

test("an answer to a run over earlier candles is ignored", () => {
  const { runner, workers, outcomes } = bench();
  runner.run(wish(1));
  runner.takeCandles(candles);
  workers[0]?.finish(1);
  expect(outcomes).toEqual([]);
});

test("nothing runs before candles and script are there", () => {
  const started: number[] = [];
  const runner = new BrowserRun({
    start: () => {
      started.push(1);
      return new FakeWorker();
    },
    onOutcome: () => {},
  });
  runner.run(wish(1));
  expect(started).toEqual([]);
});
