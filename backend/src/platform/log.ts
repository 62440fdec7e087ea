import { type Logger, type LoggerOptions, pino } from "pino";
import { createLogBounds } from "./log-bounds.ts";
import { errorFields, safeError } from "./safe-error.ts";

export type Log = Logger;

type Settings = Readonly<{
  level: string;
  /** Names the process in every line. */
  process: string;
  /** Values that must never be written, whoever tries. */
  secrets: readonly string[];
  /** Where lines go; standard output when left out. */
  write?: (line: string) => void;
}>;

/**
 * A log of one JSON document per line. Of errors, requests and answers only the listed fields are written (never a
 * header, a body or a query string); a last filter over the finished line replaces every known secret. A connection
 * problem that repeats is written now and then only.
 */
export function createLog({ level, process: name, secrets, write }: Settings): Log {
  const clean = secretFilter(secrets);
  const out = write ?? ((line: string) => process.stdout.write(line));
  const isWritten = createLogBounds(Date.now);
  const settings: LoggerOptions = {
    level,
    base: { process: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: {
      logMethod(line, write) {
        const [fields, ...rest] = line as unknown as [LineStart, ...[string?]];
        if (typeof fields === "string") return write.apply(this, line);
        const err = fields instanceof Error ? fields : fields.err;
        if (!isWritten(err)) return;
        // Where a line has no words of its own, pino takes those of its error.
        const safe = err instanceof Error ? { ...fields, err: safeError(err) } : fields;
        write.apply(this, [safe, ...rest]);
      },
    },
    serializers: { err: errorFields, error: errorFields, req: requestFields, res: answerFields },
  };
  return pino(settings, { write: (line: string) => out(clean(line)) });
}

/** Replaces every secret in a text, plain or as a URL, JSON, hex or base64 would write it. */
export function secretFilter(secrets: readonly string[]): (text: string) => string {
  const forms = new Set(secrets.filter((secret) => secret.length >= 4).flatMap(writtenForms));
  if (forms.size === 0) return (text) => text;
  const longestFirst = [...forms]
    .sort((a, b) => b.length - a.length)
    .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  const pattern = new RegExp(longestFirst.join("|"), "g");
  return (text) => text.replace(pattern, "[secret]");
}

function writtenForms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("hex"),
  ];
  // Inside a longer base64 text a secret looks different by where it begins; its inner characters stay the same.
  for (const shift of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]);
    const first = Math.ceil((shift * 8) / 6);
    const last = Math.floor((whole.length * 8) / 6);
    forms.push(
      whole.toString("base64").slice(first, last),
      whole.toString("base64url").slice(first, last),
    );
  }
  return forms.filter((form) => form.length >= 4);
}

type LineStart = Readonly<{ err?: unknown }> | Error | string;
type RequestLike = { method?: string; url?: string };
const requestFields = ({ method, url }: RequestLike) => ({ method, path: url?.split("?")[0] });
const answerFields = ({ statusCode }: { statusCode?: number }) => ({ statusCode });
