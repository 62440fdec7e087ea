import type { Page } from "playwright-core";
import { expect } from "vitest";
import { seriousViolations } from "./support/axe.ts";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector("[aria-busy=true], .skeleton") === null && document.title !== "",
  );
  await page.waitForTimeout(300);
}

/** The frame stays where it is; only what is in it scrolls. */
const scrollsAsAWhole = (page: Page): Promise<boolean> =>
  page.evaluate(
    () => document.documentElement.scrollHeight > document.documentElement.clientHeight,
  );

const addresses = [
  "/#/",
  "/#/workbench",
  "/#/strategies",
  "/#/strategies/sma-crossover",
  "/#/backtests",
  "/#/data",
  "/#/data?add=upload",
  "/#/settings",
  "/#/settings/security",
  "/#/settings/exchanges",
];

test.for([
  { theme: "dark", width: 1440, height: 900 },
  { theme: "light", width: 390, height: 844 },
])("no page has a serious violation ($theme, $width)", async ({ theme, width, height }) => {
  const page = await signedIn();
  await page.setViewportSize({ width, height });
  await page.context().route("**/api/v1/users/me", async (route) => {
    const response = await route.fetch();
    const me = response.ok() ? await response.json() : null;
    const settings = { ...me?.settings, theme };
    await route.fulfill({ response, ...(me && { json: { ...me, settings } }) });
  });
  const found: string[] = [];
  for (const address of addresses) {
    await page.goto("about:blank");
    await page.goto(address);
    await page.getByRole("navigation", { name: "Pages" }).filter({ visible: true }).waitFor();
    await settled(page);
    found.push(...(await seriousViolations(page)).map((one) => `${address} ${one}`));
    if (await scrollsAsAWhole(page)) found.push(`${address} scrolls as a whole`);
  }
  expect(found).toEqual([]);
});

test("the sign-in page has no serious violation", async () => {
  const page = await newPage();
  await page.goto("/#/sign-in");
  await settled(page);
  expect(await seriousViolations(page)).toEqual([]);
});

test("commands open with Ctrl K, j and k move among rows, Escape closes what is open", async () => {
  const page = await signedIn();
  await page.goto("/#/backtests");
  await page.getByRole("grid", { name: "Backtests" }).getByRole("row").nth(1).waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Backtest" });
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await page.keyboard.type("settings");
  await page.keyboard.press("Enter");
  await page.waitForURL(/#\/settings/);
});

test("the first stop of the tabulator skips to the page, and every stop can be seen", async () => {
  const page = await signedIn();
  await page.goto("/#/workbench");
  await page.locator("[data-chart=drawn]").waitFor();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let stop = 0; stop < 25; stop++) {
    await page.keyboard.press("Tab");
    const seen = await page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const { outlineStyle, boxShadow } = getComputedStyle(element);
      const { width, height } = element.getBoundingClientRect();
      return {
        isMarked: outlineStyle !== "none" || boxShadow !== "none",
        isThere: width > 0 && height > 0,
        what: element.outerHTML.slice(0, 120),
      };
    });
    expect(seen, `stop ${stop}`).toMatchObject({ isMarked: true, isThere: true });
  }
});
