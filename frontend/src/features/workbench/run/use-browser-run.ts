import { useEffect, useRef, useState } from "react";
import { BrowserRun, type RunOutcome, startBacktestWorker } from "./browser-run.ts";
import type { CandleSet, RunWish, Script } from "./protocol.ts";

export type CurrentRun = Readonly<{ outcome: RunOutcome; set: CandleSet; script: Script }>;

/**
 * Runs the wish over the candles whenever one of the three changes, beside the page. Answers with the newest outcome
 * and what it was computed from; null until the first.
 */
export function useBrowserRun(
  set: CandleSet | null,
  script: Script | null,
  wish: RunWish,
): CurrentRun | null {
  const [current, setCurrent] = useState<CurrentRun | null>(null);
  const inputs = useRef<{ set: CandleSet | null; script: Script | null }>({ set, script });
  const runner = useRef<BrowserRun | null>(null);

  useEffect(() => {
    const made = new BrowserRun({
      start: startBacktestWorker,
      onOutcome: (outcome) => {
        const { set: over, script: by } = inputs.current;
        if (over && by) setCurrent({ outcome, set: over, script: by });
      },
    });
    runner.current = made;
    return () => made.dispose();
  }, []);

  useEffect(() => {
    inputs.current = { ...inputs.current, set };
    if (set) runner.current?.takeCandles(set);
  }, [set]);

  useEffect(() => {
    inputs.current = { ...inputs.current, script };
    if (script) runner.current?.takeScript(script);
  }, [script]);

  useEffect(() => {
    if (set && script) runner.current?.run(wish);
  }, [set, script, wish]);

  return current;
}
