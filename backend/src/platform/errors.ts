import { type Problem, type ProblemCode, problemKinds } from "@trading/contracts/problems";

type Detail = Readonly<{ where: string; message: string }>;
type Extra = Readonly<{ errors?: readonly Detail[]; retryAfter?: number; cause?: unknown }>;

/**
 * An operating error a client may learn about: `code` is stable and explained in docs/errors.md, `detail` is one
 * sentence for a person, `errors` name parts of the input, `retryAfter` is in seconds.
 */
export class PlatformError extends Error {
  readonly code: ProblemCode;
  readonly errors: readonly Detail[] | undefined;
  readonly retryAfter: number | undefined;

  constructor(code: ProblemCode, detail: string, extra: Extra = {}) {
    super(detail, extra.cause === undefined ? undefined : { cause: extra.cause });
    this.name = "PlatformError";
    this.code = code;
    this.errors = extra.errors;
    this.retryAfter = extra.retryAfter;
  }
}

/** It does not exist, or it belongs to somebody else: the answer must not tell which, so it does not echo the id. */
export class NotFound extends PlatformError {
  readonly id: string;

  constructor(what: string, id: string) {
    super("not-found", `There is no such ${what}.`);
    this.name = "NotFound";
    this.id = id;
  }
}

/** Finishes a switch over a union: a case that was forgotten does not compile. */
export function assertNever(value: never): never {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
}

/** The problem document of an error. What is not a `PlatformError` is our mistake and tells nothing of itself. */
export function toProblem(error: unknown, requestId?: string): Problem {
  const known =
    error instanceof PlatformError
      ? error
      : new PlatformError("internal-error", "The server made a mistake; it has been logged.");
  const { status, title } = problemKinds[known.code];
  return {
    type: `/api/v1/docs/errors#${known.code}`,
    title,
    status,
    code: known.code,
    detail: known.message,
    ...(requestId === undefined ? {} : { requestId }),
    ...(known.errors === undefined ? {} : { errors: [...known.errors] }),
    ...(known.retryAfter === undefined ? {} : { retryAfter: known.retryAfter }),
  };
}
