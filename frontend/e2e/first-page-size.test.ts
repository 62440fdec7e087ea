import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

const maxBytes = 130_000;
/** Comes after the first paint: the chart, and the engine, in a worker of its own. */
const isLater = (url: string) => /chart|worker/.test(url);

test("the sign-in page brings at most 130 kB of script", async () => {
  const page = await newPage();
  await page.goto("/#/sign-in");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await scriptBytes(page)).toBeLessThanOrEqual(maxBytes);
});

test("the workbench brings at most 130 kB of script beside the chart", async () => {
  const page = await signedIn();
  await page.reload(); // So that nothing of the page behind the link is counted.
  await page.locator("canvas").first().waitFor();
  expect(await scriptBytes(page)).toBeLessThanOrEqual(maxBytes);
});

/** All scripts that a page has asked for, compressed. */
async function scriptBytes(page: Page): Promise<number> {
  await page.waitForTimeout(300);
  const urls = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  const scripts = urls.filter((url) => url.endsWith(".js") && !isLater(url));
  expect(scripts.length).toBeGreaterThan(3);
  const bodies = await Promise.all(
    scripts.map(
      async (url) => gzipSync(new Uint8Array(await (await fetch(url)).arrayBuffer())).length,
    ),
  );
  return bodies.reduce((total, bytes) => total + bytes, 0);
}
