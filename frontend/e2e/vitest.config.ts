import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { SummaryReporter } from "../../.ci/summary-reporter.ts";

/** Browser tests: `npm run test:browser`, part of `npm run test:all`. */
export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: {
    name: "e2e",
    include: ["frontend/e2e/**/*.test.ts"],
    globalSetup: ["frontend/e2e/support/global-setup.ts"],
    reporters: ["default", new SummaryReporter()],
    testTimeout: 90_000,
    hookTimeout: 120_000,
    // One platform on few cores: files after each other, so that waiting times mean something.
    fileParallelism: false,
  },
});
