import type { Values } from "./config-variables.ts";

/** The processes that read a configuration; each needs another part of it. */
export type ProcessKind = "web" | "worker" | "cli" | "start";

/** What a process knows of its surroundings: checked, typed and complete. */
export type Config = Readonly<{
  process: ProcessKind;
  environment: "development" | "production";
  logLevel: Values["LOG_LEVEL"];
  siteName: string;
  registration: "open" | "invitation" | "closed";
  host: string;
  port: number;
  webWorkers: number;
  /** Without a trailing slash. */
  frontendUrl: string;
  allowedOrigins: readonly string[];
  /** Host names without port, lower case; FRONTEND_URL's is among them. */
  allowedHosts: readonly string[];
  trustedProxies: readonly string[];
  rateLimitPerMinute: number;
  databaseUrl: string;
  databasePoolMax: number;
  redisUrl: string | null;
  jwtSecretKey: string;
  /** What was signed with it is believed too. */
  jwtSecretKeyPrevious: string | null;
  /** The first encrypts, all decrypt; empty only where a process can do without. */
  apiEncryptionKeys: readonly string[];
  workerConcurrency: number;
  workerReplicas: number;
  /** Null: all queues. */
  workerQueues: readonly string[] | null;
  backtestSlots: number;
  backtestMemoryMb: number;
  backtestTimeoutSeconds: number;
  /** Absolute. */
  dataDir: string;
  /** Absolute. */
  strategiesDir: string;
  uploadFileBytesMax: number;
  uploadQuotaBytes: number;
  mail: Readonly<{
    host: string;
    port: number;
    user: string | null;
    password: string | null;
    from: string;
    /** Null: as the site is called. */
    fromName: string | null;
  }> | null;
  telegram: Readonly<{ token: string; apiUrl: string }> | null;
  /** Where to report a vulnerability. */
  securityContact: string | null;
  coinbase: Readonly<{ apiKey: string; webhookSecret: string }> | null;
  /** From where workers reach exchanges, for people to allow; empty: not known. */
  outgoingAddresses: readonly string[];
  /** Where the simulated exchange answers; null where there is none. */
  simulatorUrl: string | null;
  /** Opens accounts on it and switches its faults. */
  simulatorToken: string | null;
  /** Every secret value this process knows, so that logs can be kept free of them. */
  secrets: readonly string[];
}>;

/** What a process gets that can do without a database and without signing tokens. */
export type LooseConfig = Omit<Config, "databaseUrl" | "jwtSecretKey"> &
  Readonly<{ databaseUrl: string | null; jwtSecretKey: string | null }>;
export type WorkerConfig = Omit<Config, "jwtSecretKey"> & Readonly<{ jwtSecretKey: string | null }>;
