import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchChromium } from "./support/browser.ts";
import { type PrivatePlatform, signInLink, startPrivatePlatform } from "./support/platform.ts";

/**
 * `npm run screenshots`: every page in dark and light, on a desk and on a phone, to frontend/e2e/output. The README's
 * picture is the workbench of that run. With `--link <sign-in link>` it looks at a platform that runs already.
 */
const { values } = parseArgs({ options: { link: { type: "string" }, only: { type: "string" } } });
const output = join(import.meta.dirname, "output");
const readmePicture = join(import.meta.dirname, "../../docs/images/workbench.png");

const pages: Readonly<Record<string, string>> = {
  home: "#/",
  markets: "#/markets",
  strategies: "#/strategies",
  strategy: "#/strategies/sma-crossover",
  backtests: "#/backtests",
  data: "#/data",
  "data-upload": "#/data?add=upload",
  "data-download": "#/data?add=download",
  settings: "#/settings",
  security: "#/settings/security",
  exchanges: "#/settings/exchanges",
};
const operatorPages: Readonly<Record<string, string>> = {
  operator: "#/",
  "operator-users": "#/users",
  "operator-backtests": "#/backtests",
  "operator-strategies": "#/strategies",
  "operator-queues": "#/queues",
  "operator-series": "#/series",
  "operator-exchanges": "#/exchanges",
  "operator-keys": "#/keys",
  "operator-mails": "#/mails",
  "operator-notifications": "#/notifications",
  "operator-notices": "#/notices",
  "operator-audit": "#/audit",
  "operator-settings": "#/settings",
};
/** Pages that need the id of something: the link on a page that leads to the first of them. */
const firstOf: Readonly<Record<string, Readonly<{ page: string; link: string }>>> = {
  // A run with a curve worth looking at; it is the README's picture.
  workbench: {
    page: "#/",
    link: 'a[href^="#/workbench?backtest="]:has-text("SMA crossover on BTC")',
  },
  "data-series": { page: "#/", link: 'a[href^="#/data?series="]' },
  compare: { page: "#/", link: 'a[href^="#/compare?"]' },
};
/** The details below the chart: a tab and, for the metrics, a view. */
const workbenchParts: Readonly<Record<string, readonly [tab: string, view?: string]>> = {
  overview: ["Overview"],
  figures: ["Metrics", "Figures"],
  time: ["Metrics", "Over time"],
  drawdowns: ["Metrics", "Drawdowns"],
  excursions: ["Metrics", "Excursions"],
  groups: ["Metrics", "Groups"],
  costs: ["Costs"],
  trust: ["Trust"],
};

const themes = ["dark", "light"] as const;
const sizes = { 1440: { width: 1440, height: 900 }, 390: { width: 390, height: 844 } } as const;

type Shot = Readonly<{ name: string; theme: (typeof themes)[number]; size: keyof typeof sizes }>;

const platform = values.link === undefined ? await startPrivatePlatform() : null;
const browser = await launchChromium();
try {
  mkdirSync(output, { recursive: true });
  if (platform !== null) await takeOperator(browser, platform);
  await takeAll(
    browser,
    values.link ?? (await signInLink((platform as PrivatePlatform).dataDir, "trader")),
  );
  if (values.only === undefined || values.only === "workbench") {
    mkdirSync(join(readmePicture, ".."), { recursive: true });
    copyFileSync(join(output, "workbench-dark-1440.png"), readmePicture);
  }
  console.log(`The pictures are in ${output}.`);
} finally {
  await browser.close();
  await platform?.stop();
}

async function takeAll(browser: Browser, link: string): Promise<void> {
  const { origin } = new URL(link);
  const visitor = await browser.newContext();
  const first = await visitor.newPage();
  await first.goto(link);
  await first.waitForURL(/#\/workbench/);
  const addresses: Record<string, string> = { ...pages };
  for (const [name, { page, link: selector }] of Object.entries(firstOf)) {
    await first.goto(`${origin}/${page}`);
    addresses[name] = (await first.locator(selector).first().getAttribute("href")) ?? page;
  }
  await first.close();
  for (const theme of themes) {
    for (const size of [1440, 390] as const) {
      // The session moves along: its cookie turns over with every use.
      const context = await contextFor(browser, visitor, { theme, size });
      for (const [name, address] of Object.entries(addresses)) {
        if (values.only === undefined || values.only === name)
          await take(context, `${origin}/${address}`, { name, theme, size });
      }
      await visitor.clearCookies();
      await visitor.addCookies(await context.cookies());
      await context.close();
    }
  }
  await takeSignIn(browser, origin);
}

/** The operator's area; what it shows is the platform's own state. */
async function takeOperator(browser: Browser, { origin, dataDir }: PrivatePlatform): Promise<void> {
  const visitor = await browser.newContext();
  const first = await visitor.newPage();
  await first.goto(await signInLink(dataDir, "operator"));
  await first.waitForURL(/#\/workbench/);
  await first.close();
  for (const theme of themes) {
    for (const size of [1440, 390] as const) {
      const context = await contextFor(browser, visitor, { theme, size });
      for (const [name, address] of Object.entries(operatorPages)) {
        if (values.only !== undefined && !name.startsWith(values.only)) continue;
        const page = await context.newPage();
        await page.goto(`${origin}/admin/${address}`);
        await page.getByRole("navigation", { name: "Operator's pages" }).waitFor();
        await settled(page);
        await page.screenshot({ path: join(output, `${name}-${theme}-${size}.png`) });
        await page.close();
      }
      await visitor.clearCookies();
      await visitor.addCookies(await context.cookies());
      await context.close();
    }
  }
}

async function contextFor(
  browser: Browser,
  visitor: BrowserContext,
  { theme, size }: Omit<Shot, "name">,
): Promise<BrowserContext> {
  const isPhone = size === 390;
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: "en-US",
    hasTouch: isPhone,
    isMobile: isPhone,
    reducedMotion: "reduce",
  });
  await context.addCookies(await visitor.cookies());
  // The theme is the user's setting; here it is only looked at, not changed.
  await context.route("**/api/v1/users/me", async (route) => {
    const response = await route.fetch();
    if (!response.ok()) return route.fulfill({ response });
    const me = await response.json();
    await route.fulfill({ response, json: { ...me, settings: { ...me.settings, theme } } });
  });
  await context.addInitScript(
    (look) => localStorage.setItem("look", look),
    JSON.stringify({ theme, colours: "teal-red" }),
  );
  return context;
}

async function take(context: BrowserContext, url: string, shot: Shot): Promise<void> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole("navigation", { name: "Pages" }).filter({ visible: true }).waitFor();
  await settled(page);
  const picture = (part = "") => ({
    path: join(output, `${shot.name}${part}-${shot.theme}-${shot.size}.png`),
  });
  await page.screenshot(picture());
  if (shot.name === "workbench") {
    for (const [part, names] of Object.entries(workbenchParts)) {
      await openPart(page, names);
      await settled(page);
      await page.screenshot(picture(`-${part}`));
    }
  }
  await page.close();
}

async function openPart(page: Page, [tab, view]: readonly [string, string?]): Promise<void> {
  const list = page.getByRole("tablist", { name: "Details of the result" });
  await list.getByRole("tab", { name: tab }).click();
  if (view !== undefined) await page.getByRole("button", { name: view, exact: true }).click();
  await list.evaluate((element) => element.scrollIntoView());
}

async function takeSignIn(browser: Browser, origin: string): Promise<void> {
  if (values.only !== undefined && values.only !== "sign-in") return;
  for (const theme of themes) {
    for (const size of [1440, 390] as const) {
      const context = await browser.newContext({ viewport: sizes[size], locale: "en-US" });
      await context.addInitScript(
        (look) => localStorage.setItem("look", look),
        JSON.stringify({ theme, colours: "teal-red" }),
      );
      const page = await context.newPage();
      await page.goto(`${origin}/#/sign-in`);
      await settled(page);
      await page.screenshot({ path: join(output, `sign-in-${theme}-${size}.png`) });
      await context.close();
    }
  }
}

/** Nothing has been loading for a while, and the chart, where there is one, has had its frames. */
async function settled(page: Page): Promise<void> {
  if (/#\/(workbench|compare)/.test(page.url())) await page.locator("canvas").first().waitFor();
  await page.waitForFunction(() => {
    const { dataset } = document.documentElement;
    if (document.querySelector("[aria-busy=true], .skeleton") !== null) delete dataset.quietSince;
    else dataset.quietSince ??= String(performance.now());
    return performance.now() - Number(dataset.quietSince ?? Infinity) > 800;
  });
  await page.evaluate(() => document.fonts.ready);
}
