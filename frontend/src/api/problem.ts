import type { Problem } from "@trading/contracts/problems";

/** What an answer that is not a success becomes: the server's problem document, typed, thrown. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

/** The problem inside anything that was thrown; what is not one becomes `page-error`. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return local("page-error", 0, "Something went wrong on this page", detail);
}

/** A problem that arose here, without an answer of the server. */
export const local = (code: string, status: number, title: string, detail: string): Problem => ({
  type: "about:blank",
  title,
  status,
  code,
  detail,
});

export const unreachable = (): ProblemError =>
  new ProblemError(
    local(
      "unreachable",
      0,
      "No connection",
      "The server did not answer. Check that it runs and that you are online.",
    ),
  );

/** Reads the problem document of a failed answer; anything else in the body becomes one by its status. */
export function problemFrom(status: number, body: string): ProblemError {
  try {
    const parsed: unknown = JSON.parse(body);
    if (isProblem(parsed)) return new ProblemError(parsed);
  } catch {
    // Not JSON: a proxy's page. The status is all we know.
  }
  return new ProblemError(
    local(
      `http-${status}`,
      status,
      "Unexpected answer",
      `The server answered with status ${status} and no explanation.`,
    ),
  );
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "detail" in value &&
    typeof value.code === "string" &&
    typeof value.detail === "string"
  );
}
