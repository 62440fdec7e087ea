import type {
  BrowserResult,
  CandleSet,
  FromWorker,
  RunProblem,
  RunWish,
  Script,
  ToWorker,
} from "./protocol.ts";

/** The part of a Web Worker that is used here. */
export type WorkerLike = {
  postMessage(message: ToWorker): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<FromWorker>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
};

export type RunOutcome =
  | { kind: "done"; wish: RunWish; result: BrowserResult }
  | { kind: "failed"; wish: RunWish; problem: RunProblem };

type Needs = Readonly<{
  start: () => WorkerLike;
  onOutcome: (outcome: RunOutcome) => void;
  /** A run that takes longer is stopped, in ms. */
  budgetMs?: number;
}>;

/**
 * Runs in a Web Worker, one at a time: while one is under way only the newest wish waits, older ones are dropped. A
 * run beyond its budget costs the worker its life; the next wish starts a fresh one with the same candles and script.
 */
export class BrowserRun {
  readonly #needs: Needs;
  #worker: WorkerLike | null = null;
  #candles: CandleSet | null = null;
  #script: Script | null = null;
  #running: { id: number; wish: RunWish } | null = null;
  #waiting: RunWish | null = null;
  #lastId = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(needs: Needs) {
    this.#needs = needs;
  }

  /** Other candles for all runs from now on; answers to earlier runs are ignored. */
  takeCandles(set: CandleSet): void {
    this.#candles = set;
    this.#forgetRuns();
    this.#worker?.postMessage({ kind: "candles", set });
  }

  /** Another strategy for all runs from now on; answers to earlier runs are ignored. */
  takeScript(script: Script): void {
    this.#script = script;
    this.#forgetRuns();
    this.#worker?.postMessage({ kind: "script", script });
  }

  run(wish: RunWish): void {
    if (!this.#candles || !this.#script) return;
    if (this.#running) {
      this.#waiting = wish;
      return;
    }
    const worker = this.#started();
    this.#lastId += 1;
    this.#running = { id: this.#lastId, wish };
    const budget = this.#needs.budgetMs ?? 15_000;
    this.#deadline = setTimeout(() => this.#overrun(budget), budget);
    worker.postMessage({ kind: "run", id: this.#lastId, wish });
  }

  dispose(): void {
    this.#forgetRuns();
    this.#worker?.terminate();
    this.#worker = null;
  }

  #started(): WorkerLike {
    if (this.#worker) return this.#worker;
    const worker = this.#needs.start();
    worker.onmessage = ({ data }) => this.#answer(data);
    worker.onerror = (event) =>
      this.#stop({ code: "strategy-failed", detail: event.message || "The worker stopped." });
    if (this.#candles) worker.postMessage({ kind: "candles", set: this.#candles });
    if (this.#script) worker.postMessage({ kind: "script", script: this.#script });
    this.#worker = worker;
    return worker;
  }

  #answer(message: FromWorker): void {
    if (message.id !== this.#running?.id) return;
    if (message.kind === "explained" || message.kind === "checked") return;
    const { wish } = this.#running;
    this.#finish();
    if (message.kind === "done") {
      this.#needs.onOutcome({ kind: "done", wish, result: message.result });
    } else {
      this.#needs.onOutcome({ kind: "failed", wish, problem: message.problem });
    }
  }

  #finish(): void {
    clearTimeout(this.#deadline);
    this.#running = null;
    const next = this.#waiting;
    this.#waiting = null;
    if (next) this.run(next);
  }

  #overrun(budgetMs: number): void {
    const detail = `The run was stopped after ${budgetMs / 1000} s. Run it on the server, or look for a loop without end in the strategy.`;
    this.#stop({ code: "strategy-too-slow", detail });
  }

  #stop(problem: RunProblem): void {
    const wish = this.#running?.wish;
    this.#worker?.terminate();
    this.#worker = null;
    this.#finish();
    if (wish) this.#needs.onOutcome({ kind: "failed", wish, problem });
  }

  #forgetRuns(): void {
    clearTimeout(this.#deadline);
    this.#running = null;
    this.#waiting = null;
  }
}

/** The real worker; its file is served with a policy of its own. */
export const startBacktestWorker = (): WorkerLike =>
  new Worker(new URL("./backtest.worker.ts", import.meta.url), { type: "module" }) as WorkerLike;
