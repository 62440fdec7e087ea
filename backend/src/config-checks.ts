import type { LooseConfig } from "./config-shape.ts";
import type { Values } from "./config-variables.ts";

/** What this kind of process cannot do without. */
export function missing(config: LooseConfig, values: Values): string[] {
  const { process: kind, environment } = config;
  const problems: string[] = [];
  const mustHaveAll = kind === "start" && environment === "production";
  const needsDatabase = kind === "web" || kind === "worker" || mustHaveAll;
  if (needsDatabase && config.databaseUrl === null) {
    problems.push(
      "DATABASE_URL (or POSTGRES_HOST, POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB) is not set",
    );
  }
  problems.push(...missingParts(config, values));
  if ((kind === "web" || mustHaveAll) && config.jwtSecretKey === null) {
    problems.push("JWT_SECRET_KEY is not set; make one with `openssl rand -base64 48`");
  }
  if (jwtSecrets(config).some((secret) => secret.length < 32)) {
    problems.push("JWT_SECRET_KEY is too short: at least 32 random characters, the previous too");
  }
  if (
    (kind === "web" || kind === "worker" || mustHaveAll) &&
    config.apiEncryptionKeys.length === 0
  ) {
    problems.push("API_ENCRYPTION_KEY is not set; make one with `openssl rand -base64 48`");
  }
  if (config.apiEncryptionKeys.some((key) => key.length < 32)) {
    problems.push("API_ENCRYPTION_KEY is too short: at least 32 random characters in each key");
  }
  if (values.SMTP_HOST !== undefined && values.EMAILS_FROM_EMAIL === undefined) {
    problems.push("SMTP_HOST is set, EMAILS_FROM_EMAIL is not: mails need a sender");
  }
  return problems;
}

/** A database described in parts needs the parts that nothing can stand in for. */
function missingParts({ environment, databaseUrl }: LooseConfig, values: Values): string[] {
  if (values.DATABASE_URL !== undefined || databaseUrl === null) return [];
  const needed =
    environment === "production" ? ["POSTGRES_USER", "POSTGRES_PASSWORD"] : ["POSTGRES_USER"];
  return needed
    .filter((name) => values[name as keyof Values] === undefined)
    .map((name) => `${name} is not set, other POSTGRES_* parts are`);
}

/** What production refuses. The command line tool is spared where it only reads files. */
export function weaknesses(config: LooseConfig, values: Values): string[] {
  if (config.environment !== "production" || config.process === "cli") return [];
  const simulated =
    config.simulatorUrl === null ? [] : ["SIMULATOR_URL is set; production has nothing simulated"];
  return [...weakSecrets(config, values), ...weakSite(config), ...simulated];
}

const jwtSecrets = ({ jwtSecretKey, jwtSecretKeyPrevious }: LooseConfig): string[] =>
  [jwtSecretKey, jwtSecretKeyPrevious].filter((secret) => secret !== null);

function weakSecrets(config: LooseConfig, values: Values): string[] {
  const { apiEncryptionKeys, databaseUrl } = config;
  const problems: string[] = [];
  const keys = { JWT_SECRET_KEY: jwtSecrets(config), API_ENCRYPTION_KEY: apiEncryptionKeys };
  for (const [name, secrets] of Object.entries(keys)) {
    if (secrets.some((secret) => isGuessable(secret, 32))) {
      problems.push(`${name} is weak or a placeholder; make one with \`openssl rand -base64 48\``);
    }
  }
  if (jwtSecrets(config).some((secret) => apiEncryptionKeys.includes(secret))) {
    problems.push("JWT_SECRET_KEY and API_ENCRYPTION_KEY are the same; each must be its own");
  }
  const hasPassword = values.DATABASE_URL !== undefined || values.POSTGRES_PASSWORD !== undefined;
  if (databaseUrl !== null && hasPassword && isGuessable(passwordOf(databaseUrl), 12)) {
    problems.push(
      "POSTGRES_PASSWORD (or the one in DATABASE_URL) is weak or a default: at least 12 characters",
    );
  }
  return problems;
}

function weakSite({ redisUrl, frontendUrl, allowedOrigins }: LooseConfig): string[] {
  const problems: string[] = [];
  const site = new URL(frontendUrl);
  if (redisUrl === null) problems.push("REDIS_URL is not set; production needs Redis");
  if (/^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(site.hostname)) {
    problems.push("FRONTEND_URL is localhost; set it to where people open the site");
  } else if (site.protocol !== "https:") {
    problems.push("FRONTEND_URL must be https");
  }
  if (allowedOrigins.some((origin) => !origin.startsWith("https://"))) {
    problems.push("ALLOWED_ORIGINS must all be https");
  }
  return problems;
}

/** The password inside a connection URL; empty when it has none. */
export function passwordOf(url: string): string {
  const { password } = new URL(url);
  try {
    return decodeURIComponent(password);
  } catch {
    return password; // A bare % in it: taken as it stands.
  }
}

const placeholders =
  /change|your[-_ ]?|example|placeholder|default|secret[-_]?key|password|postgres|trading|insecure|test[-_]|12345|qwerty/i;

/** Too short, too uniform or known: somebody could guess it. */
function isGuessable(secret: string, lengthMin: number): boolean {
  const distinct = new Set(secret).size;
  return (
    secret.length < lengthMin || distinct < Math.min(10, lengthMin / 2) || placeholders.test(secret)
  );
}
