import type { RunResult } from "../result.ts";
import type { AnyInput } from "../several/any-run.ts";
import { type Waterfall, waterfallOf, waterfallRunsMax } from "./waterfall.ts";

/** What takes further runs to know; null with the sentence why in `reasons`. */
export type RunExplanation = Readonly<{
  waterfall: Waterfall | null;
  reasons: Readonly<Record<string, string>>;
}>;

/**
 * Explains a result by running the backtest again in other ways, several times as long as the run itself took: for results
 * that are kept, and on demand. `onProgress` hears the share done, 0 to 1.
 */
export function explainRun(
  input: AnyInput,
  result: RunResult,
  onProgress: (share: number) => void = () => {},
): RunExplanation {
  const waterfall = waterfallOf(input, result, (done) => onProgress(done / waterfallRunsMax));
  return typeof waterfall === "string"
    ? { waterfall: null, reasons: { waterfall } }
    : { waterfall, reasons: {} };
}
