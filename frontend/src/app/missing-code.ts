/** Whether an error says that a page's code could not be fetched. */
export const isMissingCode = (error: unknown): boolean =>
  error instanceof TypeError && /import|module/i.test(error.message);

/**
 * Loads the whole page again where a server answers, and otherwise returns: browsers remember code that failed, and a
 * new version's has other names. Without a server this page is worth more than the browser's own.
 */
export async function loadAgain(): Promise<void> {
  try {
    await fetch(location.pathname, { method: "HEAD" });
  } catch {
    return;
  }
  location.reload();
  // What waits for this page need not go on.
  await new Promise(() => undefined);
}
