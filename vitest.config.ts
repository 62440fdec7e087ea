import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./.ci/summary-reporter.ts";

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  test: {
    // Far beyond what any test takes: a busy machine is no failure.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    // Most tests wait for a process or a database: two at once halve the suite even on two cores.
    maxWorkers: 2,
    reporters: ["default", new SummaryReporter()],
    projects: [
      // One file leaves nothing behind that another could meet, so all share the code once it is loaded.
      project("engine", ["engine/**/*.test.ts"], { isolate: false }),
      project("contracts", ["contracts/**/*.test.ts"], { isolate: false }),
      project("strategies", ["strategies/**/*.test.ts"], { isolate: false }),
      project("simulator", ["simulator/**/*.test.ts"], { isolate: false }),
      project("campaigns", ["campaigns/**/*.test.ts"]),
      project("backend", ["backend/src/**/*.test.ts", "backend/test/**/*.test.ts"], {
        exclude: ["backend/test/tidy.test.ts"],
        globalSetup: ["backend/test/support/global-setup.ts"],
        execArgv: ["--import", join(import.meta.dirname, "backend/src/platform/quick-imports.mjs")],
      }),
      project("tidy", ["backend/test/tidy.test.ts"]),
      project("frontend", ["frontend/src/**/*.test.{ts,tsx}"]),
    ],
  },
});
