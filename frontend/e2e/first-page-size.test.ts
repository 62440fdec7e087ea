import { gzipSync } from "node:zlib";
import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { newPage, signedIn } = visitor();

const maxBytes = 130_000;
/** Comes after the first paint: the chart, and the engine in its worker. */
const isLater = (url: string) => /chart|worker/.test(url);

test("the sign-in page brings at most 130 kB of script", async () => {
  const page = await newPage();
  const scripts = new Map<string, number>();
  page.on("response", async (response) => {
    if (response.url().endsWith(".js"))
      scripts.set(response.url(), gzipSync(await response.body()).length);
  });
  await page.goto("/#/sign-in");
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.waitForTimeout(300);
  expect(sum(scripts)).toBeLessThanOrEqual(maxBytes);
});

test("the workbench brings at most 130 kB of script beside the chart", async () => {
  const page = await signedIn();
  const scripts = new Map<string, number>();
  page.on("response", async (response) => {
    const url = response.url();
    if (url.endsWith(".js") && !isLater(url))
      scripts.set(url, gzipSync(await response.body()).length);
  });
  await page.reload();
  await page.locator("canvas").first().waitFor();
  await page.waitForTimeout(300);
  expect(scripts.size).toBeGreaterThan(3);
  expect(sum(scripts)).toBeLessThanOrEqual(maxBytes);
});

const sum = (scripts: ReadonlyMap<string, number>) =>
  [...scripts.values()].reduce((total, bytes) => total + bytes, 0);
