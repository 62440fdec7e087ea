/** How often one and the same connection problem may be written. */
const everyMs = 10_000;

/**
 * Keeps a lost server from filling the disk: true for the first error of a kind and then once in a while, false
 * between. Only connection problems are held back, since those repeat by the hundred until the server is back.
 */
export function createLogBounds(now: () => number): (error: unknown) => boolean {
  const writtenAtMs = new Map<string, number>();
  return (error) => {
    const problem = connectionProblem(error);
    if (problem === null) return true;
    const last = writtenAtMs.get(problem) ?? Number.NEGATIVE_INFINITY;
    if (now() - last < everyMs) return false;
    writtenAtMs.set(problem, now());
    return true;
  };
}

/** Of the network, and of PostgreSQL (classes 08 and 57: no connection, starting up, shutting down). */
const connectionCodes =
  /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|08...|57P..)$/;
const wordsWithoutCode =
  /^(Connection terminated|Connection is closed|timeout exceeded when trying)/;

/** Its code, found behind whatever wraps it; null when it is no problem of a connection. */
function connectionProblem(error: unknown): string | null {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    const { code } = inner as { code?: unknown };
    if (typeof code === "string" && connectionCodes.test(code)) return code;
    const words = wordsWithoutCode.exec(inner.message)?.[0];
    if (words !== undefined) return words;
  }
  return null;
}
