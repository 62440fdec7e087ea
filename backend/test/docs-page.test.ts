import { existsSync } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { beforeAll, expect, test } from "vitest";
import { siteOfFile } from "./support/app.ts";

const browser = "/usr/bin/chromium";
/** What the page's own code uses; these tests are compiled without a browser's types. */
declare const window: Readonly<{
  scrollY: number;
  innerHeight: number;
  scrollBy(x: number, y: number): void;
  scrollTo(x: number, y: number): void;
  requestAnimationFrame(drawn: (at: number) => void): void;
}>;

const site = siteOfFile();
let origin: string;
beforeAll(async () => {
  await site.app.listen({ host: "127.0.0.1", port: 0 });
  const address = site.app.server.address();
  origin = `http://localhost:${typeof address === "object" && address ? address.port : 0}`;
});

const idsInSight = (page: Page): Promise<string[]> =>
  page.locator(".opblock").evaluateAll((blocks) => blocks.map(({ id }) => id));

/** Moves on by half a screen and lets it be drawn; whether the end was in sight before. */
const scrollOn = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const before = window.scrollY;
    window.scrollBy(0, window.innerHeight / 2);
    for (let frame = 0; frame < 3; frame++) await new Promise(window.requestAnimationFrame);
    return before === window.scrollY;
  });

test("the reference page shows every operation under its strict policy", {
  timeout: 120_000,
}, async ({ skip }) => {
  skip(!existsSync(browser), `${browser} is not installed`);
  const driver = await chromium.launch({
    executablePath: browser,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
  });
  try {
    const page = await (await driver.newContext({ locale: "en-US" })).newPage();
    page.setDefaultTimeout(100_000); // A busy machine is no failure.
    const troubles: string[] = [];
    const foreign: string[] = [];
    page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on(
      "request",
      (request) =>
        !request.url().startsWith(origin) &&
        !request.url().startsWith("data:") &&
        foreign.push(request.url()),
    );
    await page.goto(`${origin}/api/v1/docs`);
    await page.locator(".opblock").first().waitFor();
    const { paths } = (await site.inject({ url: "/api/v1/openapi.json" })).json();
    const operations = Object.values(paths as object[]).reduce(
      (sum, methods) => sum + Object.keys(methods).length,
      0,
    );
    const seen = new Set<string>();
    // The page holds only what is in sight, and draws it a little later: what was passed too quickly is met again.
    for (let round = 0; round < 8 && seen.size < operations; round++) {
      await page.evaluate(() => window.scrollTo(0, 0));
      for (let end = false; !end; ) {
        for (const id of await idsInSight(page)) seen.add(id);
        end = await scrollOn(page);
      }
    }
    expect(seen.size).toBe(operations);
    await page.evaluate(() => window.scrollTo(0, 0));
    await page.locator(".opblock-summary").first().click();
    await page.locator(".opblock-body").first().waitFor();
    expect(troubles).toEqual([]);
    expect(foreign).toEqual([]);

    await page.goto(`${origin}/api/v1/docs/errors#not-found`);
    await page.locator("#not-found").waitFor();
    expect(troubles).toEqual([]);
  } finally {
    await driver.close();
  }
});

test("the document is OpenAPI 3.1, its shapes have names, its operations say what they do", async () => {
  const document = (await site.inject({ url: "/api/v1/openapi.json" })).json();
  expect(document.openapi).toBe("3.1.0");
  for (const name of ["Problem", "Me", "Backtest", "Series", "Strategy", "DataTask"]) {
    expect(document.components.schemas, name).toHaveProperty(name);
  }
  for (const [path, methods] of Object.entries<
    Record<string, { summary?: string; responses: object }>
  >(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      expect(operation.summary, `${method} ${path}`).toMatch(/\w/);
      expect(JSON.stringify(operation.responses), `${method} ${path}`).toContain(
        "application/problem+json",
      );
    }
  }
});

test("pages of the API hold no inline script", async () => {
  for (const url of ["/api/v1/docs", "/api/v1/docs/errors"]) {
    const { body, headers } = await site.inject({ url });
    expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|\son\w+=/);
    expect(headers["content-security-policy"]).toMatch(/script-src 'self';/);
  }
});
