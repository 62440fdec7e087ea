import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();
const patience = { timeout: 20_000 };

test("a simulated market lives, and its candles are fetched and backtested", async () => {
  const page = await signedIn();
  // The workbench remembers what another test left there.
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-origin=browser]").waitFor();
  await page.getByRole("link", { name: "Markets" }).click();
  await page.getByText("Simulated", { exact: true }).first().waitFor();
  await page.getByRole("grid", { name: "Markets" }).getByText("ETH/USDT", { exact: true }).click();
  const market = page.getByRole("region", { name: "ETH/USDT", exact: true });
  await market.getByText("Simulated", { exact: true }).waitFor();
  await market.locator("[data-chart=drawn]").waitFor();
  const before = await market.locator("header").textContent();
  await expect.poll(() => market.locator("header").textContent(), patience).not.toBe(before);

  await market.getByRole("link", { name: "Backtest this market" }).click();
  const dialog = page.getByRole("dialog", { name: "Run on another market" });
  await dialog.getByText("Simulated", { exact: true }).waitFor();
  expect(await dialog.getByLabel("Symbol").inputValue()).toBe("ETH/USDT");
  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("From").fill(yesterday);
  await dialog.getByRole("button", { name: "Fetch candles and run on ETH/USDT" }).click();
  await page.waitForURL(/#\/workbench\?backtest=/);
  const result = page.getByRole("region", { name: "Result" });
  await result.getByText("hypothetical results").waitFor();
  await page.getByText("Simulated", { exact: true }).first().waitFor();

  await page.goto("/#/data");
  const row = page
    .getByRole("grid", { name: "Data" })
    .getByRole("row", { name: /ETH\/USDT.*Simul/ });
  await row.first().waitFor();
});
