import { join } from "node:path";

export type EmbeddedPostgresFailure =
  | "no-binaries"
  | "no-user"
  | "unreachable-directory"
  | "newer-data"
  | "older-data"
  | "port-busy"
  | "disk-full"
  | "not-started";

/** Why the server cannot run: `message` is one sentence for a person. */
export class EmbeddedPostgresError extends Error {
  readonly kind: EmbeddedPostgresFailure;

  constructor(kind: EmbeddedPostgresFailure, message: string) {
    super(message);
    this.name = "EmbeddedPostgresError";
    this.kind = kind;
  }
}

/** Turns what the server wrote into one sentence. */
export function explained(log: string, dir: string, port?: number): EmbeddedPostgresError {
  if (/No space left on device|Disk quota exceeded/.test(log)) {
    return new EmbeddedPostgresError(
      "disk-full",
      `The disk that holds ${dir} is full: free some space and start again.`,
    );
  }
  if (port !== undefined && /Address already in use|could not bind/.test(log))
    return portBusy(port);
  const reason = log.split("\n").findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? log.trim();
  return new EmbeddedPostgresError(
    "not-started",
    `PostgreSQL did not start (${reason.replace(/^.*?(FATAL|PANIC|error):\s*/i, "").trim()}); its log is ${join(dir, "postgres.log")}.`,
  );
}

export const portBusy = (port: number) =>
  new EmbeddedPostgresError(
    "port-busy",
    `Port ${port} is used by another program: stop it, or choose another port.`,
  );
