import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Makes the one migration of the foundation anew from every slice's schema.ts. Only for as long as no release has
 * shipped it; afterwards migrations are added with `npm run migrations:generate` and never rewritten.
 */
const root = join(import.meta.dirname, "../..");
const folder = join(root, "backend/migrations");

const why = `-- Why: the first schema. Users and their sessions; candles in immutable chunks by series; strategy versions by
-- hash; backtests as rows with a queue over them; the outbox that commits with business rows.
`;

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
execFileSync(
  process.execPath,
  [
    join(root, "node_modules/drizzle-kit/bin.cjs"),
    "generate",
    "--config=backend/drizzle.config.ts",
    "--name=foundation",
  ],
  { cwd: root, stdio: ["ignore", "ignore", "inherit"] },
);
for (const file of readdirSync(folder).filter((name) => name.endsWith(".sql"))) {
  const path = join(folder, file);
  writeFileSync(path, why + readFileSync(path, "utf8"));
  process.stdout.write(`backend/migrations/${file} made anew\n`);
}
