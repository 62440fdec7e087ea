import { existsSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { missing, passwordOf, weaknesses } from "./config-checks.ts";
import type { Config, LooseConfig, ProcessKind, WorkerConfig } from "./config-shape.ts";
import { type Values, variableList } from "./config-variables.ts";

export type { Config, LooseConfig, ProcessKind, WorkerConfig };
export type Environment = Readonly<Record<string, string | undefined>>;

/** All that is wrong with the environment, one line per problem; never the value of a secret. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((line) => `  - ${line}`).join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** The repository, or the folder of the image that holds `backend/`. */
export const rootDir = resolve(import.meta.dirname, "../..");

/** The process's environment over `backend/.env`; in production the file is not read. */
export function readEnvironment(file = join(rootDir, "backend/.env")): Environment {
  if (process.env.ENVIRONMENT === "production" || !existsSync(file)) return process.env;
  const fromFile = parseEnv(readFileSync(file, "utf8"));
  return { ...fromFile, ...process.env };
}

/** Reads and checks the environment for one kind of process; throws `ConfigError` with every problem at once. */
export function loadConfig(env: Environment, kind: "web"): Config;
export function loadConfig(env: Environment, kind: "worker"): WorkerConfig;
export function loadConfig(env: Environment, kind: "cli" | "start"): LooseConfig;
export function loadConfig(env: Environment, kind: ProcessKind): LooseConfig {
  const problems: string[] = [];
  const { values, secrets, unreadable } = readValues(env, problems);
  const config = assemble(values, kind, secrets);
  // What cannot be read stands there as unset: that it is missing would be said twice.
  const isSaid = (problem: string) => unreadable.some((name) => problem.startsWith(`${name} `));
  problems.push(
    ...[...missing(config, values), ...weaknesses(config, values)].filter((line) => !isSaid(line)),
  );
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

type ReadValues = Readonly<{
  values: Values;
  secrets: readonly string[];
  /** Variables that are set to what cannot be used; among the values they are as if unset. */
  unreadable: readonly string[];
}>;

function readValues(env: Environment, problems: string[]): ReadValues {
  const values: Record<string, unknown> = {};
  const secrets: string[] = [];
  const unreadable: string[] = [];
  for (const [name, { schema, aliases = [], secret }] of variableList) {
    const before = problems.length;
    const given = readRaw(env, [name, ...aliases], secret === true, problems);
    if (secret && given !== undefined) secrets.push(given);
    const parsed = schema.safeParse(given);
    values[name] = parsed.success ? parsed.data : schema.safeParse(undefined).data;
    const issues = parsed.error?.issues ?? [];
    problems.push(...issues.map((issue) => `${name} ${lowerFirst(issue.message)}`));
    if (problems.length > before) unreadable.push(name);
  }
  return { values: values as Values, secrets, unreadable };
}

/** The value under any of its names, or in the file that `<NAME>_FILE` names. An empty value counts as unset. */
function readRaw(
  env: Environment,
  names: readonly string[],
  isSecret: boolean,
  problems: string[],
): string | undefined {
  const set = names.filter((name) => env[name]);
  const values = new Set(set.map((name) => env[name]));
  if (values.size > 1) problems.push(`${set.join(" and ")} are set to different values`);
  const files = isSecret ? names.map((name) => `${name}_FILE`).filter((name) => env[name]) : [];
  const [file] = files;
  if (file === undefined) return env[set[0] ?? ""];
  if (set.length > 0) {
    problems.push(`${set[0]} and ${file} are both set; keep one`);
    return undefined;
  }
  return readSecretFile(file, env[file] ?? "", problems);
}

function readSecretFile(name: string, path: string, problems: string[]): string | undefined {
  const refuse = (why: string) => {
    problems.push(`${name} names a file that ${why}`);
    return undefined;
  };
  try {
    if ((statSync(path).mode & 0o077) !== 0) return refuse("others may read; chmod 600 it");
    const content = readFileSync(path, "utf8").replace(/\r?\n$/, "");
    return content === "" ? refuse("is empty") : content;
  } catch {
    return refuse("cannot be read");
  }
}

function assemble(values: Values, kind: ProcessKind, secrets: readonly string[]): LooseConfig {
  const frontendUrl = values.FRONTEND_URL.replace(/\/+$/, "");
  const isProduction = values.ENVIRONMENT === "production";
  const databaseUrl = values.DATABASE_URL ?? composedDatabaseUrl(values);
  return {
    process: kind,
    environment: values.ENVIRONMENT,
    logLevel: values.LOG_LEVEL,
    siteName: values.SITE_NAME,
    registration: values.REGISTRATION ?? (isProduction ? "invitation" : "open"),
    host: values.HOST,
    port: values.PORT,
    webWorkers: values.WEB_WORKERS,
    frontendUrl,
    allowedOrigins: values.ALLOWED_ORIGINS,
    allowedHosts: allowedHosts(values, isProduction),
    trustedProxies: values.TRUSTED_PROXIES,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    databaseUrl,
    databasePoolMax: values.DATABASE_POOL_MAX,
    redisUrl: values.REDIS_URL ?? null,
    jwtSecretKey: values.JWT_SECRET_KEY ?? null,
    jwtSecretKeyPrevious: values.JWT_SECRET_KEY_PREVIOUS ?? null,
    apiEncryptionKeys: splitKeys(values.API_ENCRYPTION_KEY),
    workerConcurrency: values.WORKER_CONCURRENCY,
    workerReplicas: values.WORKER_REPLICAS,
    workerQueues: values.WORKER_QUEUES.length === 0 ? null : values.WORKER_QUEUES,
    backtestSlots: values.BACKTEST_SLOTS,
    backtestMemoryMb: values.BACKTEST_MEMORY_MB,
    backtestTimeoutSeconds: values.BACKTEST_TIMEOUT_SECONDS,
    dataDir: resolve(rootDir, values.DATA_DIR),
    strategiesDir: resolve(rootDir, values.STRATEGIES_DIR),
    uploadFileBytesMax: values.UPLOAD_FILE_MB * 1_048_576,
    uploadQuotaBytes: values.UPLOAD_QUOTA_MB * 1_048_576,
    mail: mailOf(values),
    telegram:
      values.TELEGRAM_BOT_TOKEN === undefined
        ? null
        : { token: values.TELEGRAM_BOT_TOKEN, apiUrl: values.TELEGRAM_API_URL },
    securityContact: values.SECURITY_CONTACT ?? null,
    coinbase: coinbaseOf(values),
    outgoingAddresses: values.OUTGOING_ADDRESSES,
    simulatorUrl: values.SIMULATOR_URL ?? null,
    simulatorToken: values.SIMULATOR_TOKEN ?? null,
    secrets: allSecrets(secrets, databaseUrl, values),
  };
}

function composedDatabaseUrl(values: Values): string | null {
  const { POSTGRES_HOST: host, POSTGRES_USER: user, POSTGRES_PASSWORD: password } = values;
  if (host === undefined && user === undefined && password === undefined) return null;
  const name = values.POSTGRES_DB ?? user ?? "postgres";
  const who = `${encodeURIComponent(user ?? "postgres")}:${encodeURIComponent(password ?? "")}`;
  return `postgresql://${who}@${host ?? "localhost"}:${values.POSTGRES_PORT}/${encodeURIComponent(name)}`;
}

/** Any name for the loopback interface; a rebinding page cannot have one. */
export const loopbackNames: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

function allowedHosts(values: Values, isProduction: boolean): string[] {
  const hosts = values.ALLOWED_HOSTS.map((host) => host.toLowerCase().replace(/:\d+$/, ""));
  hosts.push(new URL(values.FRONTEND_URL).hostname);
  if (!isProduction) hosts.push(...loopbackNames);
  if (!["0.0.0.0", "::", "localhost"].includes(values.HOST)) hosts.push(values.HOST.toLowerCase());
  return [...new Set(hosts)];
}

const splitKeys = (keys: string | undefined): string[] =>
  (keys ?? "")
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");

function mailOf(values: Values): Config["mail"] {
  const { SMTP_HOST: host, EMAILS_FROM_EMAIL: from } = values;
  if (host === undefined || from === undefined) return null;
  return {
    host,
    port: values.SMTP_PORT,
    user: values.SMTP_USER ?? null,
    password: values.SMTP_PASSWORD ?? null,
    from,
    fromName: values.EMAILS_FROM_NAME ?? null,
  };
}

function coinbaseOf(values: Values): Config["coinbase"] {
  const { COINBASE_COMMERCE_API_KEY: apiKey, COINBASE_COMMERCE_WEBHOOK_SECRET: webhookSecret } =
    values;
  return apiKey === undefined || webhookSecret === undefined ? null : { apiKey, webhookSecret };
}

/** URLs carry their password inside, which may be logged apart from them. */
function allSecrets(read: readonly string[], databaseUrl: string | null, values: Values): string[] {
  const urls = [databaseUrl, values.REDIS_URL ?? null].filter((url) => url !== null);
  const passwords = urls.map(passwordOf).filter((password) => password !== "");
  return [...new Set([...read, ...passwords, ...splitKeys(values.API_ENCRYPTION_KEY)])];
}

const lowerFirst = (sentence: string): string =>
  sentence.charAt(0).toLowerCase() + sentence.slice(1);
