import type { Faults } from "./faults.ts";
import { type NewRule, readRule, record } from "./rule.ts";

/** A plan of faults: at so many ms after the start, add one, remove one by its name, or clear all. */
export type ScenarioStep = Readonly<{
  atMs: number;
  name: string | null;
  add: NewRule | null;
  remove: string | null;
  clear: boolean;
}>;

/** Reads a scenario from JSON. Throws a sentence that says what is wrong. */
export function readScenario(given: unknown): ScenarioStep[] {
  const { steps } = record(given, "a scenario");
  if (!Array.isArray(steps)) throw new RangeError("a scenario needs a list of steps");
  const read = steps.map((step: unknown, index) =>
    readStep(record(step, `step ${index + 1}`), index),
  );
  return read.sort((a, b) => a.atMs - b.atMs);
}

function readStep(step: Record<string, unknown>, index: number): ScenarioStep {
  const { atMs, name, add, remove, clear } = step;
  if (typeof atMs !== "number" || atMs < 0) {
    throw new RangeError(`step ${index + 1}: atMs must be a number from 0`);
  }
  return {
    atMs,
    name: typeof name === "string" ? name : null,
    add: add === undefined ? null : readRule(add),
    remove: typeof remove === "string" ? remove : null,
    clear: clear === true,
  };
}

/** Plays a scenario against the faults as exchange time passes. Answers a function to call with the time. */
export function playScenario(
  faults: Faults,
  steps: readonly ScenarioStep[],
  startAt: number,
): (now: number) => void {
  const named = new Map<string, number>();
  const play = (step: ScenarioStep): void => {
    if (step.clear) faults.clear();
    const old = step.remove === null ? undefined : named.get(step.remove);
    if (old !== undefined) faults.remove(old);
    if (step.add === null) return;
    const rule = faults.add(step.add);
    if (step.name !== null) named.set(step.name, rule.id);
  };
  let next = 0;
  return (now) => {
    for (
      let step = steps[next];
      step !== undefined && startAt + step.atMs <= now;
      step = steps[next]
    ) {
      next += 1;
      play(step);
    }
  };
}
