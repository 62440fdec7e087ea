import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "backend/migrations");
const migrationsIn = (path: string) => readdirSync(path).filter((name) => name.endsWith(".sql"));

test("every migration opens with why it is there", () => {
  expect(migrationsIn(folder).length).toBeGreaterThan(0);
  for (const name of migrationsIn(folder)) {
    expect(readFileSync(join(folder, name), "utf8"), name).toMatch(/^-- Why: \w/);
  }
});

test("schemas and migrations say the same", { timeout: 90_000 }, async () => {
  const copy = mkdtempSync(join(tmpdir(), "trading-migrations-"));
  try {
    cpSync(folder, copy, { recursive: true });
    const drizzleKit = join(root, "node_modules/drizzle-kit/bin.cjs");
    const options = [
      "--dialect=postgresql",
      "--schema=./backend/src/*/schema.ts",
      "--casing=snake_case",
    ];
    await promisify(execFile)(
      process.execPath,
      [drizzleKit, "generate", ...options, `--out=${relative(root, copy)}`],
      { cwd: root },
    );
    // A file more means that a schema was changed without its migration.
    expect(migrationsIn(copy)).toEqual(migrationsIn(folder));
  } finally {
    rmSync(copy, { recursive: true });
  }
});
