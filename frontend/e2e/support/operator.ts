import type { Page } from "playwright-core";

/** Opens a page of the operator's area. */
export async function openOperated(page: Page, address: string): Promise<void> {
  await page.goto(`/admin/#${address}`);
  await page.getByRole("navigation", { name: "Operator's pages" }).waitFor();
}

/** Gives the dialog its reason and confirms by the button of that name. */
export async function giveReason(page: Page, action: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Reason").fill("a test wants it");
  await dialog.getByRole("button", { name: action }).click();
  await dialog.waitFor({ state: "detached" });
}
