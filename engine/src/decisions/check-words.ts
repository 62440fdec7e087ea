import type { CheckFinding, CheckKind } from "./check-strategy.ts";

/** What each test of a strategy holds it to. */
export const checkPromises: Readonly<Record<CheckKind, string>> = {
  repeat: "Decides the same when run again",
  declared: "Decides nothing where it says that it does not",
  future: "Does not look ahead",
  start: "Does not depend on where the history begins",
};

/** What a finding says, with candle, decision and indicator; `at` is the time of its candle in words. */
export function findingSentence(
  { market, index, did, didOtherwise, indicator, otherRun }: CheckFinding,
  at: string,
): string {
  const what =
    did === null && didOtherwise === null
      ? "an order filled differently"
      : `it decided ${did ?? "nothing"}, and ${didOtherwise ?? "nothing"} in the other run`;
  const why = indicator === null ? "" : ` The indicator "${indicator}" differs there.`;
  return `${market}, candle ${index} of ${at}: ${what} (${otherRun}).${why}`;
}
