import type { Page } from "playwright-core";

/** Sends the form of a new account, and agrees first where the site has texts to agree to. */
export async function createAccount(page: Page): Promise<void> {
  const answer = await page.request.get(new URL("/api/v1/legal", page.url()).href);
  const { items } = (await answer.json()) as { items: unknown[] };
  if (items.length > 0) await page.getByLabel(/^I have read and agree to/).check();
  await page.getByRole("button", { name: "Create account" }).click();
}
