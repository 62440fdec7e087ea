import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  ConfigError,
  type Environment,
  loadConfig,
  type ProcessKind,
  readEnvironment,
} from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "trading-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const good = "u7Rk2vQ9xW4mZ8pL1sN6tY3bE5cH0dJgAfKq";
const other = "Zx1Cv4Bn7Mm2Kk5Jj8Hh3Gg6Ff9Dd0SsAaPo";
const development: Environment = {
  DATABASE_URL: "postgresql://app:hunter2hunter2@localhost/app",
  JWT_SECRET_KEY: good,
  API_ENCRYPTION_KEY: other,
};
const production: Environment = {
  ENVIRONMENT: "production",
  DATABASE_URL: "postgresql://app:v8K2-xTq9-LmP4@db/app",
  REDIS_URL: "redis://:r3dIs-pa55-9Qx@redis:6379",
  JWT_SECRET_KEY: good,
  API_ENCRYPTION_KEY: other,
  FRONTEND_URL: "https://trade.example.com",
};

function problemsOf(env: Environment, kind: ProcessKind = "web"): readonly string[] {
  try {
    loadConfig(env, kind as "web");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

function secretFile(content: string, mode = 0o600): string {
  const path = join(
    folder,
    `secret-${Math.abs(content.length * 31 + mode)}-${process.hrtime.bigint()}`,
  );
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

test("development needs a database and a key, everything else has a default", () => {
  const config = loadConfig(development, "web");
  expect(config).toMatchObject({
    environment: "development",
    registration: "open",
    port: 8_000,
    redisUrl: null,
    frontendUrl: "http://localhost:8000",
    allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
  });
  expect(loadConfig({}, "cli").databaseUrl).toBeNull();
  expect(loadConfig({}, "start").databaseUrl).toBeNull();
});

test("all problems are reported together", () => {
  const problems = problemsOf({
    PORT: "seventy",
    ENVIRONMENT: "prod",
    ALLOWED_ORIGINS: "https://a.example/x",
    LOG_LEVEL: "loud",
  });
  expect(problems.map((line) => line.split(" ")[0])).toEqual([
    "ENVIRONMENT",
    "LOG_LEVEL",
    "PORT",
    "ALLOWED_ORIGINS",
    "DATABASE_URL",
    "JWT_SECRET_KEY",
    "API_ENCRYPTION_KEY",
  ]);
});

test("the parts of a database make its URL, with special characters encoded", () => {
  const parts = {
    POSTGRES_HOST: "db",
    POSTGRES_USER: "app",
    POSTGRES_PASSWORD: "p@ss/word:1",
    POSTGRES_DB: "trade",
  };
  expect(
    loadConfig({ ...parts, JWT_SECRET_KEY: good, API_ENCRYPTION_KEY: other }, "web").databaseUrl,
  ).toBe("postgresql://app:p%40ss%2Fword%3A1@db:5432/trade");
});

test.each([
  ["GUNICORN_WORKERS", "webWorkers"],
  ["WEB_WORKERS", "webWorkers"],
  ["CELERY_CONCURRENCY", "workerConcurrency"],
  ["WORKER_CONCURRENCY", "workerConcurrency"],
  ["CELERY_WORKER_REPLICAS", "workerReplicas"],
  ["WORKER_REPLICAS", "workerReplicas"],
] as const)("%s is understood", (name, field) => {
  expect(loadConfig({ ...development, [name]: "7" }, "web")[field]).toBe(7);
});

test("a variable and its alias may be set alike, not differently", () => {
  expect(problemsOf({ ...development, WEB_WORKERS: "2", GUNICORN_WORKERS: "2" })).toEqual([]);
  expect(problemsOf({ ...development, WEB_WORKERS: "2", GUNICORN_WORKERS: "3" })).toEqual([
    "WEB_WORKERS and GUNICORN_WORKERS are set to different values",
  ]);
});

const secretNames = [
  "JWT_SECRET_KEY",
  "JWT_SECRET_KEY_PREVIOUS",
  "API_ENCRYPTION_KEY",
  "POSTGRES_PASSWORD",
  "SMTP_PASSWORD",
  "COINBASE_COMMERCE_API_KEY",
  "COINBASE_COMMERCE_WEBHOOK_SECRET",
  "SIMULATOR_TOKEN",
];
test.each(secretNames)("%s may come by file, under the same rules as every secret", (name) => {
  const { [name]: _left, ...rest }: Environment = { ...development };
  const from = (path: string, more: Environment = {}) =>
    problemsOf({ ...rest, [`${name}_FILE`]: path, ...more });
  expect(from(secretFile(`${good}\n`))).toEqual([]);
  expect(
    loadConfig(
      { ...development, [name]: undefined, [`${name}_FILE`]: secretFile(`${good}\n`) },
      "web",
    ).secrets,
  ).toContain(good);
  expect(from(secretFile(good), { [name]: good })).toContain(
    `${name} and ${name}_FILE are both set; keep one`,
  );
  expect(from(secretFile(""))).toContain(`${name}_FILE names a file that is empty`);
  expect(from(secretFile("\n"))).toContain(`${name}_FILE names a file that is empty`);
  expect(from(join(folder, "nowhere"))).toContain(`${name}_FILE names a file that cannot be read`);
  for (const mode of [0o644, 0o640, 0o604]) {
    expect(from(secretFile(good, mode))).toContain(
      `${name}_FILE names a file that others may read; chmod 600 it`,
    );
  }
});

test("a whole production environment passes", () => {
  expect(problemsOf(production)).toEqual([]);
  expect(problemsOf(production, "worker")).toEqual([]);
  expect(problemsOf(production, "start")).toEqual([]);
  expect(loadConfig(production, "web")).toMatchObject({
    registration: "invitation",
    allowedHosts: ["trade.example.com"],
  });
});

test.each<[string, Environment, RegExp]>([
  ["a missing Redis", { REDIS_URL: "" }, /^REDIS_URL is not set/],
  ["a missing signing key", { JWT_SECRET_KEY: "" }, /^JWT_SECRET_KEY is not set/],
  ["a short signing key", { JWT_SECRET_KEY: "short" }, /^JWT_SECRET_KEY is too short/],
  ["a short one before", { JWT_SECRET_KEY_PREVIOUS: "short" }, /^JWT_SECRET_KEY is too short/],
  [
    "a placeholder",
    { JWT_SECRET_KEY: "change-me-change-me-change-me-change-me" },
    /^JWT_SECRET_KEY is weak/,
  ],
  ["one letter many times", { JWT_SECRET_KEY: "a".repeat(64) }, /^JWT_SECRET_KEY is weak/],
  ["a missing encryption key", { API_ENCRYPTION_KEY: "" }, /^API_ENCRYPTION_KEY is not set/],
  [
    "a weak second encryption key",
    { API_ENCRYPTION_KEY: `${other},weak` },
    /^API_ENCRYPTION_KEY is weak/,
  ],
  ["one key for two purposes", { API_ENCRYPTION_KEY: good }, /are the same/],
  [
    "a default database password",
    { DATABASE_URL: "postgresql://postgres:postgres@db/app" },
    /^POSTGRES_PASSWORD/,
  ],
  ["no database", { DATABASE_URL: "" }, /^DATABASE_URL .* is not set/],
  ["localhost", { FRONTEND_URL: "http://localhost:8000" }, /^FRONTEND_URL is localhost/],
  ["plain HTTP", { FRONTEND_URL: "http://trade.example.com" }, /^FRONTEND_URL must be https/],
  [
    "a plain HTTP origin",
    { ALLOWED_ORIGINS: "http://x.example" },
    /^ALLOWED_ORIGINS must all be https/,
  ],
  ["every origin", { ALLOWED_ORIGINS: "*" }, /^ALLOWED_ORIGINS must be origins/],
  ["a proxy by name", { TRUSTED_PROXIES: "nginx" }, /^TRUSTED_PROXIES must be addresses/],
  ["mail without a sender", { SMTP_HOST: "mail" }, /^SMTP_HOST is set/],
  ["a simulator", { SIMULATOR_URL: "http://127.0.0.1:8090" }, /^SIMULATOR_URL is set/],
])("production refuses %s", (_what, env, problem) => {
  expect(problemsOf({ ...production, ...env })).toContainEqual(expect.stringMatching(problem));
});

test("no message holds a secret's value", () => {
  const canary = "CANARY-9f8e7d6c";
  const env = Object.fromEntries(
    [...secretNames, "DATABASE_URL", "REDIS_URL"].map((name) => [name, `%zz${canary}`]),
  );
  const text = problemsOf({ ...env, ENVIRONMENT: "production" }).join("\n");
  expect(text).not.toBe("");
  expect(text).not.toContain(canary);
});

test("a password that is not well encoded is no crash", () => {
  expect(
    loadConfig({ ...development, DATABASE_URL: "postgresql://app:50%off-50%off@h/d" }, "web")
      .secrets,
  ).toContain("50%off-50%off");
});

test("backend/.env is read in development, under the environment", () => {
  const file = join(folder, "env");
  writeFileSync(file, "SITE_NAME=From file\nPORT=9000\n");
  const env = readEnvironment(file);
  expect(env.SITE_NAME).toBe("From file");
  expect(env.PATH).toBeDefined();
});

test("what cannot be read hides nothing else, and is said once", () => {
  const problems = problemsOf({
    ...production,
    JWT_SECRET_KEY: "changethis",
    REDIS_URL: "notaurl",
    PORT: "abc",
    FRONTEND_URL: "http://localhost:3000",
    API_ENCRYPTION_KEY_FILE: "/nowhere",
  });
  const about = (name: string) => problems.filter((line) => line.startsWith(name));
  expect(about("REDIS_URL")).toHaveLength(1);
  expect(about("PORT")).toHaveLength(1);
  expect(about("FRONTEND_URL")).toEqual([
    "FRONTEND_URL is localhost; set it to where people open the site",
  ]);
  expect(about("API_ENCRYPTION_KEY")).toHaveLength(1);
  expect(about("JWT_SECRET_KEY").length).toBeGreaterThan(0);
});

test("a database in parts needs its user, in production its password too", () => {
  const { DATABASE_URL: _, ...rest } = production;
  expect(problemsOf({ ...rest, POSTGRES_HOST: "db" })).toEqual([
    "POSTGRES_USER is not set, other POSTGRES_* parts are",
    "POSTGRES_PASSWORD is not set, other POSTGRES_* parts are",
  ]);
});
