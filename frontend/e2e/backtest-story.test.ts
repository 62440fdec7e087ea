import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();
const patience = { timeout: 10_000 };

/** The fingerprint on the screen, once the browser has computed the result itself. */
async function browserFingerprint(page: Page): Promise<string> {
  const mark = page.locator("[data-origin=browser]");
  await mark.waitFor();
  return (await mark.getAttribute("data-fingerprint")) ?? "";
}

async function openWorkbench(page: Page): Promise<void> {
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-chart=drawn]").waitFor();
  await browserFingerprint(page);
}

/** The fingerprint of what is set now: while something newer is computed nothing can be saved. */
async function settledFingerprint(page: Page): Promise<string> {
  await page.locator("button:enabled", { hasText: "Save backtest" }).waitFor();
  return browserFingerprint(page);
}

/** What a page asks for from now on, but for keeping what is set. */
async function requestsFromNow(page: Page): Promise<readonly string[]> {
  // The last part of the page that is fetched.
  await page.getByRole("grid", { name: "Trades" }).getByRole("row").nth(1).waitFor();
  const requests: string[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/users/me/settings")) requests.push(request.url());
  });
  return requests;
}

/** Moves a slider by its keys, as a hand on the keyboard does. */
async function moveSlider(page: Page, label: string, steps: number): Promise<void> {
  const slider = page.getByRole("slider", { name: label });
  await slider.focus();
  for (let step = 0; step < steps; step++) await slider.press("ArrowRight");
}

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Save backtest" }).click();
  await page.getByText("Server confirmed the same fingerprint").waitFor();
}

test("the workbench is computed on arrival and says that its data are synthetic", async () => {
  const page = await signedIn();
  await page.locator("[data-chart=drawn]").waitFor();
  const result = page.getByRole("region", { name: "Result" });
  expect(await result.textContent()).toMatch(/(grew|shrank|made no trade)/);
  expect(await result.textContent()).toContain("hypothetical results");
  await page.getByText("Synthetic example data").first().waitFor();
});

test("a moved slider changes the figures without any request, and the server confirms them", async () => {
  const page = await signedIn();
  await openWorkbench(page);
  const before = await browserFingerprint(page);
  const figures = await page.getByRole("region", { name: "Result" }).textContent();

  const requests = await requestsFromNow(page);
  await moveSlider(page, "Fast average", 12);
  await expect.poll(() => browserFingerprint(page), patience).not.toBe(before);
  const moved = await settledFingerprint(page);
  expect(await page.getByRole("region", { name: "Result" }).textContent()).not.toBe(figures);
  expect(requests).toEqual([]);

  await save(page);
  await page.getByRole("link", { name: "Show in the list" }).click();
  const panel = page.getByRole("complementary", { name: "Backtest" });
  await panel.getByText("The server confirmed the browser's fingerprint.").waitFor();
  expect(await panel.locator(`[title="${moved}"]`).count()).toBe(1);
});

test("a value off its default is marked and goes back", async () => {
  const page = await signedIn();
  await openWorkbench(page);
  const before = await browserFingerprint(page);
  await moveSlider(page, "Slow average", 3);
  await page.getByRole("button", { name: /Reset Slow average to/ }).click();
  await expect.poll(() => browserFingerprint(page), patience).toBe(before);
});

test("a trade list fits on a desk, a click on a trade shows it, and all go out as CSV", async () => {
  const page = await signedIn();
  await openWorkbench(page);
  await page.getByRole("tab", { name: /Trades/ }).click();
  const table = page.getByRole("grid", { name: "Trades" });
  expect(await table.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0);
  const first = table.getByRole("row").nth(1);
  await first.click();
  await expect.poll(() => first.getAttribute("aria-selected"), patience).toBe("true");
  const fills = page.getByRole("grid", { name: /^Fills of trade/ });
  await expect.poll(() => fills.getByRole("row").count(), patience).toBe(3);
  expect(await fills.getByRole("row").nth(1).textContent()).toMatch(/entrybuy/);
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "CSV", exact: true }).click();
  const text = await readFile(await (await download).path(), "utf8");
  expect(text.split("\r\n")[0]).toMatch(/^number,side,quantity,entryAt/);
});

test("two backtests are compared, kept by name, and one leaves as a report", async () => {
  const page = await signedIn();
  await page.goto("/#/backtests");
  const boxes = page.getByRole("checkbox", { name: /to compare/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await page.getByRole("link", { name: "Compare" }).click();
  await page.locator("[data-chart=drawn]").waitFor();
  await page.getByRole("table", { name: "Figures" }).waitFor();
  await page.getByRole("rowheader", { name: "Fast average" }).waitFor();
  const name = `Two of them ${Date.now()}`;
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Save comparison" }).click();
  await page.getByRole("link", { name }).waitFor();

  await page.goto("/#/backtests");
  await page.getByRole("grid", { name: "Backtests" }).getByRole("row").nth(1).click();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Report (HTML)" }).click();
  const report = await readFile(await (await download).path(), "utf8");
  expect(report).toMatch(/^<!doctype html>/i);
  expect(report).not.toMatch(/<script[^>]+src=|https?:\/\/(?!www\.w3\.org)/i);
});

test("a backtest that does not exist is one sentence and one code", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench?backtest=019aa000-0000-7000-8000-00000000dead");
  await page.getByRole("alert").getByText("not-found").waitFor();
});
