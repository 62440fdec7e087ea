import { defineConfig } from "vitest/config";

const project = (name: string, include: string[], extra: object = {}) => ({
  extends: true as const,
  test: { name, include, ...extra },
});

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      project("engine", ["engine/**/*.test.ts"]),
      project("contracts", ["contracts/**/*.test.ts"]),
      project("strategies", ["strategies/**/*.test.ts"]),
      project("simulator", ["simulator/**/*.test.ts"]),
      project("backend", ["backend/src/**/*.test.ts", "backend/test/**/*.test.ts"], {
        globalSetup: ["backend/test/support/global-setup.ts"],
      }),
      project("frontend", ["frontend/src/**/*.test.{ts,tsx}"]),
    ],
  },
});
