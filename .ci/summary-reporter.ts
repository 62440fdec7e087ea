import type { Reporter, TestModule } from "vitest/node";

/** Ends every run with what was skipped and why, and one plain line. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    for (const line of modules.flatMap(skippedIn)) process.stdout.write(`${line}\n`);
    // A file that cannot be loaded has no tests to count, and is a failure all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = count("skipped") === 0 ? "" : `, ${count("skipped")} skipped`;
    process.stdout.write(
      `${count("passed")} passed, ${count("failed") + broken} failed${skipped}\n`,
    );
  }
}

/** Tests say what they miss by `context.skip(condition, reason)`; one that was filtered out by its name says nothing. */
const unsaid = "not asked for";

function skippedIn(module: TestModule): string[] {
  const reasons = new Map<string, string[]>();
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state !== "skipped") continue;
    const reason = result.note ?? unsaid;
    reasons.set(reason, [...(reasons.get(reason) ?? []), test.name]);
  }
  return [...reasons].map(([reason, [first, ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `skipped in ${module.relativeModuleId}: "${first}"${more} (${reason})`;
  });
}
