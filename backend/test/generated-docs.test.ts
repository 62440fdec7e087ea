import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { variableList } from "../src/config-variables.ts";
import { generatedDocs } from "../tools/generated-docs.ts";

const root = join(import.meta.dirname, "../..");

test.each(Object.entries(generatedDocs()))(
  "%s is up to date (npm run docs:generate)",
  (path, content) => {
    expect(readFileSync(join(root, path), "utf8")).toBe(content);
  },
);

test("every variable of the deployment guide is known under its name", () => {
  const guide =
    `POSTGRES_USER POSTGRES_PASSWORD POSTGRES_DB JWT_SECRET_KEY API_ENCRYPTION_KEY FRONTEND_URL
    ALLOWED_ORIGINS SMTP_HOST SMTP_USER SMTP_PASSWORD EMAILS_FROM_EMAIL COINBASE_COMMERCE_API_KEY
    COINBASE_COMMERCE_WEBHOOK_SECRET STRATEGIES_DIR GUNICORN_WORKERS CELERY_CONCURRENCY CELERY_WORKER_REPLICAS
    ENVIRONMENT`.split(/\s+/);
  const known = new Set(variableList.flatMap(([name, { aliases = [] }]) => [name, ...aliases]));
  expect(guide.filter((name) => !known.has(name))).toEqual([]);
});
