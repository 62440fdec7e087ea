/** A process that has lived this long starts with a clean record. */
const forgetMs = 60_000;
const firstMs = 250;
const longestMs = 30_000;

/**
 * How long to wait before a process that has just ended is started again: at once almost the first time, then twice as
 * long for every end within the last minute. `endedAtMs` are all its ends so far, the last one being now.
 */
export function restartDelayMs(endedAtMs: readonly number[]): number {
  const now = endedAtMs.at(-1) ?? 0;
  const recent = endedAtMs.filter((at) => now - at < forgetMs).length;
  return Math.min(longestMs, firstMs * 2 ** (recent - 1));
}

/** A process that ends this often without once being ready will not become so by another try. */
export const hopelessAfter = 3;
