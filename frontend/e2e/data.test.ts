import { expect } from "vitest";
import { browserTest as test, visitor } from "./support/visitor.ts";

const { signedIn } = visitor();

const hour = 3_600_000;
const start = Date.UTC(2024, 0, 1);

/** An hourly file in which the named lines are wrong. */
function candleFile(rows: number, wrong: Readonly<Record<number, string>> = {}): Buffer {
  const lines = ["time,open,high,low,close,volume"];
  for (let row = 0; row < rows; row += 1) {
    const price = 100 + Math.sin(row / 7) * 10;
    const good = [start + row * hour, price, price + 1, price - 1, price + 0.5, 10].join(",");
    lines.push(wrong[row + 2] ?? good);
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

test("a whole file becomes a private series with a certificate", async () => {
  const page = await signedIn();
  await page.getByRole("link", { name: "Data" }).click();
  await page.getByRole("button", { name: "Upload" }).click();
  const dialog = page.getByRole("dialog", { name: "Upload candles" });
  await dialog
    .locator("input[type=file]")
    .setInputFiles({ name: "ABC_USDT-1h.csv", mimeType: "text/csv", buffer: candleFile(500) });
  expect(await dialog.getByLabel("Market").inputValue()).toBe("ABC/USDT");
  await dialog.getByRole("button", { name: /^Upload \d/ }).click();
  await dialog.getByText("500 candles are stored.").waitFor();
  await dialog.getByRole("button", { name: "Look at the series" }).click();
  const panel = page.getByRole("complementary", { name: "Data certificate" });
  await panel.getByText("No gaps, no impossible candles, no jumps.").waitFor();
  await panel.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete series" }).click();
  await page.getByText("was deleted").waitFor();
});

test("a file with bad lines is refused whole, then imported without them", async () => {
  const page = await signedIn();
  await page.goto("/#/data?add=upload");
  const dialog = page.getByRole("dialog", { name: "Upload candles" });
  const wrong = {
    12: `${start + 10 * hour},100,97,98,101,5`,
    40: `${start + 38 * hour},100,101,99,NaN,5`,
  };
  await dialog.locator("input[type=file]").setInputFiles({
    name: "BAD_USDT-1h.csv",
    mimeType: "text/csv",
    buffer: candleFile(100, wrong),
  });
  await dialog.getByRole("button", { name: /^Upload \d/ }).click();
  const problem = dialog.getByRole("alert");
  await problem.getByText("bad-lines").waitFor();
  await problem.getByText("line 12", { exact: true }).waitFor();
  await problem.getByText("line 40", { exact: true }).waitFor();
  await problem.getByRole("button", { name: "Import without the bad lines" }).click();
  await dialog.getByText("98 candles are stored.").waitFor();
  await dialog.getByText("2 lines were left out").waitFor();
});

test("the keyboard alone opens a series and closes it", async () => {
  const page = await signedIn();
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.getByRole("grid", { name: "Data" }).getByText("BTC/USDT").first().waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Data certificate" });
  await panel.waitFor();
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
});
