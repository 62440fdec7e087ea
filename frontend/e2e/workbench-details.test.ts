import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();

/** A workbench whose browser has run what is set. */
async function openWorkbench(): Promise<Page> {
  const page = await signedIn();
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-origin=browser]").waitFor();
  return page;
}

test("keys reach every tab and view, and none has a serious violation", async () => {
  const page = await openWorkbench();
  const found: string[] = [];
  const look = async (where: string) => {
    await page.waitForFunction(
      () => document.querySelector("[role=tabpanel] [aria-busy=true], .skeleton") === null,
    );
    found.push(...(await seriousViolations(page)).map((one) => `${where} ${one}`));
  };
  await page.getByRole("tab", { name: "Overview" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Monthly returns" }).waitFor();
  await look("Overview");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  for (const view of ["Figures", "Over time", "Drawdowns", "Excursions", "Groups"]) {
    await page.getByRole("button", { name: view, exact: true }).press("Enter");
    await look(view);
  }
  for (const [tab, heading] of [
    ["Costs", "From gross to net"],
    ["Trust", "Verification"],
  ] as const) {
    await page.getByRole("tab", { name: tab }).press("Enter");
    await page.getByRole("heading", { name: heading }).waitFor();
    const panel = page.getByRole("tabpanel");
    expect(await panel.evaluate(({ scrollTop }) => scrollTop)).toBe(0);
    await panel.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await look(tab);
  }
  expect(found).toEqual([]);
});

test("trades are filtered and sorted by the address, and the CSV holds those that are listed", async () => {
  const page = await openWorkbench();
  const grid = page.getByRole("grid", { name: "Trades" });
  const listed = async () => {
    await grid.getByRole("gridcell").first().waitFor();
    return Number(await grid.getAttribute("aria-rowcount"));
  };
  const all = await listed();
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("combobox", { name: "Result" }).selectOption("won");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "P&L USDT" }).click();
  expect(new URL(page.url()).hash).toContain("result=won&sort=pnl");
  await page.reload();
  await page.locator("[data-origin=browser]").waitFor();
  const won = await listed();
  expect(won).toBeGreaterThan(0);
  expect(won).toBeLessThan(all);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV" }).click();
  const lines = readFileSync(await (await download).path(), "utf8");
  expect(lines.trim().split("\r\n")).toHaveLength(won + 1);
});

test("groups of trades are saved as they are shown", async () => {
  const page = await openWorkbench();
  await page.getByRole("tab", { name: "Metrics" }).click();
  await page.getByRole("button", { name: "Groups", exact: true }).click();
  await page.getByLabel("Trades by").selectOption("year");
  const download = page.waitForEvent("download");
  await page.getByRole("tabpanel").getByRole("button", { name: "CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^sma-crossover_.*_by-year\.csv$/);
  const lines = readFileSync(await file.path(), "utf8")
    .trim()
    .split("\r\n");
  expect(lines[0]).toMatch(/^key,trades,won,lost,net,/);
  const years = page.getByRole("region", { name: "Year of entry" }).getByRole("row");
  expect(lines.length).toBe(await years.count());
});

test("a fresh worker verifies the fingerprint", async () => {
  const page = await openWorkbench();
  await page.getByRole("tab", { name: "Trust" }).click();
  await page.getByRole("button", { name: "Verify fingerprint" }).click();
  await page.getByText("made every fill again, bit by bit").waitFor();
});

test("the strategy is checked for looking ahead, over the candles on the screen", async () => {
  const page = await openWorkbench();
  await page.getByRole("tab", { name: "Trust" }).click();
  await page.getByRole("button", { name: "Check the strategy" }).click();
  const found = page.getByRole("listitem").filter({ hasText: "Does not look ahead" });
  await found.getByLabel("holds").waitFor();
});

test("the server confirms a run by other rules of execution", async () => {
  const page = await openWorkbench();
  const before = await page.locator("[data-fingerprint]").getAttribute("data-fingerprint");
  await page.getByText("Execution", { exact: true }).click();
  await page.getByLabel("Inside a candle").selectOption("path");
  await page.getByLabel("Trade as a linear perpetual").check();
  await page.getByLabel("Pay funding").check();
  await expect
    .poll(() => page.locator("[data-fingerprint]").getAttribute("data-fingerprint"))
    .not.toBe(before);
  await page.getByRole("button", { name: "Save backtest" }).click();
  await page.getByText("Server confirmed the same fingerprint").waitFor();
});
