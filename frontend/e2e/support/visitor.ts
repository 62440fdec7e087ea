import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, inject, test } from "vitest";
import { chromiumPath, launchChromium } from "./browser.ts";
import { signInLink } from "./platform.ts";

/** `test`, or a visible skip where there is no browser. */
export const browserTest = test.skipIf(chromiumPath === null);

type Visitor = Readonly<{
  /** A page of a browser that nobody has used. Errors on it fail the test. */
  newPage(): Promise<Page>;
  /** The same, signed in by a fresh link and standing on the workbench. */
  signedIn(person?: "trader" | "operator"): Promise<Page>;
}>;

/** A browser for the tests of one file. */
export function visitor(): Visitor {
  const origin = inject("origin");
  const errors: string[] = [];
  const contexts: BrowserContext[] = [];
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (chromiumPath !== null) browser = await launchChromium();
  });
  afterEach(async ({ task }) => {
    for (const context of contexts.splice(0)) {
      if (task.result?.state === "fail") await picture(context, task.name);
      await context.close();
    }
    const heard = errors.splice(0);
    if (heard.length > 0) throw new Error(`the page failed: ${heard.join("; ")}`);
  });
  afterAll(() => browser?.close());

  async function newPage(): Promise<Page> {
    if (browser === undefined) throw new Error("the browser has not started");
    const context = await browser.newContext({
      baseURL: origin,
      locale: "en-US",
      timezoneId: "Europe/Berlin",
      viewport: { width: 1440, height: 900 },
    });
    contexts.push(context);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    page.on("pageerror", (error) => errors.push(error.message));
    // A page that breaks the policy says so on the console only.
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) errors.push(message.text());
    });
    return page;
  }
  async function signedIn(person: "trader" | "operator" = "trader"): Promise<Page> {
    const page = await newPage();
    await page.goto(await signInLink(inject("dataDir"), person));
    await page.waitForURL(/#\/workbench/);
    await page.getByRole("navigation", { name: "Pages" }).first().waitFor();
    return page;
  }
  return { newPage, signedIn };
}

/** What the pages of a failed test showed. */
async function picture(context: BrowserContext, name: string): Promise<void> {
  for (const [index, page] of context.pages().entries()) {
    const file = `${name.replaceAll(/\W+/g, "-")}-${index}.png`;
    await page
      .screenshot({ path: join(import.meta.dirname, "../output/failed", file) })
      .catch(() => undefined);
  }
}
