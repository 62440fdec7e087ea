import type { Page } from "playwright-core";
import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();
const patience = { timeout: 10_000 };

const fingerprintOf = (page: Page) =>
  page.locator("[data-origin=browser]").getAttribute("data-fingerprint");

test("a rotation takes a second market, runs here, and the server confirms it", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench?strategy=dual-momentum");
  const asking = page.getByText("add a second one with the same quote currency");
  await asking.waitFor();
  const alone = await fingerprintOf(page);

  await page.getByText("Further markets", { exact: true }).click();
  await page.getByLabel("Add a market").click();
  await page.getByRole("listbox").getByRole("option").first().click();
  await asking.waitFor({ state: "detached" });
  await expect.poll(() => fingerprintOf(page), patience).not.toBe(alone);
  await page.locator("[data-chart=drawn]").waitFor();
  const markets = page.getByRole("group", { name: "Market on the chart" }).getByRole("button");
  expect(await markets.count()).toBe(2);
  const second = (await markets.nth(1).textContent()) ?? "";
  await markets.nth(1).click();
  await page.getByRole("region", { name: `Chart of ${second}` }).waitFor();
  expect(await seriousViolations(page)).toEqual([]);

  await page.getByRole("tab", { name: "Costs" }).click();
  await page.getByRole("table", { name: "From gross to net" }).waitFor();
  await page.getByRole("tab", { name: "Trust" }).click();
  await page.getByRole("table", { name: "If candles are read another way" }).waitFor();

  const before = await fingerprintOf(page);
  // Candles and scripts are here; what is set is kept with the user's settings.
  const requests: string[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/users/me/settings")) requests.push(request.url());
  });
  await page.getByRole("slider", { name: "Lookback" }).focus();
  await page.keyboard.press("Home");
  await expect.poll(() => fingerprintOf(page), patience).not.toBe(before);
  await page.locator("button:enabled", { hasText: "Save backtest" }).waitFor();
  expect(requests).toEqual([]);

  await page.getByRole("button", { name: "Save backtest" }).click();
  await page.getByText("Server confirmed the same fingerprint").waitFor();
  const moved = await fingerprintOf(page);
  await page.getByRole("link", { name: "Show in the list" }).click();
  const panel = page.getByRole("complementary", { name: "Backtest" });
  await panel.getByRole("link", { name: /workbench/i }).click();
  await page.locator(`[data-origin=browser][data-fingerprint="${moved}"]`).waitFor();
  expect(await markets.count()).toBe(2);
});
