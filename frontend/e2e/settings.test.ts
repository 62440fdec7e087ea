import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();

test("the look and the time zone follow the user to another browser", async () => {
  const page = await signedIn("operator");
  await page.getByRole("link", { name: "Settings" }).click();
  const saved = page.waitForResponse((response) => response.url().endsWith("/users/me/settings"));
  await page.getByRole("button", { name: "Light" }).click();
  await page.getByRole("button", { name: "Blue and orange" }).click();
  await page.getByRole("button", { name: /Europe\/Berlin/ }).click();
  await saved;
  expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");

  const other = await signedIn("operator");
  await other
    .getByRole("banner")
    .getByText(/GMT\+\d/)
    .waitFor();
  await other.waitForFunction(
    () =>
      document.documentElement.dataset.theme === "light" &&
      document.documentElement.dataset.colours === "blue-orange",
  );
});

test("the command palette finds a market and goes to a page", async () => {
  const page = await signedIn();
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Search and commands" });
  await palette.getByRole("combobox").fill("ETH");
  await palette
    .getByRole("option", { name: /ETH\/USDT/ })
    .first()
    .waitFor();
  await palette.getByRole("combobox").fill("strategies");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Strategies" }).waitFor();
  await page.getByRole("grid").getByText("SMA crossover").click();
  await page.getByRole("link", { name: "Open in workbench" }).click();
  await page.waitForURL(/#\/workbench\?strategy=sma-crossover/);
});

test("a page whose code could not be fetched comes with the next visit", async () => {
  const page = await signedIn();
  const code = "**/assets/strategies-page-*.js";
  await page.route(code, (route) => route.abort());
  const document = (url: URL) => url.pathname === "/";
  await page.route(document, (route) => route.abort());
  await page.goto("/#/strategies");
  await page.getByRole("alert").getByText("page-not-loaded").waitFor();
  await page.unroute(code);
  await page.unroute(document);
  await page.getByRole("link", { name: "Data" }).click();
  await page.getByRole("grid", { name: "Data" }).waitFor();
  await page.getByRole("link", { name: "Strategies" }).click();
  await page.getByRole("grid").getByText("SMA crossover").waitFor();
});
