import { isIP } from "node:net";
import { availableParallelism } from "node:os";
import { z } from "zod";

/** One environment variable: how it is read and what people are told of it. */
export type Variable = Readonly<{
  group: string;
  help: string;
  /** Other names it is known by; the deployment guide's are among them. */
  aliases?: readonly string[];
  /** May also come by `<NAME>_FILE`; never printed, always removed from logs. */
  secret?: true;
  /** Shown in .env.example when there is no default. */
  example?: string;
  /** What holds when it is unset, in words, where it is not a plain value. */
  unset?: string;
  schema: z.ZodType;
}>;

const count = (fallback: number, max: number) =>
  z.coerce.number().int().min(1).max(max).default(fallback);
const text = (fallback: string) => z.string().max(500).default(fallback);
const optional = z.string().optional();

const list = z
  .string()
  .default("")
  .transform((value) =>
    value
      .split(",")
      .map((item) => item.trim())
      .filter((item) => item !== ""),
  );

const isOrigin = (value: string): boolean =>
  URL.canParse(value) &&
  /^https?:$/.test(new URL(value).protocol) &&
  new URL(value).origin === value;

const originList = list.refine((items) => items.every(isOrigin), {
  error:
    "must be origins such as https://example.com (no path, no trailing slash, no *), separated by commas",
});

const isNetwork = (value: string): boolean => {
  const [address = "", bits = "0", ...rest] = value.split("/");
  return isIP(address) !== 0 && /^\d{1,3}$/.test(bits) && rest.length === 0;
};

const networkList = list.refine((items) => items.every(isNetwork), {
  error: "must be addresses or networks such as 10.0.0.0/8, separated by commas",
});

const databaseUrl = z
  .string()
  .regex(/^postgres(ql)?:\/\//, "must start with postgresql://")
  .refine(
    (value) => URL.canParse(value),
    "must be a URL; percent-encode special characters in the password",
  )
  .optional();

const redisUrl = z
  .string()
  .regex(/^rediss?:\/\//, { error: "must start with redis:// or rediss://", abort: true })
  .refine((value) => URL.canParse(value), "must be a URL")
  .optional();

const simulatorUrl = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
  .refine(isOrigin, "must be an origin such as http://127.0.0.1:8090")
  .optional();

const frontendUrl = z
  .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
  .default("http://localhost:8000");

const cores = availableParallelism();

/** Every variable the platform reads; nothing else in the code looks at the environment. */
export const variables = {
  ENVIRONMENT: {
    group: "General",
    help: "`production` refuses weak secrets and everything embedded, simulated or made for developers.",
    schema: z.enum(["development", "production"]).default("development"),
  },
  LOG_LEVEL: {
    group: "General",
    help: "Least important line that is logged.",
    schema: z.enum(["trace", "debug", "info", "warn", "error", "silent"]).default("info"),
  },
  SITE_NAME: {
    group: "General",
    help: "Name shown on every page.",
    schema: text("Trading Platform"),
  },
  REGISTRATION: {
    group: "General",
    help: "Who may make an account: `open`, `invitation` or `closed`.",
    unset: "`open` in development, `invitation` in production",
    schema: z.enum(["open", "invitation", "closed"]).optional(),
  },
  HOST: { group: "Web", help: "Address the web process listens on.", schema: text("localhost") },
  PORT: {
    group: "Web",
    help: "Port the web process listens on.",
    schema: z.coerce.number().int().min(0).max(65_535).default(8_000),
  },
  WEB_WORKERS: {
    group: "Web",
    help: "Web processes on this host.",
    aliases: ["GUNICORN_WORKERS"],
    schema: count(1, 256),
  },
  FRONTEND_URL: {
    group: "Web",
    help: "Where people open the site; links in mails begin with it.",
    schema: frontendUrl,
  },
  ALLOWED_ORIGINS: {
    group: "Web",
    help: "Other origins whose pages may call the API, separated by commas.",
    schema: originList,
  },
  ALLOWED_HOSTS: {
    group: "Web",
    help: "Host names requests may name besides FRONTEND_URL's, separated by commas. Others are refused (DNS rebinding).",
    schema: list,
  },
  TRUSTED_PROXIES: {
    group: "Web",
    help: "Addresses or networks (CIDR) whose X-Forwarded-For and X-Forwarded-Proto are believed besides loopback.",
    schema: networkList,
  },
  RATE_LIMIT_PER_MINUTE: {
    group: "Web",
    help: "Requests one network may make in a minute.",
    schema: count(6_000, 1_000_000),
  },
  DATABASE_URL: {
    group: "PostgreSQL",
    help: "PostgreSQL 15 to 18, as one URL. Takes precedence over the POSTGRES_* parts.",
    secret: true,
    unset:
      "POSTGRES_* parts; without those, `npm start` runs an embedded server (development only)",
    example: "postgresql://trading:password@localhost:5432/trading",
    schema: databaseUrl,
  },
  POSTGRES_HOST: {
    group: "PostgreSQL",
    help: "Host of the server.",
    unset: "`localhost`",
    schema: optional,
  },
  POSTGRES_PORT: {
    group: "PostgreSQL",
    help: "Port of the server.",
    schema: z.coerce.number().int().min(1).max(65_535).default(5_432),
  },
  POSTGRES_USER: { group: "PostgreSQL", help: "User.", unset: "none", schema: optional },
  POSTGRES_PASSWORD: {
    group: "PostgreSQL",
    help: "Password.",
    secret: true,
    unset: "none",
    schema: optional,
  },
  POSTGRES_DB: {
    group: "PostgreSQL",
    help: "Database.",
    unset: "the name of the user",
    schema: optional,
  },
  DATABASE_POOL_MAX: {
    group: "PostgreSQL",
    help: "Connections one process may hold.",
    schema: count(10, 500),
  },
  REDIS_URL: {
    group: "Redis",
    help: "Carries the job queues. Required in production.",
    secret: true,
    unset: "queues use PostgreSQL (development only)",
    example: "redis://localhost:6379/0",
    schema: redisUrl,
  },
  JWT_SECRET_KEY: {
    group: "Secrets",
    help: "Signs access tokens; at least 32 random characters: `openssl rand -base64 48`.",
    secret: true,
    unset: "`npm start` generates one into the data directory (development only)",
    schema: optional,
  },
  JWT_SECRET_KEY_PREVIOUS: {
    group: "Secrets",
    help: "The JWT_SECRET_KEY before: while it is set, tokens signed with it are believed too. Set it when you change the key, take it away ten minutes later.",
    secret: true,
    unset: "only JWT_SECRET_KEY counts",
    schema: optional,
  },
  API_ENCRYPTION_KEY: {
    group: "Secrets",
    help: "Encrypts stored secrets; at least 32 random characters. Several, separated by commas: the first encrypts, all decrypt.",
    secret: true,
    unset: "`npm start` generates one into the data directory (development only)",
    schema: optional,
  },
  WORKER_CONCURRENCY: {
    group: "Workers",
    help: "Short jobs one worker runs at once.",
    aliases: ["CELERY_CONCURRENCY"],
    schema: count(4, 256),
  },
  WORKER_REPLICAS: {
    group: "Workers",
    help: "Worker processes that `npm start`, Compose or Kubernetes start.",
    aliases: ["CELERY_WORKER_REPLICAS"],
    schema: count(1, 256),
  },
  WORKER_QUEUES: {
    group: "Workers",
    help: "Queues this worker serves, separated by commas.",
    unset: "all",
    schema: list,
  },
  BACKTEST_SLOTS: {
    group: "Workers",
    help: "Backtests one worker runs at once.",
    unset: "the number of cores",
    schema: count(cores, 512),
  },
  BACKTEST_MEMORY_MB: {
    group: "Workers",
    help: "Memory one strategy host may use before it is stopped.",
    schema: count(1_024, 65_536),
  },
  BACKTEST_TIMEOUT_SECONDS: {
    group: "Workers",
    help: "Time one backtest may take before it is stopped.",
    schema: count(120, 86_400),
  },
  DATA_DIR: {
    group: "Files",
    help: "Holds caches, uploads on their way in and, when embedded, the database.",
    schema: text(".data"),
  },
  STRATEGIES_DIR: {
    group: "Files",
    help: "Strategy files, one per strategy.",
    schema: text("strategies"),
  },
  UPLOAD_FILE_MB: {
    group: "Files",
    help: "Largest file that may be uploaded.",
    schema: count(256, 100_000),
  },
  UPLOAD_QUOTA_MB: {
    group: "Files",
    help: "Stored uploads one user may have.",
    schema: count(1_024, 1_000_000),
  },
  OUTGOING_ADDRESSES: {
    group: "Exchanges",
    help: "Addresses from which this site's workers reach exchanges, separated by commas: users are told to allow them for their keys.",
    unset: "users are told to ask the operator",
    example: "203.0.113.10",
    schema: networkList,
  },
  SIMULATOR_URL: {
    group: "Simulated exchange",
    help: "Where the exchange simulator answers; its markets are then offered as those of a simulated exchange. Refused in production.",
    unset: "`npm start` runs one (development only)",
    example: "http://127.0.0.1:8090",
    schema: simulatorUrl,
  },
  SIMULATOR_TOKEN: {
    group: "Simulated exchange",
    help: "Its admin token.",
    secret: true,
    unset: "`npm start` generates one into the data directory (development only)",
    schema: optional,
  },
  SMTP_HOST: {
    group: "Mail",
    help: "Mail server.",
    unset: "development shows mails to operators on a page, production sends none",
    schema: optional,
  },
  SMTP_PORT: {
    group: "Mail",
    help: "Port of the mail server.",
    schema: z.coerce.number().int().min(1).max(65_535).default(587),
  },
  SMTP_USER: { group: "Mail", help: "User at the mail server.", unset: "none", schema: optional },
  SMTP_PASSWORD: {
    group: "Mail",
    help: "Password at the mail server.",
    secret: true,
    unset: "none",
    schema: optional,
  },
  EMAILS_FROM_EMAIL: {
    group: "Mail",
    help: "Sender of mails.",
    unset: "none",
    schema: z.email("must be an e-mail address").optional(),
  },
  EMAILS_FROM_NAME: {
    group: "Mail",
    help: "Name of the sender.",
    unset: "the name of the site",
    schema: optional,
  },
  TELEGRAM_BOT_TOKEN: {
    group: "Telegram",
    help: "Token of the bot that @BotFather made; users then link a chat that gets the messages about their account.",
    secret: true,
    unset: "not offered",
    schema: z
      .string()
      .regex(/^\d{3,20}:[\w-]{20,100}$/, "must be a token as @BotFather gives it")
      .optional(),
  },
  TELEGRAM_API_URL: {
    group: "Telegram",
    help: "Where the Bot API answers.",
    schema: z
      .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
      .refine(isOrigin, "must be an origin such as https://api.telegram.org")
      .default("https://api.telegram.org"),
  },
  SECURITY_CONTACT: {
    group: "Web",
    help: "Where to report a vulnerability, as mailto: or https:; published in /.well-known/security.txt.",
    unset: "there is no such file",
    example: "mailto:security@example.com",
    schema: z
      .url({ protocol: /^(mailto|https)$/, error: "must be a mailto: or https: URL" })
      .optional(),
  },
  COINBASE_COMMERCE_API_KEY: {
    group: "Payments",
    help: "Key of Coinbase Commerce. Kept for deployments that set it: nothing uses it yet, and nothing can be paid here.",
    secret: true,
    unset: "the same",
    schema: optional,
  },
  COINBASE_COMMERCE_WEBHOOK_SECRET: {
    group: "Payments",
    help: "Secret its webhooks are signed with. Not used yet, as the key.",
    secret: true,
    unset: "the same",
    schema: optional,
  },
} as const satisfies Record<string, Variable>;

export type VariableName = keyof typeof variables;
export type Values = { [Name in VariableName]: z.output<(typeof variables)[Name]["schema"]> };

/** The table as it can be walked. */
export const variableList = Object.entries(variables) as unknown as readonly (readonly [
  VariableName,
  Variable,
])[];
