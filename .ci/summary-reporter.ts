import type { Reporter, TestModule } from "vitest/node";

/** Ends every run with what was skipped and why, and one plain line. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const reasons = new Map<string, number>();
    for (const test of tests) {
      const result = test.result();
      if (result.state !== "skipped") continue;
      const reason = result.note ?? "no reason given";
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    for (const [reason, times] of reasons) process.stdout.write(`skipped ${times}: ${reason}\n`);
    // A file that cannot be loaded has no tests to count, and is a failure all the same.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length;
    const skipped = reasons.size === 0 ? "" : `, ${count("skipped")} skipped`;
    process.stdout.write(
      `${count("passed")} passed, ${count("failed") + broken} failed${skipped}\n`,
    );
  }
}
