import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();

/** The address of a backtest that is done, by its title. */
async function addressOf(page: Page, title: string): Promise<string> {
  await page.goto("/#/");
  const link = page.locator(`a[href^="#/workbench?backtest="]:has-text("${title}")`).first();
  return `/${await link.getAttribute("href")}`;
}

/** A page of the same visitor that has kept nothing, as after closing the tab. */
async function freshPage(page: Page, address: string): Promise<Page> {
  const fresh = await page.context().newPage();
  await fresh.goto(address);
  return fresh;
}

test("a backtest of an older version runs that version and offers the newest", async () => {
  const page = await signedIn();
  const address = await addressOf(page, "SMA crossover on BTC/USDT");
  const newest = "f".repeat(64);
  const scripts: string[] = [];
  await page.context().route("**/api/v1/strategies", async (route) => {
    const response = await route.fetch();
    const list = await response.json();
    for (const one of list.items) if (one.name === "sma-crossover") one.version = newest;
    await route.fulfill({ response, json: list });
  });
  await page.context().route(`**/versions/*/script`, async (route) => {
    scripts.push(route.request().url());
    await route.continue();
  });
  const fresh = await freshPage(page, address);
  const note = fresh.getByRole("note").filter({ hasText: "There is a newer one." });
  await note.waitFor();
  await fresh.locator("[data-origin=browser]").waitFor();
  expect(scripts.some((url) => url.includes(newest))).toBe(false);
  await note.getByRole("button", { name: "Use the newest version" }).click();
  await expect.poll(() => scripts.some((url) => url.includes(newest))).toBe(true);
  await note.waitFor({ state: "detached" });
});

test("a backtest whose candles were deleted says so and leads to what is kept", async () => {
  const page = await signedIn();
  const address = await addressOf(page, "The Orphan on SOL/USDT");
  const gone = { status: 404, json: { code: "not-found", detail: "No such series.", status: 404 } };
  await page.context().route("**/api/v1/series?*", async (route) => {
    const response = await route.fetch();
    const list = await response.json();
    list.items = list.items.filter(({ symbol }: { symbol: string }) => symbol !== "SOL/USDT");
    await route.fulfill({ response, json: list });
  });
  await page.context().route(/\/api\/v1\/series\/[^/]+$/, (route) => route.fulfill(gone));
  const fresh = await freshPage(page, address);
  await fresh.getByText("The candles of this backtest were deleted").waitFor();
  await fresh.getByRole("link", { name: "Show the backtest" }).click();
  const panel = fresh.getByRole("complementary", { name: "Backtest" });
  await panel.getByRole("button", { name: "Report (HTML)" }).waitFor();
});

test("where the browser cannot run it, the stored figures, trades and curves stand", async () => {
  const page = await signedIn();
  const address = await addressOf(page, "EMA crossover on BTC/USDT");
  await page.context().route("**/*worker*.js", () => undefined);
  const fresh = await freshPage(page, address);
  await fresh.locator("[data-chart=drawn]").waitFor();
  await fresh.locator("[data-origin=server]").waitFor();
  await fresh.getByRole("grid", { name: "Trades" }).getByRole("row").nth(5).waitFor();
  expect(await fresh.locator("[aria-busy=true]").count()).toBe(0);
});

test("a strategy without an end is stopped in the browser, which offers the server", async () => {
  const page = await signedIn();
  await page.context().route("**/versions/*/script", async (route) => {
    const response = await route.fetch();
    const script = await response.json();
    const code = script.code.replace(/onCandle\s*\([^)]*\)\s*\{/, "$& for (;;) {}");
    expect(code).not.toBe(script.code);
    await route.fulfill({ response, json: { ...script, code } });
  });
  const fresh = await freshPage(page, "/#/workbench?strategy=ema-crossover");
  await fresh.getByText("strategy-too-slow").waitFor();
  await fresh.getByRole("button", { name: "Run on the server" }).waitFor();
});

test("a range without candles says so and goes back to the whole", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-origin=browser]").waitFor();
  await page.getByLabel("From").fill("2031-01-01");
  await page.getByText("There are no candles in this range.").waitFor();
  expect(await page.getByRole("button", { name: "Save backtest" }).isDisabled()).toBe(true);
  expect(await page.getByRole("grid", { name: "Trades" }).count()).toBe(0);
  await page.getByLabel("Until").fill("2030-01-01");
  await page.getByText("The range ends before it begins.").first().waitFor();
  await page.getByRole("button", { name: "Use the whole range" }).click();
  await page.locator("[data-chart=drawn]").waitFor();
});

test("a number beyond its bounds is refused beside its field, and nothing runs", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-origin=browser]").waitFor();
  const print = () => page.locator("[data-fingerprint]").getAttribute("data-fingerprint");
  const before = await print();
  const capital = page.getByRole("textbox", { name: "Capital" });
  await capital.fill("0");
  await capital.press("Enter");
  await page.getByRole("alert").filter({ hasText: "At least 1" }).waitFor();
  expect(await capital.inputValue()).toBe("0");
  expect(await print()).toBe(before);
  await capital.press("Escape");
  expect(await capital.inputValue()).toBe("10,000");
});

test("two different fees are kept apart from the form to the list", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.locator("[data-origin=browser]").waitFor();
  await page.getByRole("button", { name: "Maker and taker apart" }).click();
  const maker = page.getByRole("textbox", { name: "Maker fee" });
  await maker.fill("0.02");
  await maker.press("Enter");
  const sent = page.waitForRequest(
    (request) => request.method() === "POST" && request.url().endsWith("/api/v1/backtests"),
  );
  await page.getByRole("button", { name: "Save backtest" }).click();
  const { settings } = (await sent).postDataJSON();
  expect(settings).toMatchObject({ makerFee: 0.0002, takerFee: 0.001 });
  await page.getByText("Server confirmed the same fingerprint").waitFor();
});

test("another market tells what it fetches, and can be cancelled", async () => {
  const page = await signedIn();
  const id = "019aa000-0000-7000-8000-00000000beef";
  let status = "running";
  const context = page.context();
  const market = { symbol: "ABC/USDT", base: "ABC", quote: "USDT", contract: "spot" };
  const rules = { timeframes: ["1h", "4h"], tick: 0.01, lot: 0.01, notionalMin: 1 };
  await context.route("**/api/v1/exchanges/*/markets*", (route) =>
    route.fulfill({
      json: { items: [{ ...market, ...rules }], total: 1, page: 1, pageSize: 50 },
    }),
  );
  const answer = async () => {
    const item = await backtestLike();
    const progress = { share: 0.4, step: "Fetching candles of ABC/USDT" };
    return { ...item, id, status, progress, queuePosition: null, result: null };
  };
  const backtestLike = async () => {
    const response = await first.json();
    return { ...response.items[0], problem: null, fingerprint: null, fingerprintAgrees: null };
  };
  const listed = page.waitForResponse((response) => /\/backtests\?/.test(response.url()));
  await page.goto("/#/backtests");
  const first = await listed;
  await context.route("**/api/v1/backtests", async (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 202, json: await answer() })
      : route.continue(),
  );
  await context.route(`**/api/v1/backtests/${id}`, async (route) =>
    route.fulfill({ json: await answer() }),
  );
  await context.route(`**/api/v1/backtests/${id}/cancel`, async (route) => {
    status = "cancelled";
    await route.fulfill({ json: await answer() });
  });
  await page.goto("/#/workbench?strategy=sma-crossover");
  await page.getByRole("button", { name: "Another market…" }).click();
  const dialog = page.getByRole("dialog", { name: "Run on another market" });
  await dialog.getByLabel("Symbol").fill("ABC");
  await dialog.getByRole("option", { name: /ABC\/USDT/ }).click();
  await dialog.getByRole("button", { name: "Fetch candles and run on ABC/USDT" }).click();
  await page.getByText("Fetching candles of ABC/USDT").first().waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Fetching candles of ABC/USDT").first().waitFor({ state: "detached" });
});

test("a backtest is run again and deleted", async () => {
  const page = await signedIn();
  await page.goto("/#/backtests?sort=title&order=asc");
  const rows = page.getByRole("grid", { name: "Backtests" }).getByRole("row");
  await rows.filter({ hasText: "EMA crossover" }).first().click();
  const panel = page.getByRole("complementary", { name: "Backtest" });
  await panel.getByRole("button", { name: "Run again" }).click();
  await expect
    .poll(() => rows.filter({ hasText: "EMA crossover" }).count(), { timeout: 10_000 })
    .toBeGreaterThan(1);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  const before = await rows.count();
  await rows.filter({ hasText: "EMA crossover" }).first().click();
  await panel.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete" }).last().click();
  await expect.poll(() => rows.count(), { timeout: 10_000 }).toBe(before - 1);
});
